"""Facts for tests, with everything filled in that a test does not care about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Engine

from models.scales import all_scales
from models.store.accounts.staff import StaffAccount, add_account
from models.store.record import write
from models.tables.facts import AssessmentFacts, CourseFacts, InfusionFacts, PatientFacts, Setting

NOW: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
SETTING: Final = Setting(today=date(2026, 6, 30), zone=UTC, scales=all_scales())
BY: Final = "Dr Roe"


def moment(day: int, hour: float = 9) -> datetime:
    """An hour of the so-manieth day after 1 January 2026."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=hour)


def after(minutes: float) -> datetime:
    """A moment of recording, so many minutes after `NOW`."""
    return NOW + timedelta(minutes=minutes)


def patient_facts(mrn: str = "A1", **values: Any) -> PatientFacts:
    """A patient known by number."""
    return PatientFacts.check({"mrn": mrn, **values}, SETTING)


def course_facts(patient_id: int, started_on: date = date(2026, 1, 1), **values: Any) -> CourseFacts:
    """A course for depression."""
    return CourseFacts.check({"patient_id": patient_id, "started_on": started_on, **values}, SETTING)


def infusion_facts(patient_id: int, day: int = 0, **values: Any) -> InfusionFacts:
    """40 mg at 80 kg, at ten in the morning unless said otherwise."""
    usual = {"given_at": moment(day, 10), "route": "iv", "dose_mg": 40.0, "weight_kg": 80.0, "minutes": 40}
    return InfusionFacts.check({"patient_id": patient_id, **usual, **values}, SETTING)


def score_facts(
    patient_id: int, total: int, day: int = 0, scale: str = "phq9", **values: Any
) -> AssessmentFacts:
    """A total alone, at nine in the morning unless said otherwise."""
    usual = {"scale": scale, "assessed_at": moment(day), "total": total}
    return AssessmentFacts.check({"patient_id": patient_id, **usual, **values}, SETTING)


def phq9_facts(
    patient_id: int, *, item_9: int | None, others: int = 1, day: int = 0, **values: Any
) -> AssessmentFacts:
    """A PHQ-9 item by item: the first eight all alike, and item 9."""
    items = {**dict.fromkeys(range(1, 9), others), 9: item_9}
    usual = {"scale": "phq9", "assessed_at": moment(day), "items": items}
    return AssessmentFacts.check({"patient_id": patient_id, **usual, **values}, SETTING)


def record_patient(engine: Engine, mrn: str = "A1", **values: Any) -> int:
    """A patient in the record; the entity id."""
    return write.record_patient(engine, patient_facts(mrn, **values), by=BY, at=NOW).entity_id


def named_before(engine: Engine, username: str, *args: Any, **values: Any) -> StaffAccount:
    """An account from before user names and people's names were held to a rule."""
    with (
        patch("models.store.accounts.staff.new_username", str),
        patch("models.store.accounts.staff.persons_name", lambda _, name: name),
    ):
        return add_account(engine, username, *args, **values)
