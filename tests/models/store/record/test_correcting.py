"""Corrections and withdrawals: what was recorded stays, and one of two who correct at once is told."""

from datetime import date

import pytest
from sqlalchemy import Engine

from models.store.engine.errors import ConflictError, InUseError, NotFoundError, SupersededError
from models.store.record import read, write
from models.tables.facts import ClinicFacts, FactsError
from tests.support.builders import (
    BY,
    NOW,
    after,
    course_facts,
    infusion_facts,
    moment,
    patient_facts,
    phq9_facts,
    record_patient,
    score_facts,
)

WHY = "typed into the wrong line"


def test_a_correction_stands_beside_what_it_replaces(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
    second = write.correct_assessment(
        engine, first.id, score_facts(patient, 12), by="Dr Fox", at=after(5), why="mistyped"
    )

    old, new = (version for version in read.patient_history(engine, patient) if version.kind == "assessment")
    assert (old.values["total"], old.current) == (14, False)
    assert (new.values["total"], new.current, new.supersedes_id) == (12, True, first.id)
    assert (new.recorded_by, new.recorded_at, new.reason) == ("Dr Fox", after(5), "mistyped")
    assert second.entity_id == first.entity_id
    assert read.record(engine).assessments["total"].to_list() == [12]


def test_the_past_is_seen_as_it_stood(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=after(1))
    second = write.correct_assessment(
        engine, first.id, score_facts(patient, 12), by=BY, at=after(2), why="typo"
    )
    write.void_assessment(engine, second.id, by=BY, at=after(3), why=WHY)

    def totals(minutes: float) -> list[int]:
        return read.record(engine, known_at=after(minutes)).assessments["total"].to_list()

    assert [totals(minutes) for minutes in (0, 1, 1.5, 2, 3)] == [[], [14], [14], [12], []]


def test_whoever_corrects_second_is_told_who_was_first(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
    write.correct_assessment(engine, first.id, score_facts(patient, 12), by="Dr Fox", at=NOW, why="typo")

    with pytest.raises(SupersededError, match="Someone saved before you: Dr Fox corrected this"):
        write.correct_assessment(engine, first.id, score_facts(patient, 11), by=BY, at=NOW, why="typo")
    with pytest.raises(SupersededError, match="2026-06-01 12:00 UTC"):
        write.void_assessment(engine, first.id, by=BY, at=NOW, why=WHY)
    write.save_clinic(engine, ClinicFacts(time_zone="America/New_York"), by=BY, at=NOW)
    with pytest.raises(SupersededError, match="2026-06-01 08:00 America/New_York"):
        write.void_assessment(engine, first.id, by=BY, at=NOW, why=WHY)


def test_a_correction_that_comes_twice_is_one(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
    corrections = [
        write.correct_assessment(
            engine, first.id, phq9_facts(patient, item_9=2), by=BY, at=NOW, why="typo", save_key="form-2"
        )
        for _ in range(2)
    ]

    assert corrections[0].id == corrections[1].id
    assert [saved.already for saved in corrections] == [False, True]
    assert corrections[0].alert == corrections[1].alert is not None


def test_a_correction_that_changes_nothing_writes_nothing(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, phq9_facts(patient, item_9=0), by=BY, at=NOW)
    saved = write.correct_assessment(
        engine, first.id, phq9_facts(patient, item_9=0), by=BY, at=NOW, why="typo"
    )

    assert (saved.id, saved.already) == (first.id, True)


def test_a_correction_may_take_something_away(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14, timing="after"), by=BY, at=NOW)
    write.correct_assessment(engine, first.id, score_facts(patient, 14), by=BY, at=NOW, why="nobody knows")

    assert read.record(engine).assessments["timing"].to_list() == [None]


def test_corrected_answers_belong_to_the_correction(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, phq9_facts(patient, item_9=0), by=BY, at=NOW)
    second = write.correct_assessment(
        engine, first.id, phq9_facts(patient, item_9=0, others=2), by=BY, at=NOW, why="typo"
    )

    assert read.item_scores(engine, first.id) == {**dict.fromkeys(range(1, 9), 1), 9: 0}
    assert read.item_scores(engine, second.id) == {**dict.fromkeys(range(1, 9), 2), 9: 0}


def test_a_score_cannot_be_moved_onto_another(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14, day=0), by=BY, at=NOW)
    other = write.record_assessment(engine, score_facts(patient, 9, day=7), by=BY, at=NOW)

    with pytest.raises(ConflictError) as conflict:
        write.correct_assessment(engine, first.id, score_facts(patient, 14, day=7), by=BY, at=NOW, why="late")

    assert conflict.value.id == other.id


def test_a_score_entered_for_the_wrong_patient_can_be_given_to_the_right_one(engine: Engine) -> None:
    wrong, right = record_patient(engine, "A1"), record_patient(engine, "B2")
    first = write.record_assessment(engine, score_facts(wrong, 14), by=BY, at=NOW)
    write.correct_assessment(engine, first.id, score_facts(right, 14), by=BY, at=NOW, why="other patient")

    assert read.record(engine).assessments["patient_id"].to_list() == [right]
    assert [version.current for version in read.patient_history(engine, wrong)] == [True, False]


def test_a_withdrawn_score_can_be_entered_again(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
    write.void_assessment(engine, first.id, by=BY, at=NOW, why=WHY)
    again = write.record_assessment(engine, score_facts(patient, 9), by=BY, at=NOW)

    assert not again.already
    assert again.entity_id != first.entity_id
    assert read.record(engine).assessments["total"].to_list() == [9]


def test_what_was_withdrawn_cannot_be_withdrawn_or_corrected_again(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
    withdrawn = write.void_assessment(engine, first.id, by=BY, at=NOW, why=WHY)

    for row_id in (first.id, withdrawn.id):
        with pytest.raises(SupersededError, match="withdrew this"):
            write.void_assessment(engine, row_id, by=BY, at=NOW, why=WHY)


@pytest.mark.parametrize(
    ("why", "words"),
    [("", "must be given"), ("  \u200b", "must be given"), ("a\0b", "without control characters")],
)
def test_a_correction_needs_its_reason(engine: Engine, why: str, words: str) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)

    with pytest.raises(FactsError, match=words):
        write.correct_assessment(engine, first.id, score_facts(patient, 12), by=BY, at=NOW, why=why)


def test_a_withdrawal_needs_a_reason_of_ten_characters(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)

    with pytest.raises(FactsError, match="10 characters or more"):
        write.void_assessment(engine, first.id, by=BY, at=NOW, why="  mistake   ")


def test_what_does_not_exist_cannot_be_corrected(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="assessment is not in the record"):
        write.void_assessment(engine, 1, by=BY, at=NOW, why=WHY)


def test_a_patient_with_scores_is_not_withdrawn_from_under_them(engine: Engine) -> None:
    patient = record_patient(engine)
    score = write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)

    with pytest.raises(InUseError, match="still has one assessment"):
        write.void_patient(engine, patient, by=BY, at=NOW, why=WHY)

    write.void_assessment(engine, score.id, by=BY, at=NOW, why=WHY)
    write.void_patient(engine, patient, by=BY, at=NOW, why=WHY)
    assert read.record(engine).patients.height == 0
    assert not write.record_patient(engine, patient_facts(), by=BY, at=NOW).already


def test_a_corrected_birth_date_may_not_come_after_what_is_recorded(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
    write.record_infusion(engine, infusion_facts(patient, day=3), by=BY, at=NOW)

    born = patient_facts(birth_date=date(2026, 1, 2))
    with pytest.raises(FactsError, match="before the first thing recorded of this patient, 2026-01-01"):
        write.correct_patient(engine, patient, born, by=BY, at=NOW, why="asked")


def test_courses_and_infusions_are_corrected_and_withdrawn_alike(engine: Engine) -> None:
    patient = record_patient(engine)
    course = write.record_course(engine, course_facts(patient), by=BY, at=NOW)
    infusion = write.record_infusion(engine, infusion_facts(patient), by=BY, at=NOW)
    ended = course_facts(patient, ended_on=moment(30).date(), end_reason="completed")
    write.correct_course(engine, course.id, ended, by=BY, at=NOW, why="ended")
    heavier = infusion_facts(patient, weight_kg=90.0)
    corrected = write.correct_infusion(engine, infusion.id, heavier, by=BY, at=NOW, why="scales were off")

    seen = read.record(engine)
    assert seen.courses["end_reason"].to_list() == ["completed"]
    assert seen.infusions["weight_kg"].to_list() == [90.0]
    write.void_infusion(engine, corrected.id, by=BY, at=NOW, why=WHY)
    assert read.catch_up(engine, seen).infusions.height == 0
