"""A file leaves to the session it is held for, and to nobody else, whoever asks and however."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import streamlit as st
from sqlalchemy import Engine

from dashboard import data, door
from dashboard.shelf import MOST, PATH, File, Held, Shelf, Taken
from dashboard.signin import files
from models.access.roles import RULES, Right, Role, may
from models.access.tokens import token_hash
from models.scales import all_scales
from models.store.accounts.sessions import Limits, break_glass, open_session, session_opened_with, touch
from models.store.accounts.staff import StaffAccount, change_account
from models.store.audit.events import Event
from models.store.trail.entries import entries
from tests.support.builders import BY, NOW
from tests.support.way_in import WayIn, ready_account

LIST = b"number,name\r\n1043,Ruth Adler\r\n"
LASTS = timedelta(minutes=15)


@pytest.fixture(name="ada")
def _ada(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[WayIn]:
    """A clinician, signed in, and a record that is shown."""
    yield signed_in(sqlite_engine, monkeypatch, ready_account(sqlite_engine))
    st.cache_resource.clear()


def signed_in(engine: Engine, monkeypatch: pytest.MonkeyPatch, account: StaffAccount) -> WayIn:
    way = WayIn(engine)
    monkeypatch.setattr(data, "now", way.clock)
    monkeypatch.setattr(door._Door, "engine", None)
    door.open_door(engine, all_scales())
    token = open_session(engine, account.id, proved_by="test", address="::1", browser="b", at=NOW)
    way.browser.cookies.set("seventy", token)
    return way


def own_session(way: WayIn) -> str:
    hashed = token_hash(way.browser.cookies["seventy"])
    found = session_opened_with(way.engine, hashed, at=way.clock(), limits=Limits())
    assert found is not None
    return found.id


def held(way: WayIn, *rights: Right, content: bytes = LIST) -> str:
    """The address of a file held for this browser."""
    made = Taken(content, Event("export", "list of courses", detail={"courses": 1}))
    file = File("Kurse ä.csv", "text/csv", lambda: made, rights or (Right.PATIENTS,))
    return f"{PATH}/{put(way, file)}"


def put(way: WayIn, file: File) -> str:
    now = way.clock()
    held = Held(file, own_session(way), "roll", "/claim", Role.CLINICIAN, until=now + LASTS)
    return way.shelf.hold(held, at=now)


def taken(engine: Engine) -> list[str | None]:
    return [entry.subject for entry in entries(engine) if entry.action == "export"]


def test_it_arrives_as_a_file_and_the_trail_says_who_took_what_from_where(ada: WayIn) -> None:
    address = held(ada)
    assert taken(ada.engine) == []
    answered = ada.page(address)
    assert (answered.status_code, answered.content) == (200, LIST)
    assert answered.headers["content-disposition"] == "attachment; filename*=UTF-8''Kurse%20%C3%A4.csv"
    assert answered.headers["content-type"] == "text/csv; charset=utf-8"
    assert answered.headers["cache-control"] == "no-store"
    assert answered.headers["x-content-type-options"] == "nosniff"
    (event,) = [entry for entry in entries(ada.engine) if entry.action == "export"]
    assert (event.by, event.subject, event.address) == ("ada", "list of courses", "testclient")
    assert event.at == NOW


def test_every_taking_is_an_event(ada: WayIn) -> None:
    address = held(ada)
    assert [ada.page(address).status_code for _ in range(3)] == [200] * 3
    assert len(taken(ada.engine)) == 3


def test_nobody_elses_session_takes_it(ada: WayIn) -> None:
    ready_account(ada.engine, "bo")
    address = held(ada)
    ada.browser.cookies.clear()
    for path in (address, f"{PATH}/made-up"):
        assert ada.browser.get(path).status_code == 401
        assert ada.page(path).headers["location"] == "/login"
    ada.sign_in("bo")
    for path in (address, f"{PATH}/made-up"):
        assert refused(ada, path) == (404, files.GONE)
    assert taken(ada.engine) == []


def refused(way: WayIn, path: str, **headers: str) -> tuple[int, str]:
    answered = way.page(path, **headers)
    assert LIST not in answered.content
    return answered.status_code, answered.text.partition("<p>")[2].partition("</p>")[0]


def test_another_login_of_the_same_person_takes_it_neither(ada: WayIn) -> None:
    address, mine = held(ada), ada.browser.cookies["seventy"]
    ada.browser.cookies.clear()
    ada.clock.forward(minutes=1)
    assert ada.sign_in().status_code == 303
    assert refused(ada, address) == (404, files.GONE)
    ada.browser.cookies.clear()
    ada.browser.cookies.set("seventy", mine)
    assert ada.page(address).status_code == 200


def test_its_time_is_up(ada: WayIn) -> None:
    address = held(ada)
    ada.clock.forward(minutes=14)
    touch(ada.engine, own_session(ada), at=ada.clock())
    assert ada.page(address).status_code == 200
    ada.clock.forward(minutes=1)
    assert refused(ada, address) == (404, files.GONE)


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-purpose": "prefetch"}])
def test_a_browser_that_does_it_by_itself_or_for_another_page_takes_nothing(
    ada: WayIn, headers: dict[str, str]
) -> None:
    address = held(ada)
    assert refused(ada, address, **headers) == (404, files.GONE)
    assert ada.browser.head(address).status_code == 404
    assert taken(ada.engine) == []


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_the_right_is_asked_for_once_more(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, role: Role, right: Right
) -> None:
    way = signed_in(sqlite_engine, monkeypatch, ready_account(sqlite_engine, role, role))
    assert (way.page(held(way, right)).status_code == 200) == may(role, right)
    st.cache_resource.clear()


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_ten_minutes_later_some_ask_for_a_proof_first(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, role: Role, right: Right
) -> None:
    way = signed_in(sqlite_engine, monkeypatch, ready_account(sqlite_engine, role, role))
    way.clock.forward(minutes=10)
    answered = way.page(held(way, right))
    if not may(role, right):
        assert answered.status_code == 404
    elif RULES[right].proof:
        assert (answered.status_code, answered.headers["location"]) == (303, "/account/prove?back=%2Fclaim")
        assert taken(sqlite_engine) == []
    else:
        assert answered.status_code == 200
    st.cache_resource.clear()


def test_all_rights_are_needed(ada: WayIn) -> None:
    assert ada.page(held(ada, Right.PATIENTS, Right.RATES)).status_code == 200
    assert refused(ada, held(ada, Right.PATIENTS, Right.QUESTION)) == (404, files.GONE)


def test_with_the_glass_it_ends(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = ready_account(sqlite_engine, "mo", Role.MANAGER)
    way = signed_in(sqlite_engine, monkeypatch, manager)
    session = own_session(way)
    _, token = break_glass(sqlite_engine, session, "somebody was taken ill", at=NOW)
    way.browser.cookies.set("seventy", token)
    address = held(way)
    assert way.page(address).status_code == 200
    for _ in range(5):
        way.clock.forward(minutes=12)
        touch(sqlite_engine, session, at=way.clock())
    assert refused(way, held(way)) == (404, files.GONE)
    st.cache_resource.clear()


def test_with_the_role_or_the_session_it_ends(ada: WayIn) -> None:
    address = held(ada)
    ada.browser.post("/logout", headers={"origin": ada.origin})
    assert ada.browser.get(address).status_code == 401
    ada.clock.forward(minutes=1)
    ada.browser.cookies.clear()
    ada.sign_in()
    address = held(ada)
    change_account(ada.engine, "ada", by=BY, at=ada.clock(), role=Role.MANAGER)
    ada.clock.forward(seconds=1)
    assert ada.browser.get(address).status_code == 401


def test_what_is_too_large_does_not_leave(ada: WayIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", len(LIST) - 1)
    assert refused(ada, held(ada)) == (413, files.TOO_LARGE)
    assert taken(ada.engine) == []


def test_a_fault_names_nobody(ada: WayIn, caplog: pytest.LogCaptureFixture) -> None:
    def made() -> Taken:
        raise ValueError("Ruth Adler")

    caplog.set_level(logging.ERROR, logger="seventy")
    answered = ada.page(f"{PATH}/{put(ada, File('a.csv', 'text/csv', made, (Right.PATIENTS,)))}")
    assert answered.status_code == 500
    assert "ValueError at test_files.py" in caplog.text
    assert "Adler" not in caplog.text + answered.text


def test_a_button_keeps_its_address_and_so_many_files_are_held(ada: WayIn) -> None:
    shelf, now = Shelf(), ada.clock()
    file = File("a.csv", "text/csv", lambda: Taken(LIST, Event("export")), (Right.RATES,))

    def hold(place: object, session: str = "mine") -> str:
        return shelf.hold(Held(file, session, str(place), "/claim", Role.CLINICIAN, now + LASTS), at=now)

    tokens = [hold(place) for place in range(MOST)]
    assert hold(0) == tokens[0]
    theirs, newest = hold("theirs", "theirs"), hold(MOST)
    kept = [token for token in (*tokens, newest) if shelf.find(token, "mine", at=now)]
    assert len(kept) == MOST
    assert tokens[1] not in kept
    assert shelf.find(theirs, "theirs", at=now)
    assert min(map(len, tokens)) == 43
    assert shelf.find(newest, "mine", at=now + LASTS) is None
