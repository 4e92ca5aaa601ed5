"""Who is asking is known by our own cookie, whatever else a browser or a clock says."""

from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import Engine

from models.store.accounts import sessions
from models.store.accounts.sessions import Limits, sessions_of
from models.store.accounts.staff import change_account
from models.store.engine.errors import BusyError
from tests.support.builders import BY, NOW
from tests.support.way_in import HOST, PASSWORD, WayIn, ready_account

OF_OTHERS = [
    'theme={"a": 1}',
    'unfinished="',
    "a/b=1",
    "a[b]=1",
    "flag",
    "path=/x",
    "expires=Thu",
    "version=3",
    "several words=a b c",
    "ü=1",
    "=",
]
"""Cookies a host's other programs set, and a reader of cookies as they should be written gives up on."""


@pytest.mark.parametrize("other", OF_OTHERS)
def test_no_other_programs_cookie_keeps_anybody_out(inside: WayIn, other: str) -> None:
    mine = f"seventy={inside.browser.cookies['seventy']}"
    inside.browser.cookies.clear()
    for sent in (f"{other}; {mine}", f"{mine}; {other}"):
        cookie = {b"cookie": sent.encode()}
        assert inside.browser.get("/", headers={b"accept": b"text/html", **cookie}).status_code == 200
        headers = {b"origin": inside.origin.encode(), **cookie}
        with inside.browser.websocket_connect(f"ws://{HOST}/_stcore/stream", headers=headers) as socket:
            assert socket.receive_text()


def test_a_clock_that_is_set_back_keeps_no_disabled_account_in(inside: WayIn, sqlite_engine: Engine) -> None:
    assert inside.page("/").status_code == 200
    inside.clock.forward(hours=-1)
    change_account(sqlite_engine, "ada", by=BY, at=NOW, active=False)
    assert inside.page("/").status_code == 303


def test_a_clock_that_is_set_back_lengthens_no_proof(inside: WayIn) -> None:
    (session,) = sessions_of(inside.engine, 1, at=NOW, limits=Limits())
    assert inside.visits.is_proved(session)
    inside.clock.forward(minutes=-1)
    assert not inside.visits.is_proved(session)


def bo_signs_in(inside: WayIn) -> Any:
    """A form that was open before Ada signed in, filled in by the next person."""
    ready_account(inside.engine, "bo")
    adas = inside.browser.cookies["seventy"]
    inside.browser.cookies.delete("seventy")
    form = inside.page("/login").text.partition('name="form_key" value="')[2].partition('"')[0]
    inside.browser.cookies.set("seventy", adas, domain=HOST.partition(":")[0])
    fields = {"form_key": form, "username": "bo", "password": PASSWORD, "code": inside.code()}
    return inside.browser.post("/login", data=fields, headers={"origin": inside.origin})


def test_whoever_signs_in_where_somebody_is_ends_that_session(inside: WayIn, sqlite_engine: Engine) -> None:
    adas = inside.browser.cookies["seventy"]
    assert bo_signs_in(inside).headers["location"] == "/"
    assert inside.gets("/", adas) == 303
    assert sessions_of(sqlite_engine, 1, at=NOW, limits=Limits()) == []
    assert len(sessions_of(sqlite_engine, 2, at=NOW, limits=Limits())) == 1


def test_whoever_signs_in_is_in_also_where_the_record_is_busy_when_the_session_before_ends(
    inside: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    adas = inside.browser.cookies["seventy"]
    monkeypatch.setattr(sessions, "end_session", Mock(side_effect=BusyError))
    answered = bo_signs_in(inside)
    assert (answered.status_code, answered.headers["location"]) == (303, "/")
    assert inside.gets("/", answered.cookies["seventy"]) == 200
    assert inside.gets("/", adas) == 303


def test_a_sign_in_that_is_refused_ends_nobodys_session(inside: WayIn) -> None:
    adas, mine = inside.browser.cookies["seventy"], {"origin": inside.origin}
    key = {"form_key": inside.browser.cookies["seventy_form"]}
    assert inside.browser.post("/login", data={**key, "username": "bo"}, headers=mine).status_code == 401
    assert inside.gets("/", adas) == 200
