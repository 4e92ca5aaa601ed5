"""Bad input, row 21: a score of a day to come, by each door, in clinics east and west of UTC.

It is noon of 1 June 2026 in UTC: 8 in the morning in New York, and the first moment of 2 June in Auckland.
"""

from datetime import date
from typing import Final, NamedTuple

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.cli.exchange import files
from dashboard.components.page.pages import Page
from models.store.record import read, write
from models.tables.facts import ClinicFacts
from tests.catalogue.conftest import Send, Stored
from tests.support.bringing import SCORES, brought, plain, refused
from tests.support.builders import BY, NOW, SETTING
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.pages import answer, errors, on_day, opened, press, type_in
from tests.support.reading import only_score, patient

WEST, EAST = "America/New_York", "Pacific/Auckland"


class Dated(NamedTuple):
    """A score as it is dated in a clinic, and the last day it may bear where it may not bear this one."""

    zone: str
    day: str
    clock: str = ""
    last: str | None = None

    @property
    def written(self) -> str:
        """As in a file."""
        return f"{self.day}T{self.clock}" if self.clock else self.day

    @property
    def refusal(self) -> list[str]:
        """What is said of it."""
        words = f"Date of the assessment must be {self.last} or earlier; got {self.day}"
        return [words] if self.last else []


CASES: Final = {
    "later today": Dated(WEST, "2026-06-01", "23:59"),
    "tomorrow": Dated(WEST, "2026-06-02"),
    "tomorrow's last minute": Dated(WEST, "2026-06-02", "23:59"),
    "the first moment after tomorrow": Dated(WEST, "2026-06-03", "00:00", last="2026-06-02"),
    "next year": Dated(WEST, "2027-06-01", last="2026-06-02"),
    "later today, where it is the next": Dated(EAST, "2026-06-02", "23:59"),
    "tomorrow, where it is the next": Dated(EAST, "2026-06-03"),
    "the first moment after tomorrow, where it is the next": Dated(
        EAST, "2026-06-04", "00:00", last="2026-06-03"
    ),
    "the day after tomorrow, where it is the next": Dated(EAST, "2026-06-04", last="2026-06-03"),
    "next year, where it is the next": Dated(EAST, "2027-01-01", "08:30", last="2026-06-03"),
}

each_case = pytest.mark.parametrize("dated", CASES.values(), ids=CASES.keys())


def settle(engine: Engine, zone: str) -> None:
    write.save_clinic(engine, ClinicFacts.check({"time_zone": zone}, SETTING), by=BY, at=NOW)


@pytest.mark.catalogue(row=21)
@each_case
def test_row_21_by_the_command_line(
    send_row: Send, stored: Stored, db: str, monkeypatch: pytest.MonkeyPatch, dated: Dated
) -> None:
    monkeypatch.setattr(files, "now", lambda: NOW)
    seventy("migrate", db=db)
    with connected(db) as engine:
        settle(engine, dated.zone)
    assert send_row("mrn,scale,assessed_at,total", f"1,phq9,{dated.written},9") == dated.refusal
    assert stored().assessments.height == (dated.last is None)


@pytest.mark.catalogue(row=21)
@each_case
def test_row_21_on_the_import_page(record: Engine, dated: Dated) -> None:
    settle(record, dated.zone)
    page = brought({"s.csv": f"{SCORES}1,phq9,{dated.written},9\n"})
    said = [line.partition(": ")[2] for line in refused(page)]
    assert len(said) == len(dated.refusal)
    assert all(words in line for words, line in zip(dated.refusal, said, strict=True))
    if dated.last is None:
        press(page, "Store 2 rows")
    assert read.record(record).assessments.height == (dated.last is None)


@pytest.mark.catalogue(row=21)
@each_case
def test_row_21_on_the_form(recording: AppTest, record: Engine, ruth: int, dated: Dated) -> None:
    settle(record, dated.zone)
    page = on_day(answer(recording, "111111110"), date.fromisoformat(dated.day))
    page = press(type_in(page, "text_input", "clock", dated.clock), "Save")
    assert [plain(words) for words in errors(page)] == dated.refusal
    assert len(patient(record, ruth).assessments) == (dated.last is None)


@pytest.mark.catalogue(row=21)
def test_row_21_a_correction_is_held_to_the_same_day(recording: AppTest, record: Engine, ruth: int) -> None:
    press(answer(recording, "111111110"), "Save")
    page = on_day(press(opened(Page.PATIENT, patient_id=ruth), "Correct", nth=-1), date(2026, 6, 3))
    page = press(type_in(page, "text_input", "why", "another day on the sheet"), "Save correction")
    assert [plain(words) for words in errors(page)] == [
        "Date of the assessment must be 2026-06-02 or earlier; got 2026-06-03"
    ]
    press(on_day(page, date(2026, 6, 2)), "Save correction")
    assert only_score(record, ruth).day == date(2026, 6, 2)


@pytest.mark.catalogue(row=21)
@pytest.mark.parametrize(("at", "is_taken"), [("2026-06-03T03:59Z", True), ("2026-06-03T13:00+09:00", False)])
def test_row_21_a_moment_of_another_clock_is_held_against_the_clinics_own_day(
    record: Engine, at: str, *, is_taken: bool
) -> None:
    settle(record, WEST)
    page = brought({"s.csv": f"{SCORES}1,phq9,{at},9\n"})
    assert [line.rpartition("; ")[2] for line in refused(page)] == ([] if is_taken else ["got 2026-06-03"])
