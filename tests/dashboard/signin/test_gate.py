"""The gate: only our own page, from our own address, with a session that is open."""

import pytest
from sqlalchemy import Engine
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.signin.address import Address
from dashboard.signin.plain import ASSETS
from dashboard.signin.socket import PASSED, SESSION_ENDED, is_deed
from models.access.tokens import token_hash
from models.store.accounts.sessions import end_sessions_of
from models.store.accounts.staff import change_account
from tests.support.builders import BY, NOW
from tests.support.way_in import HOST, ORIGIN, WayIn, ready_account

STREAMLITS = [
    "/_stcore/health",
    "/_stcore/metrics",
    "/_stcore/host-config",
    "/_stcore/agent/openapi.json",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/x/y",
    "/media/0123456789abcdef.csv",
    "/component/x/index.html",
    "/app/static/x",
    "/static/js/index.js",
    "/auth/login",
    "/oauth2callback",
    "/anything",
]


def rerun(*, by_itself: bool) -> bytes:
    message = BackMsg()
    message.rerun_script.is_auto_rerun = by_itself
    message.rerun_script.query_string = ""
    return bytes(message.SerializeToString())


def test_nobody_reads_a_page_before_signing_in(outside: WayIn) -> None:
    answered = outside.page("/")
    assert (answered.status_code, answered.headers["location"], answered.text) == (303, "/login", "")


@pytest.mark.parametrize("path", STREAMLITS)
def test_nothing_of_the_app_answers_without_a_session(outside: WayIn, path: str) -> None:
    answered = outside.browser.get(path)
    assert answered.status_code == 401
    assert "the app" not in answered.text


def test_the_socket_opens_for_nobody_without_a_session(outside: WayIn) -> None:
    with pytest.raises(WebSocketDisconnect), outside.socket():
        pass


@pytest.mark.parametrize(
    "path", ["/login", "/healthz", *(f"/signin/{each.name}" for each in ASSETS.iterdir())]
)
def test_the_way_in_answers_everybody(outside: WayIn, path: str) -> None:
    assert outside.browser.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/login/x",
        "/setup/a/b",
        "/healthz/",
        "/loginx",
        "/signin/a/b",
        "/signin/..%2froutes.py",
        "/signin/nothing.css",
        "/signin/templates",
        "/signin/%00",
        pytest.param(f"/signin/{'a' * 300}", id="longer than a file's name"),
    ],
)
def test_nothing_but_our_own_style_and_script_is_served(outside: WayIn, path: str) -> None:
    assert outside.browser.get(path).status_code == 404


def test_somebody_signed_in_reads_the_app_with_our_script_in_it(inside: WayIn) -> None:
    answered = inside.page("/")
    assert "the app /" in answered.text
    assert '<head><script src="/signin/page.js"></script>' in answered.text
    assert int(answered.headers["content-length"]) == len(answered.content)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:9999", f"{HOST}.evil.example", ""])
def test_a_page_asked_of_another_host_is_refused(inside: WayIn, host: str) -> None:
    assert inside.page("/", host=host).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:9999", f"https://{HOST}", "null", ""]
)
def test_a_socket_opens_for_our_own_origin_only(inside: WayIn, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), inside.socket(origin=origin):
        pass
    with inside.socket():
        pass


NAMES = ["127.0.0.1:8501", "localhost:8501"]


@pytest.mark.parametrize(("host", "other"), [NAMES, NAMES[::-1]])
def test_each_name_of_this_machine_is_an_origin_of_its_own(
    sqlite_engine: Engine, host: str, other: str
) -> None:
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine)
    way.origin = way.browser.base_url = f"http://{host}"
    way.sign_in()
    assert "the app /" in way.page("/").text
    with way.socket():
        pass
    with pytest.raises(WebSocketDisconnect), way.socket(origin=f"http://{other}"):
        pass
    assert way.page("/", origin=f"http://{other}").status_code == 403
    way.origin = f"http://{other}"
    assert way.post("/logout").status_code == 403
    assert way.page("/").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_written_by_request(inside: WayIn, method: str) -> None:
    assert inside.browser.request(method, "/", headers={"origin": ORIGIN}).status_code == 403


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/upload_file/a"]
)
def test_what_tells_of_the_process_is_told_nobody(inside: WayIn, path: str) -> None:
    assert inside.browser.get(path).status_code == 403


def test_who_is_asking_is_said_by_the_gate_alone(inside: WayIn) -> None:
    forged = {"X-Seventy-Session": "f" * 64, "x-seventy-role": "administrator"}
    with inside.socket(**forged) as socket:
        told = socket.receive_text()
    assert told == token_hash(inside.browser.cookies["seventy"])
    assert "f" * 64 not in inside.page("/", **forged).text


def test_another_logins_cookie_is_another_session(inside: WayIn, sqlite_engine: Engine) -> None:
    ready_account(sqlite_engine, "bo")
    other = WayIn(sqlite_engine)
    other.sign_in("bo")
    with inside.socket() as mine, other.socket() as theirs:
        assert mine.receive_text() != theirs.receive_text()


def test_a_disabled_accounts_open_page_closes(inside: WayIn, sqlite_engine: Engine) -> None:
    ready_account(sqlite_engine, "bo")
    with inside.socket() as socket:
        socket.receive_text()
        change_account(sqlite_engine, "ada", by=BY, at=NOW, active=False)
        inside.clock.forward(seconds=2)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == SESSION_ENDED
    assert inside.page("/").status_code == 303


def test_what_is_done_after_the_end_is_not_passed_on(inside: WayIn, sqlite_engine: Engine) -> None:
    with inside.socket() as socket:
        socket.receive_text()
        end_sessions_of(sqlite_engine, 1, at=NOW)
        inside.clock.forward(seconds=2)
        socket.send_bytes(rerun(by_itself=False))
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()


def test_the_pages_own_traffic_keeps_nobody_signed_in(inside: WayIn) -> None:
    with inside.socket() as socket:
        socket.receive_text()
        for _ in range(4):
            inside.clock.forward(minutes=4)
            socket.send_bytes(rerun(by_itself=True))
            inside.browser.get("/signin/alive")
    assert inside.page("/").status_code == 303


def test_what_a_person_does_keeps_them_signed_in(inside: WayIn) -> None:
    with inside.socket() as socket:
        socket.receive_text()
        socket.send_bytes(rerun(by_itself=False))  # which draws the page
        assert socket.receive_text() == "ran"
        for _ in range(6):
            inside.clock.forward(minutes=10)
            socket.send_bytes(rerun(by_itself=False))
            assert socket.receive_text() == "ran"
    assert inside.page("/").status_code == 200


def test_what_a_person_does_is_told_from_what_a_page_does() -> None:
    assert is_deed({"type": "websocket.receive", "bytes": rerun(by_itself=False)})
    assert not is_deed({"type": "websocket.receive", "bytes": rerun(by_itself=True)})
    assert not is_deed({"type": "websocket.receive", "bytes": b"\xff\xff not a message"})
    assert not is_deed({"type": "websocket.receive", "text": "hello"})
    assert not is_deed({"type": "websocket.disconnect"})


@pytest.mark.parametrize("asked", sorted(set(BackMsg.DESCRIPTOR.fields_by_name) - {*PASSED}))
def test_what_no_page_asks_for_does_not_reach_the_app(
    inside: WayIn, sqlite_engine: Engine, asked: str
) -> None:
    message = BackMsg()
    if BackMsg.DESCRIPTOR.fields_by_name[asked].message_type is None:
        setattr(message, asked, True)
    else:
        getattr(message, asked).SetInParent()
    with inside.socket() as socket:
        socket.receive_text()
        socket.send_bytes(message.SerializeToString())
        socket.send_bytes(rerun(by_itself=False))
        assert socket.receive_text() == "ran"
        end_sessions_of(sqlite_engine, 1, at=NOW)
        inside.clock.forward(seconds=2)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()


def test_a_page_may_ask_where_a_chosen_file_is_sent_to(inside: WayIn) -> None:
    message = BackMsg()
    message.file_urls_request.file_names.append("scores.csv")
    with inside.socket() as socket:
        socket.receive_text()
        socket.send_bytes(message.SerializeToString())
        assert socket.receive_text() == "ran"


def test_how_long_is_left_is_told_and_asking_does_not_lengthen_it(inside: WayIn) -> None:
    inside.clock.forward(minutes=10)
    assert inside.browser.get("/signin/alive").json() == {"left": 300}
    inside.clock.forward(minutes=5)
    answered = inside.browser.get("/signin/alive")
    assert (answered.status_code, answered.json()) == (401, {"left": 0})


def test_behind_a_proxy_cookies_are_for_that_host_alone_and_never_sent_in_the_clear(
    sqlite_engine: Engine,
) -> None:
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine, address=Address.behind("https://seventy.clinic.example"))
    signed_in = way.sign_in()
    cookie = next(each for each in signed_in.headers.get_list("set-cookie") if "__Host-seventy=" in each)
    for attribute in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert way.page("/").headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "origin",
    [
        *("http://clinic.example", "https://", "https://clinic.example/here", "clinic"),
        *("https://ada:pw@clinic.example", "https://clinic.example?a", "https://clinic.example#a"),
        *("https://clinic.example:65536", "https://clinic example", "https://clinic.example\n"),
    ],
)
def test_a_proxy_is_named_by_an_https_address_alone(origin: str) -> None:
    with pytest.raises(ValueError, match="must be an https address without a path"):
        Address.behind(origin)


def test_a_proxys_address_is_in_small_letters_as_browsers_send_it() -> None:
    address = Address.behind("HTTPS://Seventy.Clinic.example:8443/")
    assert address.hosts == {"seventy.clinic.example:8443"}
    ours = [(b"host", b"seventy.clinic.example:8443"), (b"origin", b"https://seventy.clinic.example:8443")]
    assert address.is_ours({"headers": ours}, origin_needed=True)
    assert not address.is_ours({"headers": [ours[0], (b"origin", b"http://seventy.clinic.example:8443")]})
    named_with_its_port = Address.behind("https://seventy.clinic.example:443")
    assert named_with_its_port.hosts == {"seventy.clinic.example"}  # as browsers send it


def test_the_demo_signs_its_visitor_in(sqlite_engine: Engine) -> None:
    account = ready_account(sqlite_engine, "demo")
    way = WayIn(sqlite_engine, visitor=account.id)
    answered = way.page("/claim")
    assert (answered.status_code, answered.headers["location"]) == (303, "/claim")
    assert "the app /claim" in way.page("/claim").text
    way.browser.cookies.clear()
    way.browser.cookies.set("seventy", "made up")
    assert way.browser.get("/anything").status_code == 401


@pytest.mark.parametrize("path", ["//other.example", "//other.example/claim", "/media/x"])
def test_the_demo_leads_its_visitor_to_no_other_server(sqlite_engine: Engine, path: str) -> None:
    way = WayIn(sqlite_engine, visitor=ready_account(sqlite_engine, "demo").id)
    answered = way.page(f"{way.origin}{path}")
    assert (answered.status_code, answered.headers["location"]) == (303, "/")
