"""Days and moments as numbers, and bounds as their file says."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tables.columns import day_number, day_of, moment_number, moment_of
from models.tables.plausible import plausible
from models.tables.words import ROUTES

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.dates())
def test_a_day_is_the_same_day_after_being_a_number(day: date) -> None:
    assert day_of(day_number(day)) == day


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=zones))  # noqa: DTZ001
def test_a_moment_is_the_same_moment_to_the_microsecond_after_being_a_number(moment: datetime) -> None:
    assert moment_of(moment_number(moment)) == moment


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2, max_size=2))
def test_numbers_stand_in_the_order_of_their_moments(moments: list[datetime]) -> None:
    earlier, later = sorted(moments)
    assert moment_number(earlier) <= moment_number(later)


def test_a_day_number_counts_from_1970() -> None:
    assert (day_number(date(1970, 1, 1)), day_number(date(2026, 1, 1))) == (0, 20454)


def test_a_moment_without_a_zone_has_no_number() -> None:
    with pytest.raises(ValueError, match="needs its time zone"):
        moment_number(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_every_route_has_its_usual_dose_and_what_is_usual_is_possible() -> None:
    bounds = plausible()
    routes = {*ROUTES, "unknown"}
    assert set(bounds.mg_per_kg.usual) == set(bounds.minutes.usual) == routes
    for measure in (bounds.dose_mg, bounds.weight_kg, *map(bounds.minutes.of, routes)):
        assert measure.possible[0] <= measure.usual[0] < measure.usual[1] <= measure.possible[1]
        assert measure.source
