"""Patients whose every identifier is unlike anything else: where one shows, it has got out."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Engine

from models.store.record import write
from models.tables.facts import ClinicFacts
from tests.support.builders import (
    BY,
    NOW,
    course_facts,
    infusion_facts,
    phq9_facts,
    record_patient,
    score_facts,
)

CLINIC: Final = "Quokka Ridge Ketamine"
TEXTS: Final = (
    CLINIC,
    "Zephyrine",
    "Xanthippe-Wuthering",
    "Ozymandias",
    "Fforde-Grisewood",
    "Dr Quillfeather",
    "Nurse Umberland",
    "Rattlesnake Creek 59801-1207",
    "MRN-90210-7741",
    "MRN-73301-0042",
    "'=HYPERLINK",
    BY,
)
"""Names, numbers, places; ZIP codes where somebody typed them."""

FIRST_DOSE: Final = date(2023, 11, 17)
BIRTHS: Final = (date(1930, 4, 9), date(1934, 2, 13), date(1934, 3, 30), date(1988, 2, 29))
"""93 at the first dose; 89, and 90 at the last score; 89 at both; 35."""

AGES: Final = ("90+", "90+", "89", "35")
AT: Final = time(13, 37, 42)
SCORED: Final = (-9, 0, 20, 100)
LATE: Final = 900
"""Days of the scores from the first dose; the last patient has one much later, and one much earlier."""

FULL_DATE: Final = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}"
)


def weight(patient: int) -> float:
    """What tells a patient's infusions in any extract."""
    return 70.5 + patient


def record_canaries(engine: Engine) -> Engine:
    """Four patients, each with a course, two infusions and scores; a fifth who was never treated."""
    write.save_clinic(engine, ClinicFacts(name=CLINIC), by=BY, at=NOW)
    names = (
        ("MRN-90210-7741", "Zephyrine", "Xanthippe-Wuthering"),
        ("MRN-73301-0042", "Ozymandias", "Fforde-Grisewood"),
        ("'=HYPERLINK", "Rattlesnake Creek 59801-1207", None),
        ("4", None, None),
    )
    for number, ((mrn, given, family), birth) in enumerate(zip(names, BIRTHS, strict=True)):
        patient_id = record_patient(
            engine, mrn, given_name=given, family_name=family, birth_date=birth, sex="female"
        )
        _treat(engine, patient_id, number)
    record_patient(engine, "5", birth_date=date(1950, 1, 1))
    return engine


def days_of(patient: int) -> tuple[int, ...]:
    """The days of a patient's scores, from the first dose."""
    return (-LATE, *SCORED, LATE) if patient == len(BIRTHS) - 1 else SCORED


def _treat(engine: Engine, patient_id: int, number: int) -> None:
    course = course_facts(
        patient_id,
        FIRST_DOSE,
        indication="bipolar_depression",
        ended_on=FIRST_DOSE + timedelta(days=4),
        end_reason="moved",
        clinician="Dr Quillfeather",
        site="Rattlesnake Creek 59801-1207",
    )
    write.record_course(engine, course, by=BY, at=NOW)
    for day in (0, 3):
        infusion = infusion_facts(
            patient_id, given_at=_moment(day), weight_kg=weight(number), clinician="Nurse Umberland"
        )
        write.record_infusion(engine, infusion, by=BY, at=NOW)
    for day in days_of(number):
        answers = phq9_facts(patient_id, item_9=2, assessed_at=_moment(day) - timedelta(hours=1))
        write.record_assessment(engine, answers, by=BY, at=NOW)
    for scale, total in (("sidas", 17), ("promis_depression", 553)):
        score = score_facts(patient_id, total, scale=scale, assessed_at=_moment(-2))
        write.record_assessment(engine, score, by=BY, at=NOW)


def _moment(day: int) -> datetime:
    return datetime.combine(FIRST_DOSE, AT, UTC) + timedelta(days=day)
