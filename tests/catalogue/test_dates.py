"""Bad input, rows 18 to 24: days that could be another day, or none, and times of two clocks."""

# ruff: noqa: DTZ001 - Excel knows no time zones: its moments are naive

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.cli.exchange import files
from dashboard.components.page.pages import Page
from models.store.record import read, write
from models.tables.columns import moment_of
from models.tables.facts import ClinicFacts
from tests.catalogue.conftest import Adding, Send, Stored
from tests.support.builders import BY, NOW, SETTING
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.pages import answer, choose, errors, on_day, opened, press, type_in, widget
from tests.support.reading import patient

SCORES = "mrn,scale,assessed_at,total"
IN_NEW_YORK = ("--time-zone", "America/New_York")


def words(page: AppTest) -> str:
    return "\n".join(errors(page)).replace("\\", "")


def days(record: read.Record) -> list[date]:
    return [date(1970, 1, 1) + timedelta(days=day) for day in record.assessments["day"]]


def moments(engine: Engine) -> list[datetime]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT assessed_at FROM assessment ORDER BY id").scalars()
        return [moment_of(number) for number in found]


@pytest.fixture(name="on_1_june")
def _on_1_june(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's clock stands where that of the pages does."""
    monkeypatch.setattr(files, "now", lambda: NOW)


@pytest.fixture(name="new_york")
def _new_york(record: Engine) -> None:
    facts = ClinicFacts.check({"time_zone": "America/New_York"}, SETTING)
    write.save_clinic(record, facts, by=BY, at=NOW)


@pytest.mark.catalogue(row=18)
def test_row_18_one_column_is_never_read_by_two_calendars(send: Send, stored: Stored) -> None:
    content = f"{SCORES}\n1,phq9,01/02/2025,9\n1,phq9,13/02/2025,8\n"
    run = send("s.csv", content)
    assert [each["line"] for each in run.document["rejections"]] == [2, 3]
    assert "may be day first or month first" in run.document["rejections"][0]["reason"]
    assert stored().assessments.is_empty()
    mapping = '[[table]]\nreads = "assessments"\ndates = "%d/%m/%Y"\n'
    assert send("s.csv", content, mapping=mapping).status == 0
    assert days(stored()) == [date(2025, 2, 1), date(2025, 2, 13)]


@pytest.mark.catalogue(row=19)
@pytest.mark.parametrize("day", ["01/02/68", "01/02/69", "1.2.25"])
def test_row_19_a_year_has_four_digits(send_row: Send, day: str) -> None:
    (reason,) = send_row(SCORES, f"1,phq9,{day},9")
    assert reason == f"'{day}' has a two-digit year; write all four digits"


@pytest.mark.catalogue(row=19)
def test_row_19_no_mapping_gives_a_century_to_two_digits(send: Send) -> None:
    mapping = '[[table]]\nreads = "assessments"\ndates = "%d/%m/%y"\n'
    run = send("s.csv", f"{SCORES}\n1,phq9,01/02/68,9\n", mapping=mapping)
    assert run.status == 2
    assert "a year needs four digits: %Y, not %y" in run.document["error"]


@pytest.mark.catalogue(row=20)
def test_row_20_a_number_is_no_date_in_a_text_file(send_row: Send, stored: Stored) -> None:
    (reason,) = send_row(SCORES, "1,phq9,46000,9")
    assert "'46000' is a number, perhaps Excel's own for a date" in reason
    assert stored().assessments.is_empty()


def old_mac(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904


@pytest.mark.catalogue(row=20)
@pytest.mark.parametrize("after", [None, old_mac])
def test_row_20_a_workbooks_own_dates_are_read_by_its_own_calendar(
    book: Callable[..., Path], db: str, stored: Stored, after: Callable[[Workbook], None] | None
) -> None:
    path = book([SCORES.split(","), ["1", "phq9", datetime(2025, 12, 9), 9]], after)
    assert seventy("import", path, db=db).status == 0
    assert days(stored()) == [date(2025, 12, 9)]


@pytest.mark.catalogue(row=21)
@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("0000-00-00", "is not a day of the calendar"),
        ("2026-02-31", "is not a day of the calendar"),
        ("9999-12-31", "must be 2026-06-02 or earlier; got 9999-12-31"),
        ("1999-12-31", "must be 2000-01-01 or later; got 1999-12-31"),
        ("2026-06-03", "must be 2026-06-02 or earlier; got 2026-06-03"),
    ],
)
@pytest.mark.usefixtures("on_1_june")
def test_row_21_an_impossible_day_is_refused_in_a_file(send_row: Send, day: str, why: str) -> None:
    (reason,) = send_row(SCORES, f"1,phq9,{day},9")
    assert why in reason


@pytest.mark.catalogue(row=21)
@pytest.mark.usefixtures("on_1_june")
def test_row_21_a_score_may_bear_the_day_after_today_in_the_clinics_zone(
    send_row: Send, stored: Stored, recording: AppTest, record: Engine, ruth: int
) -> None:
    assert send_row(SCORES, "1,phq9,2026-06-02T23:59,9") == []
    assert days(stored()) == [date(2026, 6, 2)]
    press(on_day(answer(recording, "111111111"), date(2026, 6, 2)), "Save")
    assert days(read.record(record)) == [date(2026, 6, 2)]
    assert "tomorrow" in words(opened(Page.PATIENT, patient_id=ruth))


@pytest.mark.catalogue(row=21)
@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2026, 6, 3), date(9999, 12, 31)])
def test_row_21_an_impossible_day_is_refused_on_the_form(
    recording: AppTest, record: Engine, ruth: int, day: date
) -> None:
    page = type_in(on_day(answer(recording, "111111110"), day), "text_input", "clock", "23:30")
    assert f"got {day}" in words(press(page, "Save"))
    assert patient(record, ruth).assessments == ()


@pytest.mark.catalogue(row=21)
@pytest.mark.parametrize(
    ("born", "is_taken"),
    [
        ("1899-12-31", False),
        ("1905-06-01", False),
        ("1905-06-02", True),
        ("2026-06-01", True),
        ("2026-06-02", False),
    ],
)
@pytest.mark.usefixtures("on_1_june")
def test_row_21_nobody_is_unborn_or_older_than_120_years(
    send_row: Send, add_patient: Adding, record: Engine, born: str, *, is_taken: bool
) -> None:
    allowed = f"Birth date must be between 1900-01-01 and 2026-06-01, an age of 0 to 120; got {born}"
    assert send_row("mrn,birth_date", f"1,{born}") == ([] if is_taken else [allowed])
    page = add_patient(mrn="1", birth_date=born)
    assert (words(page) == "") == is_taken
    assert read.record(record).patients.height == is_taken


@pytest.mark.catalogue(row=22)
@pytest.mark.parametrize(
    ("header", "row", "title"),
    [
        ("mrn,given_at", "1,2026-06-02", "Date of the infusion"),
        ("mrn,started_on,site", "1,2026-06-02,North", "Start of the course"),
        ("mrn,started_on,ended_on", "1,2026-06-01,2026-06-02", "End of the course"),
    ],
)
@pytest.mark.usefixtures("on_1_june")
def test_row_22_care_that_has_not_happened_is_refused_in_a_file(
    send_row: Send, header: str, row: str, title: str
) -> None:
    assert send_row(header, row) == [f"{title} must be today, 2026-06-01, or earlier; got 2026-06-02"]


@pytest.mark.catalogue(row=22)
def test_row_22_care_that_has_not_happened_is_refused_on_the_form(record: Engine, ruth: int) -> None:
    page = choose(opened(Page.RECORD, patient_id=ruth), f"what to record for {ruth}", "infusion")
    page = press(on_day(page, date(2026, 6, 2)), "Save")
    assert "Date of the infusion must be today, 2026-06-01, or earlier; got 2026-06-02" in words(page)
    assert patient(record, ruth).infusions == ()


SKIPPED, TWICE = "2025-03-09T02:30", "2025-11-02T01:30"


@pytest.mark.catalogue(row=23)
def test_row_23_a_time_the_clocks_skipped_is_refused(
    send_row: Send, new_york: None, recording: AppTest, record: Engine, ruth: int
) -> None:
    (reason,) = send_row(SCORES, f"1,phq9,{SKIPPED},9", *IN_NEW_YORK)
    assert "does not exist in America/New_York: the clocks were put forward past it" in reason
    page = on_day(answer(recording, "111111110"), date(2025, 3, 9))
    page = press(type_in(page, "text_input", "clock", "02:30"), "Save")
    assert "02:30 on 2025-03-09 does not exist in America/New_York" in words(page)
    assert patient(record, ruth).assessments == ()


@pytest.mark.catalogue(row=23)
def test_row_23_a_time_that_came_twice_is_asked_about_in_a_file(send_row: Send, db: str) -> None:
    (reason,) = send_row(SCORES, f"1,phq9,{TWICE},9", *IN_NEW_YORK)
    assert "2025-11-02T01:30:00-04:00 was the first, 2025-11-02T01:30:00-05:00 the second" in reason
    assert send_row(SCORES, f"1,phq9,{TWICE}-05:00,9", *IN_NEW_YORK) == []
    with connected(db) as engine:
        assert moments(engine) == [datetime(2025, 11, 2, 6, 30, tzinfo=UTC)]


@pytest.mark.catalogue(row=23)
@pytest.mark.parametrize(("which", "hour"), [("first", 5), ("second", 6)])
def test_row_23_a_time_that_came_twice_is_asked_about_on_the_form(
    new_york: None, recording: AppTest, record: Engine, ruth: int, which: str, hour: int
) -> None:
    page = on_day(answer(recording, "111111110"), date(2025, 11, 2))
    page = press(type_in(page, "text_input", "clock", "01:30"), "Save")
    assert "came twice, as the clocks were put back; choose the first or the second" in words(page)
    press(choose(page, "which", which), "Save")
    moment = datetime(2025, 11, 2, hour, 30, tzinfo=UTC)
    assert moments(record) == [moment]

    page = press(opened(Page.PATIENT, patient_id=ruth), "Correct", nth=-1)
    assert widget(page, "button_group", "which").value == which
    page = type_in(choose(page, "item 1", 3), "text_input", "why", "3 on the sheet")
    press(page, "Save correction")
    assert moments(record) == [moment, moment]
    other = "first" if which == "second" else "second"
    page = choose(press(opened(Page.PATIENT, patient_id=ruth), "Correct", nth=-1), "which", other)
    press(type_in(page, "text_input", "why", "it was the other"), "Save correction")
    assert abs(moments(record)[-1] - moment) == timedelta(hours=1)


@pytest.mark.catalogue(row=24)
def test_row_24_offsets_that_differ_are_one_clock_in_utc(send: Send, db: str) -> None:
    same = ["2025-03-03T09:30-05:00", "2025-03-03T15:30+01:00", "2025-03-03T14:30Z"]
    rows = "".join(f"{number},phq9,{at},9\n" for number, at in enumerate(same))
    assert send("s.csv", f"{SCORES}\n{rows}").status == 0
    with connected(db) as engine:
        assert moments(engine) == [datetime(2025, 3, 3, 14, 30, tzinfo=UTC)] * 3


@pytest.mark.catalogue(row=21)
def test_row_21_a_consent_ends_in_somebodys_lifetime(send_row: Send) -> None:
    for day in ("9999-12-31", "0001-01-01", "1999-12-31"):
        (why,) = send_row("mrn,part2,part2_consent_until", f"1,yes,{day}")
        assert "must be between 2000-01-01 and " in why
        assert why.endswith(f"got {day}")
    assert send_row("mrn,part2,part2_consent_until", "1,yes,2026-01-31") == []


@pytest.mark.catalogue(row=21)
@pytest.mark.parametrize("clock", ["25:00", "24:00", "10:60", "10:00:60"])
def test_row_21_what_is_no_time_of_a_day_is_said_to_be_none(send_row: Send, clock: str) -> None:
    (why,) = send_row("mrn,given_at", f"1,2026-03-01T{clock}")
    assert why.endswith("has no time of a day; times run from 00:00 to 23:59:59")


@pytest.mark.catalogue(row=24)
def test_row_24_midnight_elsewhere_is_no_birth_date(send_row: Send) -> None:
    """As a program writes a day that has no time; in New York it was another one."""
    (why,) = send_row("mrn,birth_date", "1,1980-05-04T00:00:00.000Z", *IN_NEW_YORK)
    assert why.endswith(
        "may be 1980-05-04, or 1980-05-03 as it then was in America/New_York; write the day alone"
    )
    assert send_row("mrn,birth_date", "1,1980-05-04T00:00-04:00", *IN_NEW_YORK) == []
