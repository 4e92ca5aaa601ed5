"""What the database itself refuses, whatever the code thinks: written in SQL, past everything that checks."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.store.engine.database import reading, writing
from models.store.engine.errors import RefusedError
from models.store.record import read, write
from models.tables.columns import moment_number
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW, after, infusion_facts, phq9_facts, record_patient

LATER = moment_number(after(60))


@pytest.fixture(name="recorded")
def _recorded(engine: Engine) -> Engine:
    """A record with one of everything; every id is 1."""
    patient = record_patient(engine)
    write.record_infusion(engine, infusion_facts(patient), by=BY, at=NOW)
    write.record_assessment(engine, phq9_facts(patient, item_9=1), by=BY, at=NOW)
    return engine


def run(engine: Engine, sql: str, **values: Any) -> None:
    with writing(engine) as connection:
        connection.execute(text(sql), values)


def insert(engine: Engine, table: str, **changes: Any) -> None:
    """Insert a row like the first one, but for these columns."""
    with reading(engine) as connection:
        found = connection.execute(text(f"SELECT * FROM {table} WHERE id = 1"))  # noqa: S608
        row = dict(found.mappings().one())
    row |= {"id": 2, "entity_id": 2, "recorded_at": LATER} | changes
    places = ", ".join(f":{column}" for column in row)
    run(engine, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", **row)  # noqa: S608


@pytest.mark.parametrize(
    "table", ["clinic", "patient", "infusion", "assessment", "item_score", "safety_alert"]
)
@pytest.mark.parametrize("way", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_what_is_recorded_is_never_changed_or_deleted(recorded: Engine, table: str, way: str) -> None:
    column = {"item_score": "score", "safety_alert": "level"}.get(table, "recorded_by")
    with pytest.raises(RefusedError, match="what is recorded is never changed"):
        run(recorded, way.format(table, column))


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["assessment", "item_score", "audit_event", "account", "erasure"])
def test_postgresql_refuses_to_empty_a_table(recorded: Engine, table: str) -> None:
    """Its owner too, whom no grant holds back."""
    if recorded.dialect.name == "postgresql":
        with pytest.raises(RefusedError, match="never changed"):
            run(recorded, f"TRUNCATE {table} CASCADE")


def test_sqlite_refuses_to_replace_a_row(sqlite_engine: Engine) -> None:
    patient = record_patient(sqlite_engine)
    write.record_assessment(sqlite_engine, phq9_facts(patient, item_9=1), by=BY, at=NOW)
    with pytest.raises(RefusedError, match="never changed"):
        run(sqlite_engine, "INSERT OR REPLACE INTO item_score VALUES (1, 9, 0)")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"assessed_at": None}, "moment_or_day"),
        ({"assessed_on": 20000}, "moment_or_day"),
        ({"scale": ""}, "scale_said"),
        ({"timing": "later"}, "timing"),
        ({"mode": "post"}, "mode"),
        ({"status": "invalid"}, "status"),
        ({"recall_days": -1}, "recall_days"),
        ({"total": -1}, "total"),
        ({"total": 1024}, "total"),
        ({"suicide_item": -1}, "suicide_item"),
        ({"recorded_by": ""}, "recorded_by"),
        ({"entity_id": 1}, "first_version"),
        ({"voided": True, "reason": "of another patient"}, "withdraws_something"),
        ({"supersedes_id": 1, "entity_id": 1}, "reason"),
        ({"supersedes_id": 1, "entity_id": 1, "voided": True, "reason": "mistake"}, "withdrawal_reason"),
        ({"supersedes_id": 1, "reason": "of another entity"}, "supersedes a row of its own entity"),
        ({"id": 1}, "ids only grow"),
        ({"recorded_at": 0}, "moments never go back"),
        ({"patient_id": 7}, "patient_id is the entity_id of a patient"),
        ({}, "one current row of its key"),
    ],
)
def test_an_assessment_that_breaks_a_rule_is_refused(
    recorded: Engine, changes: dict[str, Any], rule: str
) -> None:
    another = {"assessed_at": 1_800_000_000_000_000} if rule != "one current row of its key" else {}
    with pytest.raises(RefusedError, match=rule):
        insert(recorded, "assessment", **another | changes)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"given_at": None}, "moment_or_day"),
        ({"route": "rectal"}, "route"),
        ({"dose_mg": -1}, "dose_mg"),
        ({"weight_kg": 0}, "weight_kg"),
        ({"minutes": -1}, "minutes"),
        ({}, "one current row of its key"),
    ],
)
def test_an_infusion_that_breaks_a_rule_is_refused(
    recorded: Engine, changes: dict[str, Any], rule: str
) -> None:
    another = {"given_at": 1_800_000_000_000_000} if changes else {}
    with pytest.raises(RefusedError, match=rule):
        insert(recorded, "infusion", **another | changes)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"started_on": 20000, "ended_on": 19999}, "ends_after_start"),
        ({"end_reason": "cost"}, "reason_of_an_end"),
        ({"indication": "boredom"}, "indication"),
        ({"planned_infusions": 0}, "planned_infusions"),
    ],
)
def test_a_course_that_breaks_a_rule_is_refused(recorded: Engine, changes: dict[str, Any], rule: str) -> None:
    row = {
        "id": 1, "entity_id": 1, "recorded_at": LATER, "recorded_by": BY, "voided": False, "patient_id": 1,
        "started_on": 20000, "indication": "depression",
    }  # fmt: skip
    row |= changes
    places = ", ".join(f":{column}" for column in row)
    with pytest.raises(RefusedError, match=rule):
        run(recorded, f"INSERT INTO course ({', '.join(row)}) VALUES ({places})", **row)  # noqa: S608


def test_a_second_correction_of_the_same_row_is_refused(recorded: Engine) -> None:
    correction = {"supersedes_id": 1, "entity_id": 1, "reason": "typo", "total": 9}
    insert(recorded, "assessment", **correction)
    with pytest.raises(RefusedError, match="supersedes_id"):
        insert(recorded, "assessment", **correction | {"id": 3, "assessed_at": 1_800_000_000_000_000})


def test_a_save_key_is_used_once(recorded: Engine) -> None:
    insert(recorded, "assessment", assessed_at=1, save_key="form-1")
    with pytest.raises(RefusedError, match="save_key"):
        insert(recorded, "assessment", id=3, entity_id=3, assessed_at=2, save_key="form-1")


def test_a_patient_number_belongs_to_one_current_patient(recorded: Engine) -> None:
    with pytest.raises(RefusedError, match="patient: one current row of its key"):
        insert(recorded, "patient")


@pytest.mark.parametrize(
    "row",
    ["(1, 0, 1)", "(1, 10, -1)", "(7, 1, 1)", "(1, 9, 2)"],
    ids=["item 0", "below 0", "of nothing", "twice"],
)
def test_an_answer_that_breaks_a_rule_is_refused(recorded: Engine, row: str) -> None:
    with pytest.raises(RefusedError):
        run(recorded, f"INSERT INTO item_score VALUES {row}")  # noqa: S608


def test_a_number_that_is_not_whole_is_no_score_on_sqlite(sqlite_engine: Engine) -> None:
    patient = record_patient(sqlite_engine)
    write.record_assessment(sqlite_engine, phq9_facts(patient, item_9=1), by=BY, at=NOW)
    with pytest.raises(RefusedError, match="cannot store"):
        insert(sqlite_engine, "assessment", assessed_at=1, total=2.5)


def test_nothing_of_the_row_is_in_the_error_or_in_its_causes(recorded: Engine) -> None:
    with pytest.raises(RefusedError) as refused:
        insert(recorded, "patient", mrn="Canary-4711", sex="Canary-sex")

    error: BaseException | None = refused.value
    assert error is not None
    assert "Canary" not in str(error)
    assert error.__suppress_context__
    assert read.record(recorded).patients.height == 1


def test_one_record_is_one_clinic(recorded: Engine) -> None:
    with pytest.raises(RefusedError, match=r"uq_clinic_first|clinic\.voided"):
        insert(recorded, "clinic", name="Another clinic")
    saved = write.save_clinic(recorded, ClinicFacts(name="The same clinic"), by=BY, at=after(61))
    assert saved.entity_id == 1
