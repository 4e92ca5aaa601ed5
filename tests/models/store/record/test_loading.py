"""A load is many saves in one: the same rules, one transaction, exact counts."""

import gc
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy import Engine

from models.store.engine.errors import ConflictError
from models.store.record import read, write
from models.store.record.bulk import Loading, loading
from models.tables.facts import AssessmentFacts
from tests.support.builders import (
    BY,
    NOW,
    course_facts,
    infusion_facts,
    patient_facts,
    phq9_facts,
    record_patient,
    score_facts,
)
from tests.support.databases import connected


def test_a_load_stores_people_and_all_that_is_about_them(engine: Engine) -> None:
    with loading(engine, by="import", at=NOW) as load:
        people = load.patients([patient_facts(f"P{number}") for number in range(3)])
        first, second, third = load.patient_ids().values()
        load.courses([course_facts(first), course_facts(second)])
        load.infusions([infusion_facts(first, day=3), infusion_facts(first, day=0)])
        load.assessments([phq9_facts(third, item_9=0)])

    assert people.entity_ids == [first, second, third]
    seen = read.record(engine)
    assert [seen.patients.height, seen.courses.height, seen.infusions.height, seen.assessments.height] == [
        3,
        2,
        2,
        1,
    ]
    assert read.item_scores(engine, 1)[1] == 1


def test_a_load_says_of_every_row_what_became_of_it(engine: Engine) -> None:
    patient = record_patient(engine, birth_date=date(1980, 1, 1))
    standing = write.record_assessment(engine, score_facts(patient, 20), by=BY, at=NOW)
    rows = [
        score_facts(patient, 20),
        score_facts(patient, 19),
        score_facts(patient, 9, day=7),
        score_facts(patient, 9, day=7),
        score_facts(patient, 8, day=7),
        score_facts(99, 8),
    ]
    with loading(engine, by="import", at=NOW) as load:
        loaded = load.assessments(rows)

    new = standing.id + 1
    assert loaded.entity_ids == [standing.id, None, new, new, None, None]
    assert (loaded.new, loaded.already) == (1, 2)
    assert [(found.index, found.stored, found.given) for found in loaded.conflicts] == [
        (1, {"total": 20}, {"total": 19}),
        (4, {"total": 9}, {"total": 8}),
    ]
    ((index, problem),) = ((found.index, found.problems[0]) for found in loaded.refused)
    assert (index, problem.field) == (5, "patient_id")
    assert read.record(engine).assessments["total"].to_list() == [20, 9]


def test_the_same_load_twice_adds_nothing(engine: Engine) -> None:
    patient = record_patient(engine)
    rows = [phq9_facts(patient, item_9=day % 4, day=day) for day in range(50)]
    for expected in ((50, 0), (0, 50)):
        with loading(engine, by="import", at=NOW) as load:
            loaded = load.assessments(rows)
        assert (loaded.new, loaded.already) == expected
    assert len(read.open_alerts(engine)) == 37


def test_a_dry_run_counts_exactly_and_stores_nothing(engine: Engine) -> None:
    patient = record_patient(engine)
    rows = [phq9_facts(patient, item_9=3), phq9_facts(patient, item_9=3), phq9_facts(patient, item_9=2)]
    with loading(engine, by="import", at=NOW, dry_run=True) as load:
        load.patients([patient_facts("B2")])
        loaded = load.assessments(rows)

    assert (loaded.new, loaded.already, len(loaded.conflicts)) == (1, 1, 1)
    seen = read.record(engine)
    assert (seen.patients.height, seen.assessments.height) == (1, 0)
    assert read.open_alerts(engine) == []


def test_a_load_that_breaks_off_leaves_nothing_behind(engine: Engine) -> None:
    patient = record_patient(engine)

    def read_a_broken_file() -> None:
        with loading(engine, by="import", at=NOW) as load:
            load.assessments([phq9_facts(patient, item_9=3)])
            raise OSError("the file ended")

    with pytest.raises(OSError, match="the file ended"):
        read_a_broken_file()
    assert read.record(engine).assessments.height == 0
    assert gc.isenabled()


def test_progress_hears_of_every_batch(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.store.record.adding._AT_ONCE", 20)
    patient = record_patient(engine)
    heard: list[int] = []
    with loading(engine, by="import", at=NOW) as load:
        loaded = load.assessments(
            [score_facts(patient, 9, day=day) for day in range(50)], progress=heard.append
        )

    assert heard == [20, 40, 50]
    assert loaded.entity_ids == list(range(1, 51))


def test_a_number_given_to_two_people_in_one_file_is_a_conflict(engine: Engine) -> None:
    with loading(engine, by="import", at=NOW) as load:
        loaded = load.patients(
            [patient_facts("A1", family_name="Roe"), patient_facts("A1", family_name="Doe")]
        )

    assert (loaded.new, loaded.conflicts[0].stored) == (1, {"family_name": "Roe"})
    assert read.record(engine).patients["family_name"].to_list() == ["Roe"]


answers = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8), st.one_of(st.none(), st.integers(0, 3))))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=answers)
def test_a_load_comes_to_the_same_as_saving_one_by_one(
    new_record: Callable[[], str], answers: list[tuple[int, int, int | None]]
) -> None:
    """In the order in which it happened: an alert is about what was known when it was raised."""
    answers.sort(key=lambda answer: answer[1])

    def facts(patients: list[int]) -> list[AssessmentFacts]:
        return [phq9_facts(patients[who], item_9=answer, day=day) for who, day, answer in answers]

    with connected(new_record()) as loaded, connected(new_record()) as saved:
        with loading(loaded, by=BY, at=NOW) as load:
            found = load.assessments(facts([record_patient_in(load, mrn) for mrn in "AB"]))
        conflicts = 0
        for one in facts([record_patient(saved, mrn) for mrn in "AB"]):
            try:
                write.record_assessment(saved, one, by=BY, at=NOW)
            except ConflictError:
                conflicts += 1

        assert len(found.conflicts) == conflicts
        assert_frame_equal(read.record(loaded).assessments, read.record(saved).assessments)
        assert read.open_alerts(loaded) == read.open_alerts(saved)


def record_patient_in(load: Loading, mrn: str) -> int:
    (patient,) = load.patients([patient_facts(mrn)]).entity_ids
    assert patient is not None
    return patient
