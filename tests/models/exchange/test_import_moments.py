"""Dates in files: ISO 8601 or the one format stated (safety specification §5, rows 18-24)."""

# ruff: noqa: DTZ001 - what stands in a file is often naive

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.exchange.columns.moments import Calendar, MomentError, Shift

NEW_YORK = Calendar(ZoneInfo("America/New_York"))
DAY_FIRST = Calendar(ZoneInfo("America/New_York"), "%d/%m/%Y")
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02", date(2026, 1, 2)),
        ("2026-01-02T09:30", datetime(2026, 1, 2, 14, 30, tzinfo=UTC)),
        ("2026-01-02 9:30", datetime(2026, 1, 2, 14, 30, tzinfo=UTC)),
        ("2026-01-02T09:30:15", datetime(2026, 1, 2, 14, 30, 15, tzinfo=UTC)),
        ("2026-01-02T09:30:15.5", datetime(2026, 1, 2, 14, 30, 15, 500_000, tzinfo=UTC)),
        ("2026-01-02T09:30Z", datetime(2026, 1, 2, 9, 30, tzinfo=UTC)),
        ("2026-01-02t09:30z", datetime(2026, 1, 2, 9, 30, tzinfo=UTC)),
        ("2026-01-02T09:30+01:00", datetime(2026, 1, 2, 8, 30, tzinfo=UTC)),
        ("2026-01-02 09:30 -0500", datetime(2026, 1, 2, 14, 30, tzinfo=UTC)),
    ],
)
def test_iso_8601_is_read_and_a_naive_time_is_the_clinics(text: str, moment: date | datetime) -> None:
    assert NEW_YORK.moment(text) == moment


def test_mixed_offsets_in_one_column_are_the_same_moment_in_utc() -> None:
    assert NEW_YORK.moment("2026-01-02T09:30-05:00") == NEW_YORK.moment("2026-01-02T15:30+01:00")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("01/02/2026", "may be day first or month first"),
        ("13/02/2026", "may be day first or month first"),
        ("1.2.2026 09:30", "may be day first or month first"),
        ("01/02/68", "has a two-digit year"),
        ("1.2.69 9:30", "has a two-digit year"),
        ("46000", "is a number, perhaps Excel's own for a date"),
        ("46000.5", "is a number, perhaps Excel's own for a date"),
        ("2026-02-31", "is not a day of the calendar"),
        ("0000-00-00", "is not a day of the calendar"),
        ("2026-01-02T25:00", "has no time of a day"),
        ("2026-01-02T09:60", "has no time of a day"),
        ("9999-12-31T23:00", "lies beyond any calendar"),
        ("2026-01-02T09:30-0560", "is not a date"),
        ("2026-01-02T09:30+99", "is not a date"),
        ("2026-1-2", "is not a date"),
        ("20260102", "is not a date"),
        ("２０２６-01-02", "is not a date"),
        ("yesterday", "is not a date"),
        ("", "is not a date"),
    ],
)
def test_what_is_not_one_day_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(MomentError, match=why):
        NEW_YORK.moment(text)


def test_a_stated_format_holds_for_every_row() -> None:
    assert DAY_FIRST.moment("1/2/2026") == date(2026, 2, 1)
    assert DAY_FIRST.moment("13/02/2026") == date(2026, 2, 13)
    assert DAY_FIRST.moment("13/02/2026 9:30") == datetime(2026, 2, 13, 14, 30, tzinfo=UTC)
    for text in ("02/13/2026", "13/02/26", "13.02.2026", "१३/02/2026", "13/02/2026 soon"):
        with pytest.raises(MomentError, match="is not a day written as %d/%m/%Y"):
            DAY_FIRST.moment(text)


def test_a_stated_format_may_have_its_own_clock() -> None:
    american = Calendar(ZoneInfo("America/New_York"), "%m/%d/%Y %I:%M %p")
    assert american.moment("2/1/2026 9:30 PM") == datetime(2026, 2, 2, 2, 30, tzinfo=UTC)


def test_iso_dates_stand_beside_a_stated_format_only_where_nothing_can_be_confused() -> None:
    assert DAY_FIRST.moment("2026-02-13") == date(2026, 2, 13)
    with pytest.raises(MomentError):
        Calendar(ZoneInfo("UTC"), "%Y-%d-%m").moment("2026-02-13")


def test_a_time_the_clocks_skipped_is_refused() -> None:
    with pytest.raises(MomentError, match="does not exist in America/New_York: the clocks were put forward"):
        NEW_YORK.moment("2026-03-08 02:30")
    assert NEW_YORK.moment("2026-03-08T02:30-05:00") == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_a_time_that_came_twice_is_asked_about_and_taken_with_its_offset() -> None:
    with pytest.raises(
        MomentError, match=r"came twice .* 2026-11-01T01:30:00-04:00 was the first, .*-05:00 the second"
    ):
        NEW_YORK.moment("2026-11-01 01:30")
    assert NEW_YORK.moment("2026-11-01T01:30-04:00") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert NEW_YORK.moment("2026-11-01T01:30-05:00") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_day_is_the_one_written_and_with_an_offset_the_one_it_was_here() -> None:
    assert NEW_YORK.day("1980-05-04T00:00:00") == date(1980, 5, 4)
    assert NEW_YORK.day("2026-01-02T03:00Z") == date(2026, 1, 1)
    assert NEW_YORK.day("2026-03-08 02:30") == date(2026, 3, 8)


def test_a_time_point_lies_days_after_day_0_at_its_time_of_day() -> None:
    assert DAY_FIRST.shifted("28/02/2026", Shift(7)) == date(2026, 3, 7)
    at_nine = Shift(7, datetime(2026, 1, 1, 9, 0).time())
    assert DAY_FIRST.shifted("02/03/2026", at_nine) == datetime(2026, 3, 9, 13, 0, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 4, 14 * 4))
def test_a_moment_with_its_offset_is_read_back_exactly(local: datetime, quarters: int) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert BERLIN.moment(moment.isoformat()) == moment


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_a_naive_time_is_read_as_the_one_moment_it_can_be_or_not_at_all(local: datetime) -> None:
    candidates = {local.replace(tzinfo=BERLIN.zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    possible = {at for at in candidates if at.astimezone(BERLIN.zone).replace(tzinfo=None) == local}
    try:
        assert {BERLIN.moment(local.isoformat())} == possible
    except MomentError:
        assert len(possible) != 1
