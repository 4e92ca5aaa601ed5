"""Whose time is over: so many years after the last contact that stands, on the clinic's own calendar."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from models.store.erasure.due import Due, retention
from models.store.record import write
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW, after, course_facts, infusion_facts, record_patient, score_facts


def keep_for(engine: Engine, years: int | None, zone: str = "UTC") -> None:
    write.save_clinic(engine, ClinicFacts(keep_years=years, time_zone=zone), by=BY, at=after(60))


def said(due: list[Due]) -> list[tuple[str, str, str, str]]:
    return [(one.contact.number, str(one.contact.day), one.contact.was, str(one.since)) for one in due]


def test_nobody_is_due_until_the_clinic_says_for_how_long(engine: Engine) -> None:
    record_patient(engine)
    assert retention(engine, date(2999, 1, 1)) == (None, 1, [])
    keep_for(engine, 10)
    assert len(retention(engine, date(2999, 1, 1)).due) == 1
    keep_for(engine, None)
    assert retention(engine, date(2999, 1, 1)) == (None, 1, [])


def test_the_last_of_infusions_scores_and_courses_counts(engine: Engine) -> None:
    one, two, three = (record_patient(engine, number) for number in ("1", "2", "3"))
    write.record_course(engine, course_facts(one, date(2026, 1, 1), ended_on=date(2026, 1, 9)), by=BY, at=NOW)
    write.record_infusion(engine, infusion_facts(one, 2), by=BY, at=NOW)
    write.record_infusion(engine, infusion_facts(two, 2), by=BY, at=NOW)
    write.record_assessment(
        engine, score_facts(two, 9, assessed_at=None, assessed_on=date(2026, 1, 5)), by=BY, at=NOW
    )
    write.record_assessment(engine, score_facts(three, 9, day=1), by=BY, at=NOW)
    keep_for(engine, 6)
    assert said(retention(engine, date(2032, 6, 1)).due) == [
        ("3", "2026-01-02", "score", "2032-01-02"),
        ("2", "2026-01-05", "score", "2032-01-05"),
        ("1", "2026-01-09", "course", "2032-01-09"),
    ]


@pytest.mark.parametrize(("today", "due"), [(date(2032, 1, 2), 0), (date(2032, 1, 3), 1)])
def test_one_is_due_on_the_day_itself(engine: Engine, today: date, due: int) -> None:
    write.record_infusion(engine, infusion_facts(record_patient(engine), 2), by=BY, at=NOW)
    keep_for(engine, 6)
    assert len(retention(engine, today).due) == due


def test_what_was_withdrawn_or_corrected_is_no_contact(engine: Engine) -> None:
    who = record_patient(engine, "1")
    first = write.record_infusion(engine, infusion_facts(who, 2), by=BY, at=NOW)
    later = write.record_infusion(engine, infusion_facts(who, 90), by=BY, at=NOW)
    write.void_infusion(engine, later.id, by=BY, at=after(1), why="of another patient")
    write.correct_infusion(engine, first.id, infusion_facts(who, 1), by=BY, at=after(2), why="the day before")
    gone = record_patient(engine, "2")
    write.void_patient(engine, gone, by=BY, at=after(3), why="entered by mistake")
    keep_for(engine, 6)
    assert said(retention(engine, date(2032, 6, 1)).due) == [
        ("1", "2026-01-02", "infusion", "2032-01-02"),
        ("2", "2026-06-01", "recorded", "2032-06-01"),
    ]


def test_the_day_is_the_clinics_and_a_leap_day_is_followed_by_a_first_of_march(engine: Engine) -> None:
    who = record_patient(engine, "1")
    late = datetime(2024, 3, 1, 3, tzinfo=UTC)
    write.record_infusion(engine, infusion_facts(who, given_at=late), by=BY, at=NOW)
    keep_for(engine, 1, "America/New_York")
    assert said(retention(engine, date(2026, 1, 1)).due) == [("1", "2024-02-29", "infusion", "2025-03-01")]
    keep_for(engine, 4, "America/New_York")
    assert said(retention(engine, date(2028, 2, 29)).due) == [("1", "2024-02-29", "infusion", "2028-02-29")]
