"""What a test's record holds, read past the dashboard."""

from sqlalchemy import Engine

from dashboard.patients import Assessment, Infusion, PatientRecord
from models.store.record import read


def patient(engine: Engine, patient_id: int) -> PatientRecord:
    """Everything of one patient that stands."""
    found = PatientRecord.cut(read.record(engine), patient_id)
    assert found is not None
    return found


def only_score(engine: Engine, patient_id: int) -> Assessment:
    """The one score there is."""
    (score,) = patient(engine, patient_id).assessments
    return score


def only_infusion(engine: Engine, patient_id: int) -> Infusion:
    """The one infusion there is."""
    (infusion,) = patient(engine, patient_id).infusions
    return infusion
