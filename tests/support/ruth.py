"""Ruth, whose course a test of her page follows."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.components.page.pages import Page
from models.store.record import write
from tests.support.builders import BY, NOW, course_facts, infusion_facts, record_patient, score_facts
from tests.support.pages import opened

INDUCTION: Final = (0, 3, 7, 10, 14, 17)


def ruth_in(record: Engine) -> int:
    """Six infusions from 1 January, PHQ-9 21 before the first."""
    ruth = record_patient(
        record, "1043", given_name="Ruth", family_name="Adler", birth_date=date(1981, 3, 12)
    )
    course = course_facts(ruth, failed_trials_episode=4, clinician="Dr Lind", planned_infusions=6)
    write.record_course(record, course, by=BY, at=NOW)
    for day in INDUCTION:
        write.record_infusion(record, infusion_facts(ruth, day), by=BY, at=NOW)
    scored(record, ruth, 21, day=0)
    return ruth


def scored(record: Engine, patient_id: int, total: int, day: int, **values: Any) -> int:
    """A PHQ-9 of hers; the row's id."""
    return write.record_assessment(
        record, score_facts(patient_id, total, day=day, **values), by=BY, at=NOW
    ).id


def page_of(patient_id: int) -> AppTest:
    """Her page."""
    return opened(Page.PATIENT, patient_id=patient_id)
