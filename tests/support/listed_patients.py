"""Patients as the Clinic page lists them."""

import polars as pl
from sqlalchemy import Engine

from dashboard import data
from dashboard.worklist import patient_rows
from models.outcomes.question.estimand import Estimand
from models.store.record import write
from tests.support.builders import BY, NOW, course_facts, infusion_facts, moment, record_patient, score_facts


def rows() -> pl.DataFrame:
    """A row a patient, on the PHQ-9."""
    scale = data.scales()["phq9"]
    record = data.record()
    return patient_rows(record.patients, record.assessments, data.outcomes("phq9"), Estimand.of(scale), scale)


def treated(
    record: Engine, mrn: str, *, baseline: int | None = 20, endpoint: int | None = None, **name: str
) -> int:
    """Six infusions from 1 April 2026 on; the window after them runs from 30 April to 17 May."""
    patient_id = record_patient(record, mrn, **name)
    begun = moment(90).date()
    write.record_course(record, course_facts(patient_id, begun, failed_trials_episode=2), by=BY, at=NOW)
    for day in range(90, 108, 3):
        write.record_infusion(record, infusion_facts(patient_id, day), by=BY, at=NOW)
    for day, total in ((90, baseline), (126, endpoint)):
        if total is not None:
            write.record_assessment(record, score_facts(patient_id, total, day=day), by=BY, at=NOW)
    return patient_id
