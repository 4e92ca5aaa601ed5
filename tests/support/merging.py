"""One woman registered twice, and the link that says so."""

from typing import Any, Final

import pytest
from sqlalchemy import Engine

from models.store.audit.inserting import insert_first
from models.store.record import write
from models.store.record.bulk import one_load
from models.store.rows.kinds import PATIENT
from models.tables.facts import FactsError
from tests.support.builders import BY, NOW, after, infusion_facts, patient_facts, record_patient, score_facts

WHY: Final = "same birth date and address"
SISTERS: Final = "they are two sisters"


def registered_twice(engine: Engine) -> tuple[int, int]:
    """One woman registered twice: treated in January as 1043, in June of last year as 2077."""
    ruth = record_patient(engine, "1043", given_name="Ruth", family_name="Adler")
    rut = record_patient(engine, "2077", given_name="Rut", family_name="Adler")
    for patient, day in ((ruth, 0), (rut, -200)):
        write.record_infusion(engine, infusion_facts(patient, day), by=BY, at=NOW)
        write.record_assessment(engine, score_facts(patient, 20, day=day), by=BY, at=NOW)
    return ruth, rut


def merge(engine: Engine, keep: int, retire: int, at: float = 1, **more: Any) -> int:
    """The row of the link, made so many minutes after `NOW`."""
    return write.merge_patients(engine, keep, retire, by=BY, at=after(at), why=WHY, **more).id


def refusals(engine: Engine, keep: int, retire: int) -> list[str]:
    """What is said instead of linking them."""
    with pytest.raises(FactsError) as refused:
        merge(engine, keep, retire)
    return [problem.message for problem in refused.value.problems]


def stored_before_numbers_were_matched(engine: Engine, mrn: str, patient_id: int) -> None:
    """A patient as an older version stored one, whoever's number it reads like."""
    with one_load(engine, by=BY, at=NOW, dry_run=False) as writer:
        row = PATIENT.row(patient_facts(mrn), writer.clinic_id)
        insert_first(writer.connection, PATIENT, writer.stamp, [patient_id], [row], None)
