"""Breaking the glass: the page of it, who may, what it refuses, and what it leaves behind."""

from collections.abc import Iterator

import pytest
import streamlit as st
from sqlalchemy import Engine
from starlette.websockets import WebSocketDisconnect

from dashboard import data, door, identity
from dashboard.signin.places import GLASS, way_to_break, way_to_prove
from dashboard.signin.socket import SESSION_ENDED
from models.access.roles import Right, Role
from models.access.tokens import token_hash
from models.scales import all_scales
from models.store.accounts.sessions import GLASS_LASTS, Limits, session_opened_with
from models.store.record import write
from models.store.trail.audit_check import verify
from models.store.trail.entries import entries
from models.store.trail.glass import elevations
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW
from tests.support.way_in import WayIn, ready_account

BACK = "/claim?tab=0123456789abcdef0123456789abcdef"
REASON = "somebody was taken ill"


@pytest.fixture(name="shown")
def _shown(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A record that is shown."""
    monkeypatch.setattr(data, "now", lambda: NOW)
    monkeypatch.setattr(door._Door, "engine", None)
    door.open_door(sqlite_engine, all_scales())
    yield sqlite_engine
    st.cache_resource.clear()


def signed_in(engine: Engine, role: Role, monkeypatch: pytest.MonkeyPatch) -> WayIn:
    ready_account(engine, role, role)
    way = WayIn(engine)
    monkeypatch.setattr(data, "now", way.clock)
    assert way.sign_in(role).status_code == 303
    return way


@pytest.fixture(name="mo")
def _mo(shown: Engine, monkeypatch: pytest.MonkeyPatch) -> WayIn:
    """A practice manager who has just signed in."""
    return signed_in(shown, Role.MANAGER, monkeypatch)


def sees_names(way: WayIn) -> bool:
    hashed = token_hash(way.browser.cookies["seventy"])
    session = session_opened_with(way.engine, hashed, at=way.clock(), limits=Limits())
    assert session is not None
    return identity.viewer_of(session.id, None).may(Right.PATIENTS)


def test_it_opens_names_for_an_hour_in_this_browser_with_another_cookie(mo: WayIn) -> None:
    old = mo.browser.cookies["seventy"]
    assert not sees_names(mo)
    answered = mo.post(way_to_break(BACK), reason=REASON)
    assert (answered.status_code, answered.headers["location"]) == (303, BACK)
    assert sees_names(mo)
    assert (mo.gets("/claim", old), mo.page("/claim").status_code) == (303, 200)
    (broken,) = elevations(mo.engine, since=NOW)
    assert (broken.username, broken.reason, broken.ends_at) == ("manager", REASON, NOW + GLASS_LASTS)
    told = entries(mo.engine)[0]
    assert (told.by, told.action, told.address) == ("manager", "break glass", "testclient")
    assert verify(mo.engine).findings == []


def test_whoever_is_signed_in_elsewhere_sees_no_names_by_it(mo: WayIn) -> None:
    """The other browser may be anybody's who has a copy of its cookie."""
    elsewhere = WayIn(mo.engine)
    mo.clock.forward(seconds=30)
    elsewhere.clock.now = mo.clock.now
    elsewhere.sign_in("manager")
    mo.post(way_to_break(BACK), reason=REASON)
    elsewhere.clock.forward(seconds=2)
    assert (elsewhere.page("/claim").status_code, mo.page("/claim").status_code) == (303, 200)
    assert verify(mo.engine).findings == []


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.AUDITOR])
def test_only_who_may_breaks_it(shown: Engine, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    way = signed_in(shown, role, monkeypatch)
    assert way.page(way_to_break(BACK)).status_code == 404
    assert way.post(way_to_break(BACK), reason=REASON).status_code == 404
    assert elevations(shown, since=NOW) == []


def test_a_proof_of_ten_minutes_ago_is_asked_for_first_and_leads_back_here(mo: WayIn) -> None:
    mo.clock.forward(minutes=10)
    for answered in (mo.page(way_to_break(BACK)), mo.post(way_to_break(BACK), reason=REASON)):
        assert answered.headers["location"] == way_to_prove(way_to_break(BACK))
    assert elevations(mo.engine, since=NOW) == []
    proved = mo.post(way_to_prove(way_to_break(BACK)), password="a wide river at night", code=mo.code())
    assert proved.headers["location"] == way_to_break(BACK)
    assert mo.post(way_to_break(BACK), reason=REASON).headers["location"] == BACK
    assert len(elevations(mo.engine, since=NOW)) == 1


@pytest.mark.parametrize("reason", ["", "too few", " " * 20])
def test_a_reason_too_short_is_refused_in_words_and_kept(mo: WayIn, reason: str) -> None:
    old = mo.browser.cookies["seventy"]
    answered = mo.post(way_to_break(BACK), reason=reason)
    assert answered.status_code == 400
    assert "10 characters or more" in answered.text
    assert f">{reason}</textarea>" in answered.text
    assert mo.browser.cookies["seventy"] == old
    assert elevations(mo.engine, since=NOW) == []


def test_a_form_this_browser_was_not_sent_breaks_nothing(mo: WayIn) -> None:
    fields = {"reason": REASON, "form_key": "made up"}
    address = way_to_break(BACK)
    assert mo.browser.post(address, data=fields, headers={"origin": mo.origin}).status_code == 403
    forged = {"origin": "http://evil.example"}
    assert mo.browser.post(address, data=fields, headers=forged).status_code == 403
    assert elevations(mo.engine, since=NOW) == []


@pytest.mark.parametrize("place", ["/", "/clinic", BACK])
def test_it_leads_back_to_where_somebody_was(mo: WayIn, place: str) -> None:
    assert f'<a href="{place}">Back without it</a>' in mo.page(way_to_break(place)).text


@pytest.mark.parametrize("place", ["//evil.example", "/claim?patient=17", "/claim?tab=1"])
def test_it_leads_nowhere_else(mo: WayIn, place: str) -> None:
    assert '<a href="/">Back without it</a>' in mo.page(f"{GLASS}{place}").text


def test_the_demos_visitor_breaks_it_as_a_practice_manager(shown: Engine) -> None:
    write.save_clinic(shown, ClinicFacts(demo=True), by=BY, at=NOW)
    way = WayIn(shown, visitor=ready_account(shown, "demo").id)
    way.page("/claim")
    assert way.post(way_to_break(BACK), reason=REASON).headers["location"] == BACK
    assert len(elevations(shown, since=NOW)) == 1


def test_a_page_that_stands_open_comes_back_without_names_once_the_hour_is_over(mo: WayIn) -> None:
    """Somebody may read on it, pointing and typing, and never have it run again."""
    mo.post(way_to_break(BACK), reason=REASON)
    with mo.socket() as socket:
        socket.receive_text()
        for minutes in (14, 14, 14, 14, 4):
            assert sees_names(mo)
            mo.clock.forward(minutes=minutes)
            mo.browser.post("/signin/doing", headers={"origin": mo.origin})
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == SESSION_ENDED
    assert (sees_names(mo), mo.page("/claim").status_code) == (False, 200)
    with mo.socket() as socket:
        socket.receive_text()
