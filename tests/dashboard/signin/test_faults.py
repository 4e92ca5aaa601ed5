"""When the gate itself cannot do its work: nobody is let through, and nobody learns of whom it was about."""

import asyncio
import logging
import re
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.websockets import WebSocketDisconnect

from dashboard.signin.gate import GO_BACK, GO_BACK_UNSURE
from dashboard.signin.routes import OUT_UNTOLD
from models.store.accounts import sessions
from models.store.engine.errors import StoreError, UnsureError
from tests.dashboard.signin.conftest import Clinic
from tests.support.way_in import ORIGIN, WayIn

AWAY_PAGE = re.compile(
    r"<p>The record is busy, .* <code>seventy doctor</code> .* Reference [0-9A-F]{4}\.</p>"
)
REFERENCE = re.compile(r"This cannot be answered now\. Nothing was changed\. Reference ([0-9A-F]{4})\.")


def break_down(way_in: WayIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of the sessions fails, in words that name somebody."""

    def fails(*_: object) -> None:
        raise ValueError("Ruth Adler")

    monkeypatch.setattr(way_in.visits, "_look_up", fails)
    way_in.clock.forward(seconds=5)


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/media/x.csv", "/account", "/login"])
def test_a_fault_in_the_gate_lets_nobody_through_and_says_a_reference_alone(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    break_down(inside, monkeypatch)
    answered = inside.page(path)
    said = re.search(rf"<p>{REFERENCE.pattern}</p>", answered.text)
    assert (answered.status_code, answered.headers["cache-control"]) == (503, "no-store")
    assert answered.headers["content-security-policy"].startswith("default-src 'none'")
    assert said is not None
    assert f"{said[1]}: ValueError at test_faults.py" in caplog.text
    assert "Adler" not in caplog.text


def test_a_fault_in_the_gate_opens_no_socket(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_down(inside, monkeypatch)
    with pytest.raises(WebSocketDisconnect), inside.socket():
        pass
    assert "ValueError at" in caplog.text
    assert "Adler" not in caplog.text


def test_a_page_whose_session_can_no_longer_be_looked_up_is_closed(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside.socket() as socket:
        socket.receive_text()
        break_down(inside, monkeypatch)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()


def test_with_the_database_down_nobody_is_in_and_no_statement_is_shown(
    inside: WayIn, sqlite_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    with sqlite_engine.begin() as connection:
        connection.execute(text("ALTER TABLE auth_session RENAME TO lost"))
    inside.clock.forward(seconds=5)
    for answered in (inside.page("/"), inside.page("/account"), inside.page("/login")):
        assert answered.status_code == 503
        assert AWAY_PAGE.search(answered.text)
        assert "<h1>Not now</h1>" in answered.text
    part = inside.browser.get("/media/x.csv")
    assert part.headers["content-type"] == "text/plain; charset=utf-8"
    assert GO_BACK in part.text
    assert inside.page("/healthz").status_code == 200
    assert "SELECT" not in caplog.text


def signs_out(way: WayIn) -> Any:
    return way.browser.post("/logout", headers={"origin": ORIGIN})


def break_away(way: WayIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record cannot be reached."""

    def fails(*_: object) -> None:
        raise StoreError("The database does not answer any more.")

    monkeypatch.setattr(way.visits, "_look_up", fails)
    way.clock.forward(seconds=5)


def unsure(*_: object, **__: object) -> None:
    raise UnsureError


def test_who_signs_out_while_nothing_can_be_written_is_out_on_that_browser(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = inside.browser.cookies["seventy"]
    with inside.socket() as socket:
        socket.receive_text()
        monkeypatch.setattr(sessions, "end_session", unsure)
        answered = signs_out(inside)
        assert (answered.status_code, answered.text.startswith(OUT_UNTOLD)) == (200, True)
        assert answered.headers["clear-site-data"] == '"cache", "storage"'
        assert "seventy" not in inside.browser.cookies
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    monkeypatch.undo()
    inside.clock.forward(minutes=1)
    assert inside.gets("/", token) == 303
    assert inside.sign_in().status_code == 303


def test_who_signs_out_while_the_record_is_away_is_out_on_that_browser(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = inside.browser.cookies["seventy"]
    with monkeypatch.context() as patched:
        break_away(inside, patched)
        assert signs_out(inside).text.startswith(OUT_UNTOLD)
    assert "seventy" not in inside.browser.cookies
    assert inside.gets("/", token) == 303


def test_what_the_record_failed_at_the_end_of_is_not_called_a_save(
    outside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "open_session", unsure)
    answered = outside.sign_in()
    assert (answered.status_code, answered.text.startswith(GO_BACK_UNSURE)) == (503, True)


def test_nobody_waits_while_the_clinics_name_is_read_for_a_page(clinic: Clinic) -> None:
    on_the_loop: list[bool] = []

    def read() -> str:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            on_the_loop.append(False)
        else:
            on_the_loop.append(True)
        return "Harbour Ketamine"

    clinic.pages.clinic = read
    for path in ("/login", "/setup/x", "/login/x"):
        assert "Harbour Ketamine" in clinic.browser.get(path).text
    assert clinic.browser.get("/healthz").text == "ok"
    assert on_the_loop == [False] * 3
