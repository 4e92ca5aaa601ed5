"""What does not agree in two records is shown before they are linked, and a person decides."""

from datetime import date

import pytest
from sqlalchemy import Engine

from models.store.record import write
from models.store.record.merging import conflicts
from models.tables.facts import FactsError
from tests.support.builders import (
    BY,
    NOW,
    after,
    course_facts,
    infusion_facts,
    moment,
    record_patient,
    score_facts,
)
from tests.support.merging import merge, refusals, registered_twice


@pytest.fixture(name="pair")
def _pair(engine: Engine) -> tuple[int, int]:
    return registered_twice(engine)


def test_another_birth_date_or_sex_is_for_a_person_to_decide(engine: Engine) -> None:
    one = record_patient(engine, "1", birth_date=date(1980, 5, 4), sex="female")
    two = record_patient(engine, "2", birth_date=date(1980, 4, 5), sex="male")
    assert refusals(engine, one, two) == [
        "Born: 1980-05-04 in No. 1, 1980-04-05 in No. 2.",
        "Sex: female in No. 1, male in No. 2.",
    ]
    seen = conflicts(engine, one, two)
    assert all(each.confirm for each in seen)
    assert merge(engine, one, two, confirmed=seen)


def test_what_is_not_known_of_one_contradicts_nothing(engine: Engine) -> None:
    one = record_patient(engine, "1", birth_date=date(1980, 5, 4), sex="unknown")
    two = record_patient(engine, "2", sex="male")
    assert conflicts(engine, one, two) == ()


def test_what_was_not_there_when_somebody_confirmed_is_asked_anew(engine: Engine) -> None:
    one, two = record_patient(engine, "1", sex="male"), record_patient(engine, "2", sex="female")
    seen = conflicts(engine, one, two)
    for patient, total in ((one, 20), (two, 12)):
        write.record_assessment(engine, score_facts(patient, total), by=BY, at=NOW)
    with pytest.raises(FactsError) as refused:
        merge(engine, one, two, confirmed=seen)
    (problem,) = refused.value.problems
    assert problem.message == (
        "Two phq9 scores of one moment, 2026-01-01: 20 in No. 1, 12 in No. 2. Both stay. In a window the one "
        "recorded first counts, as a baseline the one recorded last, carried forward the higher."
    )


def test_overlapping_courses_are_shown(engine: Engine) -> None:
    one, two = record_patient(engine, "1"), record_patient(engine, "2")
    write.record_course(engine, course_facts(one), by=BY, at=NOW)
    for patient, day in ((one, 0), (one, 20), (two, 5), (two, 20)):
        when = {"given_at": moment(day, 10 if patient == one else 15)}
        write.record_infusion(engine, infusion_facts(patient, day, **when), by=BY, at=NOW)
    overlap, same_day = refusals(engine, one, two)
    assert "2026-01-01 to 2026-01-21 in No. 1, 2026-01-06 to 2026-01-21 in No. 2" in overlap
    assert same_day == "Both have an infusion on 2026-01-21. Both will count."


def test_what_would_count_twice_is_withdrawn_first(engine: Engine, pair: tuple[int, int]) -> None:
    for patient in pair:
        write.record_course(engine, course_facts(patient), by=BY, at=NOW)
    twice = write.record_infusion(engine, infusion_facts(pair[1], 0), by=BY, at=NOW)
    course, infusion, *_ = conflicts(engine, *pair)
    assert (course.confirm, infusion.confirm) == (False, False)
    assert course.message.startswith("Both have a course begun on 2026-01-01.")
    assert infusion.message.startswith("Both have an infusion at the same moment, on 2026-01-01.")
    write.void_infusion(engine, twice.id, by=BY, at=after(1), why="the same as under 1043")
    write.void_course(engine, 2, by=BY, at=after(1), why="the same as under 1043")
    assert conflicts(engine, *pair) == ()
