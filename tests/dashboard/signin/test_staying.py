"""What keeps somebody signed in who has told the app nothing yet: keys pressed in their own page."""

from contextlib import suppress
from threading import Event
from unittest.mock import Mock

import pytest
from sqlalchemy import Engine
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from dashboard.signin import visits
from models.store.accounts.lasting import Lasting
from models.store.accounts.sessions import Limits
from models.store.accounts.staff import change_account
from models.store.engine.errors import BusyError, StoreError
from tests.support.builders import BY
from tests.support.way_in import ORIGIN, WayIn, ready_account

OURS = {"origin": ORIGIN}


def test_typing_keeps_the_session_it_is_done_in_signed_in_and_no_other(
    inside: WayIn, sqlite_engine: Engine
) -> None:
    ready_account(sqlite_engine, "bo")
    other = WayIn(sqlite_engine)
    other.sign_in("bo")
    for _ in range(3):
        inside.clock.forward(minutes=10)
        answered = inside.browser.post("/signin/doing", headers=OURS)
        assert (answered.status_code, answered.json()) == (200, {"left": 900})
    other.clock.now = inside.clock.now
    assert other.browser.post("/signin/doing", headers=OURS).status_code == 401
    assert other.page("/").status_code == 303


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_nothing_elsewhere_keeps_anybody_signed_in(inside: WayIn, origin: str | None) -> None:
    inside.clock.forward(minutes=10)
    headers = {} if origin is None else {"origin": origin}
    assert inside.browser.post("/signin/doing", headers=headers).status_code == 403
    assert inside.browser.get("/signin/doing").status_code in (404, 405)
    assert inside.browser.get("/signin/alive").json() == {"left": 300}


def test_a_record_that_is_busy_keeps_no_click_from_its_page(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = Event()

    def waits(*_: object, **__: object) -> None:
        assert free.wait(60)

    monkeypatch.setattr(visits, "touch", waits)
    inside.clock.forward(minutes=1)
    try:
        assert inside.browser.post("/signin/doing", headers=OURS).status_code == 200
    finally:
        free.set()


@pytest.mark.parametrize("why", [BusyError(), StoreError("The disk is full, nothing was saved.")])
def test_where_it_cannot_be_noted_that_somebody_does_something_the_page_goes_on(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch, why: StoreError
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise why

    monkeypatch.setattr(visits, "touch", fails)
    with inside.socket() as socket:
        socket.receive_text()
        inside.clock.forward(minutes=1)
        socket.send_bytes(BackMsg(rerun_script=ClientState()).SerializeToString())
        assert socket.receive_text() == "ran"
    assert inside.browser.post("/signin/doing", headers=OURS).json() == {"left": 900}


def works_unwritten(way: WayIn, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Somebody does something every ten minutes, while nothing can be written."""
    monkeypatch.setattr(visits, "touch", Mock(side_effect=BusyError))
    for _ in range(minutes // 10):
        way.clock.forward(minutes=10)
        assert way.browser.post("/signin/doing", headers=OURS).json() == {"left": 900}


def test_who_works_while_nothing_can_be_written_stays_signed_in(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    works_unwritten(inside, monkeypatch, 30)
    assert "This browser" in inside.page("/account").text
    assert inside.page("/").status_code == 200
    inside.clock.forward(minutes=14)
    assert inside.browser.get("/signin/alive").json() == {"left": 60}
    inside.clock.forward(minutes=1)
    assert inside.page("/").status_code == 303


def test_a_session_that_was_ended_stays_ended_whatever_was_done_in_it(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    works_unwritten(inside, monkeypatch, 30)
    change_account(inside.engine, "ada", by=BY, at=inside.clock.now, active=False)
    inside.clock.forward(seconds=1)
    assert inside.browser.post("/signin/doing", headers=OURS).status_code == 401
    change_account(inside.engine, "ada", by=BY, at=inside.clock.now, active=True)
    inside.clock.forward(seconds=1)
    assert inside.page("/").status_code == 303


def test_what_was_done_lengthens_no_working_day(inside: WayIn, monkeypatch: pytest.MonkeyPatch) -> None:
    works_unwritten(inside, monkeypatch, 11 * 60 + 50 - 10)
    inside.clock.forward(minutes=10)
    assert inside.browser.post("/signin/doing", headers=OURS).json() == {"left": 600}
    inside.clock.forward(minutes=10)
    assert inside.page("/").status_code == 303


def test_a_dashboard_started_anew_knows_only_what_was_written(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    works_unwritten(inside, monkeypatch, 20)
    inside.visits.lasting = Lasting(Limits(), inside.clock.ticks)
    inside.clock.forward(seconds=1)
    assert inside.page("/").status_code == 303


def test_the_page_to_sign_in_on_says_what_ended_the_session(inside: WayIn, sqlite_engine: Engine) -> None:
    def reason() -> str:
        return str(inside.page("/login?expired=1").text)

    inside.clock.forward(minutes=15)
    assert "because nothing was done for a while" in reason()
    inside.sign_in()
    change_account(sqlite_engine, "ada", by=BY, at=inside.clock.now, active=False)
    inside.clock.forward(minutes=20)
    assert "by an administrator" in reason()
    assert "nothing was done" not in reason()
    inside.browser.cookies.clear()
    assert "You are signed out." in reason()


def test_a_whole_days_session_ends_for_its_length(inside: WayIn) -> None:
    for _ in range(73):
        inside.browser.post("/signin/doing", headers=OURS)
        inside.clock.forward(minutes=10)
    assert "longer than a working day" in inside.page("/login?expired=1").text


def test_whoever_forgot_something_is_sent_to_a_person_not_to_a_shell(inside: WayIn) -> None:
    inside.browser.cookies.clear()
    page = inside.page("/login").text
    assert "An administrator makes you a new link, on the page People." in page
    assert "seventy user" not in page


def test_a_page_whose_socket_comes_back_by_itself_keeps_nobody_signed_in(inside: WayIn) -> None:
    """A network that fails now and then, or a server that is started anew, is nothing a person does."""
    drawn = BackMsg()
    drawn.rerun_script.query_string = ""
    for _ in range(4):
        inside.clock.forward(minutes=4)
        with suppress(WebSocketDisconnect), inside.socket() as socket:
            socket.receive_text()
            socket.send_bytes(drawn.SerializeToString())
            socket.receive_text()
    assert inside.page("/").status_code == 303


def test_going_to_a_page_keeps_somebody_signed_in_and_a_browser_that_looks_ahead_does_not(
    inside: WayIn,
) -> None:
    for _ in range(3):
        inside.clock.forward(minutes=10)
        assert inside.page("/claim").status_code == 200
    inside.clock.forward(minutes=10)
    assert inside.page("/claim", **{"sec-purpose": "prefetch"}).status_code == 200
    inside.clock.forward(minutes=5)
    assert inside.page("/claim").status_code == 303
