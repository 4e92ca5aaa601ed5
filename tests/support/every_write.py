"""Every way into the record, tried on a record that has one of everything."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Engine

from models.outcomes.question.estimand import Estimand
from models.store.engine.database import writing
from models.store.record import write
from models.tables.facts import ClaimFacts, ClinicFacts
from tests.support.builders import (
    BY,
    NOW,
    course_facts,
    infusion_facts,
    patient_facts,
    phq9_facts,
    record_patient,
)

WHY = "entered for another patient"
CLAIM = ClaimFacts(words="Nine of ten feel better", rate=0.9, source="our leaflet")
TOLD: dict[str, Any] = {"by": BY, "at": NOW}


def settings(connection: Any) -> object:
    return write.add_clinic(connection, ClinicFacts(name="West"), **TOLD)


def in_a_transaction(engine: Engine) -> None:
    with writing(engine) as connection:
        settings(connection)


def settings_and_a_change(connection: Any) -> None:
    settings(connection)
    connection.exec_driver_sql("DELETE FROM patient")


def other_question() -> Estimand:
    return Estimand(scale="gad7")


WRITES: dict[str, tuple[Callable[[Engine], Any], str, str]] = {
    "add_clinic": (in_a_transaction, "settings", "clinic 2"),
    "save_clinic": (lambda e: write.save_clinic(e, ClinicFacts(name="West"), **TOLD), "settings", "clinic 2"),
    "record_patient": (lambda e: write.record_patient(e, patient_facts("B2"), **TOLD), "record", "patient 5"),
    "record_course": (
        lambda e: write.record_course(e, course_facts(1, date(2026, 3, 1)), **TOLD),
        "record",
        "course 2",
    ),
    "record_infusion": (
        lambda e: write.record_infusion(e, infusion_facts(1, 9), **TOLD),
        "record",
        "infusion 2",
    ),
    "record_assessment": (
        lambda e: write.record_assessment(e, phq9_facts(1, item_9=2, day=9), **TOLD),
        "record",
        "assessment 2",
    ),
    "record_claim": (lambda e: write.record_claim(e, CLAIM, **TOLD), "record", "claim 2"),
    "open_course": (
        lambda e: write.open_course(e, course_facts(1, date(2026, 3, 1)), infusion_facts(1, 60), **TOLD),
        "record",
        "course 2",
    ),
    "correct_patient": (
        lambda e: write.correct_patient(e, 1, patient_facts("A2"), **TOLD, why="typo"),
        "correct",
        "patient 5",
    ),
    "correct_course": (
        lambda e: write.correct_course(e, 1, course_facts(1, planned_infusions=8), **TOLD, why="typo"),
        "correct",
        "course 2",
    ),
    "correct_infusion": (
        lambda e: write.correct_infusion(e, 1, infusion_facts(1, dose_mg=42.5), **TOLD, why="typo"),
        "correct",
        "infusion 2",
    ),
    "correct_assessment": (
        lambda e: write.correct_assessment(e, 1, phq9_facts(1, item_9=3), **TOLD, why="typo"),
        "correct",
        "assessment 2",
    ),
    "correct_claim": (lambda e: write.correct_claim(e, 1, CLAIM, **TOLD, why="typo"), "correct", "claim 2"),
    "void_patient": (lambda e: write.void_patient(e, 2, **TOLD, why=WHY), "withdraw", "patient 5"),
    "void_course": (lambda e: write.void_course(e, 1, **TOLD, why=WHY), "withdraw", "course 2"),
    "void_infusion": (lambda e: write.void_infusion(e, 1, **TOLD, why=WHY), "withdraw", "infusion 2"),
    "void_assessment": (lambda e: write.void_assessment(e, 1, **TOLD, why=WHY), "withdraw", "assessment 2"),
    "void_claim": (lambda e: write.void_claim(e, 1, **TOLD, why=WHY), "withdraw", "claim 2"),
    "merge_patients": (
        lambda e: write.merge_patients(e, 1, 2, **TOLD, why=WHY),
        "merge",
        "merged_patient 2",
    ),
    "undo_merge": (lambda e: write.undo_merge(e, 1, **TOLD, why=WHY), "undo merge", "merged_patient 2"),
    "lock_question": (
        lambda e: write.lock_question(e, other_question(), claim=1, **TOLD, reason="another scale"),
        "lock",
        "claim_lock 2",
    ),
    "note_look": (
        lambda e: write.note_look(e, 1, as_of=date(2026, 6, 1), numerator=7, denominator=10, at=NOW),
        "look",
        "claim_look 1",
    ),
}


def one_of_everything(engine: Engine) -> Engine:
    """Everything under id 1, a patient 2 of whom nothing is recorded, and two that are one person."""
    for mrn in ("A1", "A9", "A3", "A4"):
        record_patient(engine, mrn)
    write.merge_patients(engine, 3, 4, **TOLD, why="the same birth date and name")
    write.record_course(engine, course_facts(1), **TOLD)
    write.record_infusion(engine, infusion_facts(1), **TOLD)
    write.record_assessment(engine, phq9_facts(1, item_9=1), **TOLD)
    return engine
