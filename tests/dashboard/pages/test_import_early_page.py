"""The import page names the infusions before every course of their patient."""

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.components.page.role import Role
from models.store.record import read, write
from tests.support.bringing import brought, plain
from tests.support.builders import BY, NOW, course_facts, record_patient
from tests.support.pages import press, said

LINE = "i.csv, line 2: patient 1: given on 2025-01-01, before the first course"


def test_they_are_named_before_and_after_they_are_stored(record: Engine) -> None:
    write.record_course(record, course_facts(record_patient(record, "1")), by=BY, at=NOW)
    page = brought({"i.csv": "mrn,given_at\n1,2025-01-01\n1,2026-01-01\n"})
    assert "which starts on 2026-01-01" in named(page)
    page = press(page, "Store 2 rows")
    assert "which starts on 2026-01-01" in named(page)
    assert read.record(record).infusions.height == 2


def test_whoever_may_not_read_patients_is_not_told_the_day_a_course_started(record: Engine) -> None:
    write.record_course(record, course_facts(record_patient(record, "1")), by=BY, at=NOW)
    page = brought({"i.csv": "mrn,given_at\n1,2025-01-01\n"}, role=Role.ADMINISTRATOR)
    assert "which starts on" not in named(page)


def test_of_many_the_first_are_shown_and_all_counted(record: Engine) -> None:
    write.record_course(record, course_facts(record_patient(record, "1")), by=BY, at=NOW)
    days = "".join(f"1,2025-01-{day:02}\n" for day in range(1, 26))
    words = named(brought({"i.csv": "mrn,given_at\n" + days}), 25)
    assert words.count("given on") == 20
    assert "and 5 more" in words


def named(page: AppTest, number: int = 1) -> str:
    """What the page says of as many."""
    (heading,) = page.subheader
    is_one = number == 1
    whose = "course of its patient" if is_one else "course of their patients"
    assert heading.value == f"{number} infusion{' is' if is_one else 's are'} before every {whose}"
    words = plain(said(page))
    assert LINE in words
    assert "Where a day is mistyped, correct it." in words
    return words
