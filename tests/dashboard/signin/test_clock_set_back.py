"""A clock that is set back under a running dashboard: nobody stays signed in, or sees names, for longer."""

from collections.abc import Iterator

import pytest
import streamlit as st
from sqlalchemy import Engine

from dashboard import data, door, identity
from dashboard.signin.places import PROVE, way_to_break
from models.access.roles import Right, Role
from models.access.tokens import token_hash
from models.scales import all_scales
from models.store.accounts.lasting import Lasting
from models.store.accounts.sessions import Limits, session_opened_with
from tests.support.way_in import ORIGIN, PASSWORD, WayIn, ready_account

OURS = {"origin": ORIGIN}
REASON = "somebody was taken ill"


@pytest.fixture(name="mo")
def _mo(outside: WayIn, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[WayIn]:
    """A practice manager who has just signed in to a record that is shown."""
    ready_account(sqlite_engine, "mo", Role.MANAGER)
    monkeypatch.setattr(data, "now", outside.clock)
    monkeypatch.setattr(door._Door, "engine", None)
    monkeypatch.setattr(identity._Served, "lasting", outside.visits.lasting)
    door.open_door(sqlite_engine, all_scales())
    assert outside.sign_in("mo").status_code == 303
    yield outside
    st.cache_resource.clear()


def is_in(way: WayIn) -> bool:
    return way.browser.get("/signin/alive").status_code == 200


def does_something(way: WayIn) -> float:
    """How many seconds are left then."""
    answered = way.browser.post("/signin/doing", headers=OURS)
    assert answered.status_code == 200
    return float(answered.json()["left"])


def test_who_does_nothing_is_signed_out_as_soon_as_ever(inside: WayIn) -> None:
    assert does_something(inside) == 900
    inside.clock.set_back(hours=1)
    inside.clock.forward(minutes=14)
    assert inside.browser.get("/signin/alive").json() == {"left": 60}
    inside.clock.forward(minutes=1)
    assert not is_in(inside)


def test_who_goes_on_working_stays_signed_in_until_the_day_is_over(inside: WayIn) -> None:
    inside.clock.set_back(hours=1)
    inside.page()
    for _ in range(71):
        inside.clock.forward(minutes=10)
        assert does_something(inside) > 0
    assert does_something(inside) == 600
    inside.clock.forward(minutes=10)
    assert not is_in(inside)


def test_an_answer_that_was_kept_open_by_a_deed_counts_from_that_deed(inside: WayIn) -> None:
    inside.clock.set_back(hours=1)
    inside.clock.forward(minutes=10)
    does_something(inside)
    inside.clock.forward(minutes=14)
    assert is_in(inside)
    inside.clock.forward(minutes=1)
    assert not is_in(inside)


@pytest.mark.parametrize("anew", [False, True])
def test_a_clock_that_was_ahead_keeps_nobody_signed_in(outside: WayIn, *, anew: bool) -> None:
    outside.clock.forward(days=365)
    assert outside.sign_in().status_code == 303
    assert is_in(outside)
    outside.clock.set_back(days=365)
    if anew:  # the dashboard is started anew, and hears of the session for the first time
        outside.visits.lasting = Lasting(Limits(), outside.clock.ticks)
    assert is_in(outside)
    outside.clock.forward(minutes=15)
    assert not is_in(outside)


def test_a_glass_closes_after_its_hour_and_can_be_broken_again(mo: WayIn) -> None:
    mo.post(way_to_break("/claim"), reason=REASON)
    assert sees_names(mo)
    mo.clock.set_back(minutes=50)
    for _ in range(6):
        assert sees_names(mo)
        mo.clock.forward(minutes=10)
        does_something(mo)
    assert not sees_names(mo)
    mo.post(PROVE, password=PASSWORD, code=mo.code())
    assert mo.post(way_to_break("/claim"), reason=REASON).status_code == 303
    assert sees_names(mo)


def test_a_proof_holds_no_longer(mo: WayIn) -> None:
    mo.page()
    mo.clock.forward(minutes=9)
    does_something(mo)
    mo.clock.set_back(minutes=5)
    assert mo.visits.is_proved(seen(mo))
    mo.clock.forward(minutes=1)
    assert not mo.visits.is_proved(seen(mo))


def seen(way: WayIn) -> identity.Session:
    found = session_opened_with(way.engine, opened_with(way), at=way.clock(), limits=Limits())
    still = way.visits.lasting.still(found, way.clock())
    assert still is not None
    return still


def opened_with(way: WayIn) -> str:
    return token_hash(way.browser.cookies["seventy"])


def sees_names(way: WayIn) -> bool:
    return identity.viewer_of(seen(way).id, None).may(Right.PATIENTS)
