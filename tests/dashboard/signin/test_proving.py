"""Proving anew who one is: the page of it, what it refuses, what it leaves behind, and where it leads."""

import pytest
from sqlalchemy import Engine
from starlette.websockets import WebSocketDisconnect

from dashboard.signin.door import NOT_PROVED
from dashboard.signin.places import PROVE, own_place, way_to_prove
from dashboard.signin.socket import SESSION_ENDED
from models.access.tokens import new_token, token_hash
from models.store.accounts.sessions import Limits, Session, session_opened_with
from models.store.trail.audit_check import verify
from models.store.trail.entries import entries
from tests.support.builders import NOW
from tests.support.way_in import PASSWORD, WayIn, ready_account

TAB = "0123456789abcdef0123456789abcdef"
BACK = f"/patient?tab={TAB}"


@pytest.fixture(name="ada")
def _ada(sqlite_engine: Engine) -> WayIn:
    """A clinician who signed in ten minutes ago."""
    ready_account(sqlite_engine)
    way = WayIn(sqlite_engine)
    assert way.sign_in().status_code == 303
    way.clock.forward(minutes=10)
    return way


def session(way: WayIn) -> Session:
    hashed = token_hash(way.browser.cookies["seventy"])
    found = session_opened_with(way.engine, hashed, at=way.clock(), limits=Limits())
    assert found is not None
    return found


def last(way: WayIn) -> tuple[str, str, str | None]:
    newest = entries(way.engine)[0]
    return newest.by, newest.action, newest.address


def prove(way: WayIn, password: str = PASSWORD, code: str | None = None) -> tuple[int, str, str]:
    answered = way.post(way_to_prove(BACK), password=password, code=way.code() if code is None else code)
    return answered.status_code, answered.headers.get("location", ""), answered.text


def test_signing_in_is_a_proof_and_a_later_one_takes_its_place(ada: WayIn) -> None:
    assert session(ada).proved_at == NOW
    assert prove(ada) == (303, BACK, "")
    assert (session(ada).proved_at, session(ada).created_at) == (ada.clock(), NOW)
    assert last(ada) == ("ada", "prove again", "testclient")


def test_a_proof_gives_this_browser_another_cookie_and_the_old_one_is_dead_at_once(ada: WayIn) -> None:
    before, old = session(ada), ada.browser.cookies["seventy"]
    assert ada.gets("/claim", old) == 200
    prove(ada)
    assert ada.browser.cookies["seventy"] != old
    assert len(ada.browser.cookies["seventy"]) == len(old) == len(new_token())
    assert (ada.gets("/claim", old), ada.gets("/signin/alive", old)) == (303, 401)
    with pytest.raises(WebSocketDisconnect), ada.socket(cookie=f"seventy={old}"):
        pass
    assert ada.page("/claim").status_code == 200
    assert (session(ada).id, session(ada).created_at) == (before.id, before.created_at)
    assert verify(ada.engine).findings == []


def test_a_socket_of_the_old_cookie_closes_and_comes_back_as_the_same_session_with_the_new_one(
    ada: WayIn,
) -> None:
    with ada.socket() as socket:
        told = socket.receive_text()
        prove(ada)
        ada.clock.forward(seconds=2)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == SESSION_ENDED
    with ada.socket() as socket:
        assert socket.receive_text() == told


def test_a_refused_proof_changes_no_cookie(ada: WayIn) -> None:
    old = ada.browser.cookies["seventy"]
    prove(ada, "another wide river")
    assert ada.browser.cookies["seventy"] == old
    assert ada.page("/claim").status_code == 200


def test_the_account_lists_a_renewed_session_once_and_as_this_browser(ada: WayIn) -> None:
    prove(ada)
    page = ada.page("/account").text
    assert page.count("This browser") == 1
    assert 'name="which"' not in page.partition("This browser")[2].partition("</li>")[0]


def test_the_page_says_whose_password_it_asks_and_leads_back_without_it(ada: WayIn) -> None:
    page = ada.page(way_to_prove(BACK))
    assert page.status_code == 200
    assert "Password of ada" in page.text
    assert "For the next 10 minutes nothing asks for it." in page.text
    assert f'<a href="{BACK}">Back without it</a>' in page.text


@pytest.mark.parametrize(
    ("password", "code"), [("another wide river", None), (PASSWORD, "000000"), ("", ""), (PASSWORD, "")]
)
def test_what_is_wrong_proves_nothing_and_is_told_to_the_trail(
    ada: WayIn, password: str, code: str | None
) -> None:
    status, _, page = prove(ada, password, code)
    assert (status, NOT_PROVED in page) == (401, True)
    assert session(ada).proved_at == NOW
    assert last(ada) == ("ada", "refuse proof", "testclient")


def test_a_code_proves_once(ada: WayIn) -> None:
    code = ada.code()
    assert prove(ada, code=code)[0] == 303
    assert prove(ada, code=code)[0] == 401


def test_guessing_is_as_slow_as_at_the_door_and_slows_the_door_too(ada: WayIn) -> None:
    for _ in range(5):
        assert prove(ada, password="a guess of mine")[0] == 401
    answered = ada.post(way_to_prove(BACK), password=PASSWORD, code=ada.code())
    assert (answered.status_code, answered.headers["retry-after"]) == (429, "1")
    ada.browser.cookies.clear()
    assert ada.sign_in().status_code == 429


def test_a_form_this_browser_was_not_sent_proves_nothing(ada: WayIn) -> None:
    fields = {"password": PASSWORD, "code": ada.code(), "form_key": "made up"}
    answered = ada.browser.post(PROVE, data=fields, headers={"origin": ada.origin})
    assert answered.status_code == 403
    assert session(ada).proved_at == NOW
    assert ada.browser.post(PROVE, data=fields, headers={"origin": "http://evil.example"}).status_code == 403


def test_nobody_proves_anything_without_a_session(ada: WayIn) -> None:
    ada.browser.cookies.clear()
    assert ada.page(PROVE).headers["location"] == "/login"
    assert ada.browser.post(PROVE, headers={"origin": ada.origin}).status_code == 401


def test_the_demo_has_nothing_to_ask_for_and_says_so(sqlite_engine: Engine) -> None:
    way = WayIn(sqlite_engine, visitor=ready_account(sqlite_engine, "demo").id)
    way.page("/claim")
    way.clock.forward(minutes=10)
    page = way.page(way_to_prove(BACK)).text
    assert "Only this demo asks for nothing here." in page
    assert "password" not in page.partition("<form")[2]
    answered = way.post(way_to_prove(BACK))
    assert (answered.status_code, answered.headers["location"]) == (303, BACK)
    assert (session(way).proved_at, session(way).proved_by) == (way.clock(), "demo")


@pytest.mark.parametrize("place", ["/", "/claim", "/every-way-to-count", BACK])
def test_it_leads_back_to_a_page_of_ours(place: str) -> None:
    assert own_place(place) == place


@pytest.mark.parametrize(
    "place",
    [
        None,
        "",
        "claim",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/claim?tab=1",
        "/claim?patient=17",
        f"{BACK}&x=1",
        "/claim\n",
        "/logout/../x",
    ],
)
def test_it_leads_nowhere_else(place: str | None) -> None:
    assert own_place(place) == "/"
