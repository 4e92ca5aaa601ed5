"""The names that forms and filters offer."""

from sqlalchemy import Engine

from dashboard.patients import Names, names_of
from models.store.record.read import record
from models.store.record.write import record_course, record_infusion
from tests.support.builders import BY, NOW, course_facts, infusion_facts, record_patient


def test_who_only_gave_infusions_is_offered_where_one_is_entered_but_no_courses_can_be_asked_of_them(
    engine: Engine,
) -> None:
    patient = record_patient(engine)
    record_course(engine, course_facts(patient, clinician="Dr Roe", site="North"), by=BY, at=NOW)
    record_infusion(engine, infusion_facts(patient, clinician="Nurse Ito"), by=BY, at=NOW)
    assert names_of(record(engine)) == Names(["Dr Roe", "Nurse Ito"], ["Dr Roe"], ["North"])
