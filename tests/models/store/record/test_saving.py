"""What a save comes to: new, already there, a conflict, or impossible."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine

from models.store.engine.errors import ConflictError
from models.store.record import read, write
from models.store.record.write import Saved
from models.tables.facts import Facts, FactsError
from tests.support.builders import (
    BY,
    NOW,
    course_facts,
    infusion_facts,
    moment,
    patient_facts,
    phq9_facts,
    record_patient,
    score_facts,
)


def test_a_patient_is_recorded_with_who_and_when(engine: Engine) -> None:
    saved = write.record_patient(engine, patient_facts("00123", given_name="Zoë"), by=BY, at=NOW)

    (version,) = read.patient_history(engine, saved.entity_id)
    assert (version.recorded_by, version.recorded_at, version.current) == (BY, NOW, True)
    assert version.values["mrn"] == "00123"
    assert version.values["given_name"] == "Zoë"


def test_the_same_score_twice_is_one_score(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
    second = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)

    assert not first.already
    assert second.already
    assert second.id == first.id
    assert read.record(engine).assessments.height == 1


def test_another_score_for_the_same_moment_is_a_conflict_that_says_both(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)

    with pytest.raises(ConflictError, match=r"already recorded with total 14 \(got 12\)") as conflict:
        write.record_assessment(engine, score_facts(patient, 12), by=BY, at=NOW)

    assert conflict.value.stored == {"total": 14}
    assert conflict.value.given == {"total": 12}
    assert conflict.value.id == first.id


def test_what_is_not_said_contradicts_nothing(engine: Engine) -> None:
    patient = record_patient(engine, given_name="Zoë", birth_date=date(1980, 2, 3))
    write.record_assessment(engine, phq9_facts(patient, item_9=0, timing="before"), by=BY, at=NOW)

    assert write.record_patient(engine, patient_facts(), by=BY, at=NOW).already
    assert write.record_assessment(engine, score_facts(patient, 8), by=BY, at=NOW).already


def test_items_that_differ_are_a_conflict_though_their_totals_agree(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_assessment(engine, phq9_facts(patient, item_9=0), by=BY, at=NOW)
    items = {1: 0, 2: 2, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 0}

    with pytest.raises(ConflictError, match=r"with item 1 1 \(got 0\), item 2 1 \(got 2\)\."):
        write.record_assessment(engine, phq9_facts(patient, item_9=0, items=items), by=BY, at=NOW)


def test_items_given_for_a_total_alone_are_a_conflict(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_assessment(engine, score_facts(patient, 8), by=BY, at=NOW)

    with pytest.raises(ConflictError, match=r"items nothing \(got 9 answers\)"):
        write.record_assessment(engine, phq9_facts(patient, item_9=0), by=BY, at=NOW)


def test_a_time_and_a_date_without_one_are_different_moments(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
    undated = {"assessed_at": None, "assessed_on": moment(0).date()}

    assert not write.record_assessment(engine, score_facts(patient, 9, **undated), by=BY, at=NOW).already
    assert read.record(engine).assessments["total"].to_list() == [14, 9]


def test_a_patient_number_used_twice_is_a_conflict(engine: Engine) -> None:
    record_patient(engine, "A1", family_name="Roe")

    with pytest.raises(ConflictError, match="Patient number A1 is already recorded with family name Roe"):
        write.record_patient(engine, patient_facts("A1", family_name="Doe"), by=BY, at=NOW)


def test_a_save_that_comes_twice_is_one_row_whatever_else_was_recorded(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, phq9_facts(patient, item_9=1), by=BY, at=NOW, save_key="form-1")
    again = write.record_assessment(engine, phq9_facts(patient, item_9=1), by=BY, at=NOW, save_key="form-1")

    assert (again.id, again.already, again.alert) == (first.id, True, first.alert)


def test_a_save_key_used_for_something_else_is_a_conflict(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW, save_key="form-1")

    with pytest.raises(ConflictError):
        write.record_assessment(engine, score_facts(patient, 9, day=3), by=BY, at=NOW, save_key="form-1")


def test_a_score_of_somebody_not_in_the_record_is_refused(engine: Engine) -> None:
    with pytest.raises(FactsError, match="not in the record"):
        write.record_assessment(engine, score_facts(99, 14), by=BY, at=NOW)


@pytest.mark.parametrize(
    ("record", "facts"),
    [
        (write.record_course, course_facts),
        (write.record_infusion, infusion_facts),
        (write.record_assessment, lambda patient: score_facts(patient, 14)),
    ],
)
def test_nothing_happens_to_anybody_before_they_are_born(
    engine: Engine, record: Callable[..., Saved], facts: Callable[[int], Facts]
) -> None:
    patient = record_patient(engine, birth_date=date(2026, 1, 2))

    with pytest.raises(FactsError, match="after the patient's birth, 2026-01-02; got 2026-01-01"):
        record(engine, facts(patient), by=BY, at=NOW)


def test_an_infusion_before_every_course_asks_to_be_confirmed(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_course(engine, course_facts(patient, date(2026, 2, 1)), by=BY, at=NOW)

    with pytest.raises(FactsError, match="start of the first course, 2026-02-01") as refused:
        write.record_infusion(engine, infusion_facts(patient), by=BY, at=NOW)

    assert refused.value.to_confirm
    assert not write.record_infusion(engine, infusion_facts(patient, confirmed=True), by=BY, at=NOW).already


def test_a_first_infusion_opens_its_course_in_the_same_save(engine: Engine) -> None:
    patient = record_patient(engine)
    course, infusion = write.open_course(
        engine, course_facts(patient), infusion_facts(patient), by=BY, at=NOW, save_key="form-1"
    )

    again = write.open_course(
        engine, course_facts(patient), infusion_facts(patient), by=BY, at=NOW, save_key="form-1"
    )
    assert [saved.id for saved in again] == [course.id, infusion.id]
    assert all(saved.already for saved in again)


def test_a_course_whose_infusion_is_refused_is_not_opened_either(engine: Engine) -> None:
    patient = record_patient(engine)

    with pytest.raises(FactsError):
        write.open_course(
            engine, course_facts(patient, date(2026, 2, 1)), infusion_facts(patient), by=BY, at=NOW
        )

    assert read.record(engine).courses.height == 0


def test_quantities_come_back_exactly_as_they_were_given(engine: Engine) -> None:
    patient = record_patient(engine)
    given = infusion_facts(patient, dose_mg=0.1 + 0.2, weight_kg=1 / 3 * 100, route=None, confirmed=True)
    write.record_infusion(engine, given, by=BY, at=NOW)

    (row,) = read.record(engine).infusions.rows(named=True)
    assert (row["dose_mg"], row["weight_kg"]) == (0.1 + 0.2, 1 / 3 * 100)
