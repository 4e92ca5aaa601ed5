"""Days and times as people type them."""

from datetime import date, time

import pytest

from dashboard.written import read_clock, read_day


@pytest.mark.parametrize("typed", ["2026-11-20", "20261120", " 2026-11-20 "])
def test_a_day_is_read_as_it_is_written(typed: str) -> None:
    assert read_day("day", "Given on", typed) == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["09:20", "9:20", "0920", " 09:20"])
def test_a_time_is_read_as_it_is_written(typed: str) -> None:
    assert read_clock("clock", "Time", typed) == time(9, 20)


def test_an_empty_field_is_nothing() -> None:
    assert read_day("day", "Given on", " ") is None
    assert read_clock("clock", "Time", "") is None


@pytest.mark.parametrize(
    "typed", ["20.11.2026", "11/20/2026", "26-11-20", "2026-1120", "2026-11-20T09:00", "٢٠٢٦١١٢٠"]
)
def test_a_day_that_could_be_another_is_refused(typed: str) -> None:
    assert str(read_day("day", "Given on", typed)) == f"Given on must be written as 2026-02-01; got '{typed}'"


@pytest.mark.parametrize("typed", ["2026-02-29", "2026-13-01", "0000-01-01"])
def test_a_day_no_calendar_has_is_refused(typed: str) -> None:
    assert str(read_day("day", "Given on", typed)) == f"Given on must be a day of the calendar; got '{typed}'"


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [
        ("9", "written as 09:20"),
        ("9.20", "written as 09:20"),
        ("9:20 pm", "written as 09:20"),
        ("24:00", "between 00:00 and 23:59"),
        ("0960", "between 00:00 and 23:59"),
    ],
)
def test_a_time_that_is_none_is_refused(typed: str, allowed: str) -> None:
    assert str(read_clock("clock", "Time", typed)) == f"Time must be {allowed}; got '{typed}'"
