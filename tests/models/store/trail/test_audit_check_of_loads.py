"""Of a load, whose rows are digested together, the missing rows are named, and the changed ones."""

import pytest
from sqlalchemy import Engine

from models.store.erasure.erasing import erase
from models.store.record.bulk import loading
from models.store.rows.marks import KEYED, checks, marks_of
from models.store.trail.audit_check import verify
from models.store.trail.finding_words import COMPARE
from tests.models.store.trail.test_audit_check import tamper, words
from tests.support.builders import BY, NOW, after, patient_facts, phq9_facts

RECORDED = "recorded by Dr Roe on 2026-06-01 12:00 UTC (event 4)"
FIVES = ", ".join(f"patient {number}" for number in range(5, 55, 5))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM patient WHERE id = 37", "119 rows of 120 stand: patient 37 is missing."),
        ("DELETE FROM patient WHERE id > 1", "1 row of 120 stands: patients 2 to 120 are missing."),
        (
            "DELETE FROM patient WHERE id IN (1, 36, 37, 120)",
            "116 rows of 120 stand: patient 1, patients 36 to 37, patient 120 are missing.",
        ),
        (
            "DELETE FROM patient WHERE id % 5 = 0",
            f"96 rows of 120 stand: {FIVES} are missing; 14 more gaps follow.",
        ),
        (
            "UPDATE patient SET mrn = 'X' WHERE id = 20",
            "patient 20 was changed.",
        ),
        (
            "UPDATE patient SET mrn = 'X' WHERE id IN (20, 31, 120)",
            "patient 20, patient 31, patient 120 were changed.",
        ),
        ("UPDATE patient SET sex = 'other' WHERE id BETWEEN 12 AND 21", "patients 12 to 21 were changed."),
        (
            "UPDATE patient SET mrn = 'X' WHERE id BETWEEN 13 AND 35",
            "some of patients 12 to 44 were changed.",
        ),
    ],
)
def test_the_rows_that_are_missing_or_changed_are_named(engine: Engine, statement: str, said: str) -> None:
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}") for number in range(1, 121)])
    tamper(engine, statement)
    assert words(verify(engine)) == [f"Patients 1 to 120: {RECORDED}, {said}"]


def test_the_answers_of_one_assessment_of_a_load_are_named(engine: Engine) -> None:
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts("A1")])
        load.assessments([phq9_facts(1, item_9=0, day=day) for day in range(30)])
    tamper(engine, "UPDATE item_score SET score = 3 - score WHERE assessment_id = 17 AND item IN (2, 3)")
    said = RECORDED.replace("recorded ", ": recorded ", 1)
    assert words(verify(engine)) == [
        f"The answers of assessments 1 to 30{said}, the answers of assessment 17 were changed."
    ]


def test_where_marks_cannot_tell_the_way_is_said(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a load of before there were any."""
    monkeypatch.setattr("models.store.rows.digests.marks_of", lambda _: "")
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}") for number in range(1, 121)])
    monkeypatch.setattr("models.store.rows.digests.marks_of", marks_of)
    tamper(engine, "UPDATE patient SET mrn = 'X' WHERE id = 20")
    assert words(verify(engine)) == [
        f"Patients 1 to 120: {RECORDED}, at least one of 120 rows was changed; {COMPARE}."
    ]


def test_what_marks_without_a_key_name_is_only_likely(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of loads of before."""
    with monkeypatch.context() as before:
        before.setattr("models.store.rows.digests.checks", lambda written, _: checks(written, None))
        before.setattr(
            "models.store.rows.digests.marks_of", lambda numbers: marks_of(numbers).removeprefix(KEYED)
        )
        with loading(engine, by=BY, at=NOW) as load:
            load.patients([patient_facts(f"P{number}") for number in range(1, 121)])
    assert words(verify(engine)) == []
    tamper(engine, "UPDATE patient SET mrn = 'X' WHERE id = 20")
    assert words(verify(engine)) == [f"Patients 1 to 120: {RECORDED}, most likely patient 20 was changed."]


def test_after_an_erasure_a_changed_row_of_those_that_are_left_is_named(engine: Engine) -> None:
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}") for number in range(1, 121)])
    erase(engine, 60, by=BY, at=after(1), reason="asked for it in writing")
    assert words(verify(engine)) == []
    tamper(engine, "UPDATE patient SET mrn = 'X' WHERE id = 70")
    assert words(verify(engine)) == [f"Patients 1 to 120: {RECORDED}, patient 70 was changed."]


def test_a_name_that_looks_like_the_end_of_a_row_misleads_nobody(engine: Engine) -> None:
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}", family_name="a],[b") for number in range(1, 31)])
        load.patients([patient_facts(f"P{number}") for number in range(31, 61)])
    tamper(engine, "UPDATE patient SET family_name = 'a' WHERE id = 30")
    assert words(verify(engine)) == [f"Patients 1 to 60: {RECORDED}, patient 30 was changed."]
