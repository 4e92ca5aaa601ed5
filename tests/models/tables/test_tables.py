"""The tables as SQLModel classes: a row read through them means what was recorded."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from models.store.engine.errors import RefusedError
from models.store.record import write
from models.tables import Assessment, Clinic, Infusion, ItemScore, Patient, SafetyAlert, Table
from models.tables.facts import AssessmentFacts, ClinicFacts, InfusionFacts
from tests.support.builders import (
    BY,
    NOW,
    SETTING,
    infusion_facts,
    moment,
    phq9_facts,
    record_patient,
    score_facts,
)


def test_a_row_read_as_an_object_means_what_was_recorded(engine: Engine) -> None:
    patient = record_patient(engine, birth_date=date(1980, 2, 3))
    write.record_assessment(engine, phq9_facts(patient, item_9=1), by=BY, at=NOW)
    write.record_infusion(
        engine, infusion_facts(patient, given_at=None, given_on=date(2026, 1, 1)), by=BY, at=NOW
    )

    with Session(engine) as session:
        assert session.exec(select(Patient.birth_date)).one() == date(1980, 2, 3)
        assessment = session.exec(select(Assessment)).one()
        assert (assessment.assessed_at, assessment.recorded_at, assessment.voided) == (moment(0), NOW, False)
        infusion = session.exec(select(Infusion)).one()
        assert (infusion.given_at, infusion.given_on, infusion.dose_mg) == (None, date(2026, 1, 1), 40.0)
        assert session.exec(select(SafetyAlert.worsening)).one() is False
        assert session.exec(select(Clinic.demo)).one() is False
        assert len(session.exec(select(ItemScore)).all()) == 9


def test_a_row_written_as_an_object_obeys_the_same_rules(engine: Engine) -> None:
    patient = record_patient(engine)
    row = {
        "id": 1,
        "entity_id": 1,
        "recorded_at": NOW,
        "recorded_by": BY,
        "patient_id": patient,
        "scale": "phq9",
    }
    row |= {
        "scale_version": "1",
        "assessed_at": moment(0),
        "recall_days": 14,
        "status": "total_only",
        "total": 9,
    }
    with Session(engine) as session:
        session.add(Assessment.model_validate(row))
        session.commit()

    assert write.record_assessment(engine, score_facts(patient, 9), by=BY, at=NOW).already


def test_the_tables_have_a_registry_of_their_own() -> None:
    assert Table.metadata is not SQLModel.metadata
    assert not SQLModel.metadata.tables


def test_facts_that_nobody_checked_are_refused_by_the_database(engine: Engine) -> None:
    patient = record_patient(engine)
    unchecked = AssessmentFacts.model_construct(
        patient_id=patient, scale=SETTING.scales["phq9"], assessed_on=date(2026, 1, 1), total=5000
    )
    with pytest.raises(RefusedError, match="ck_assessment_total"):
        write.record_assessment(engine, unchecked, by=BY, at=NOW)


def test_a_value_of_the_wrong_kind_is_refused_without_being_quoted(engine: Engine) -> None:
    patient = record_patient(engine)
    unchecked = InfusionFacts.model_construct(patient_id=patient, given_on=date(2026, 1, 1), minutes="Canary")
    with pytest.raises(RefusedError) as refused:
        write.record_infusion(engine, unchecked, by=BY, at=NOW)
    assert "Canary" not in str(refused.value)


def test_settings_saved_twice_are_stored_once(engine: Engine) -> None:
    facts = ClinicFacts.check({"name": "West"}, SETTING)
    assert not write.save_clinic(engine, facts, by=BY, at=NOW).already
    assert write.save_clinic(engine, facts, by=BY, at=NOW).already
