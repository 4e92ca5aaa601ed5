"""A course began on one day wherever the Patient page says it, whatever became of its first infusion."""

import re

import pytest
from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from models.store.record import write
from tests.support.builders import BY, after, course_facts, infusion_facts, record_patient
from tests.support.pages import opened, said

BEGUN = re.compile(r"(?:begun|Begun on|it began on) (\d+\s\w+\s\d+)")
FIRST = "The first infusion, from which days are counted, was on "


@pytest.fixture(name="infusions")
def _infusions(record: Engine) -> list[int]:
    """A course from 1 January with infusions on that day, the fourth and the eighth; their rows."""
    ruth = record_patient(record, "1043")
    write.record_course(record, course_facts(ruth, planned_infusions=6), by=BY, at=after(0))
    given = [infusion_facts(ruth, day) for day in (0, 3, 7)]
    return [write.record_infusion(record, each, by=BY, at=after(0)).id for each in given]


def page_says() -> tuple[set[str], str]:
    """Every day on which the course is said to have begun, and all that is said."""
    words = said(opened(Page.PATIENT, patient_id=1)).replace("\u00a0", " ")
    return {*BEGUN.findall(words)}, words


def test_the_day_is_said_once_where_the_first_infusion_is_on_it(infusions: list[int]) -> None:
    days, words = page_says()
    assert days == {"1 Jan 2026"}
    assert FIRST not in words


def test_the_first_infusion_withdrawn(record: Engine, infusions: list[int]) -> None:
    write.void_infusion(record, infusions[0], by=BY, at=after(1), why="never given")
    days, words = page_says()
    assert days == {"1 Jan 2026"}
    assert f"{FIRST}4 Jan 2026." in words
    assert "Course begun 1 Jan 2026, 2 infusions." in words


@pytest.mark.parametrize("day", [1, 5])
def test_the_first_infusion_corrected_to_a_later_day(record: Engine, infusions: list[int], day: int) -> None:
    write.correct_infusion(record, infusions[0], infusion_facts(1, day), by=BY, at=after(1), why="mistyped")
    days, words = page_says()
    assert days == {"1 Jan 2026"}
    assert f"{FIRST}{min(day, 3) + 1} Jan 2026." in words


def test_the_first_infusion_corrected_to_a_day_before_the_course(
    record: Engine, infusions: list[int]
) -> None:
    early = infusion_facts(1, -4, confirmed=True)
    write.correct_infusion(record, infusions[0], early, by=BY, at=after(1), why="mistyped")
    days, words = page_says()
    assert "Course 2 begun 1 Jan 2026, 2 infusions." in words
    assert days == {"1 Jan 2026"}


def test_a_course_nobody_recorded_begins_with_what_is_left(record: Engine) -> None:
    ruth = record_patient(record, "1043")
    first = write.record_infusion(record, infusion_facts(ruth, 0), by=BY, at=after(0))
    write.record_infusion(record, infusion_facts(ruth, 3), by=BY, at=after(0))
    write.void_infusion(record, first.id, by=BY, at=after(1), why="never given")
    assert page_says()[0] == {"4 Jan 2026"}
