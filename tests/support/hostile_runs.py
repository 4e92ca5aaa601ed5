"""One hostile input after the other: what has to hold of each, and a record of its own for each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from models.store.engine.errors import ConflictError
from models.store.record import write
from models.store.record.comparing import UNANSWERED
from models.tables.facts import FactsError
from tests.support.brought import bring, check, expected
from tests.support.builders import BY, NOW
from tests.support.databases import connected
from tests.support.hostile import File
from tests.support.hostile_forms import FACTS, SETTING, typed
from tests.support.plain_record import WHEN, PlainRecord, key_of, recorded, stored
from tests.support.plain_rules import day_of, faults

ZONES: Final = ("UTC", "America/New_York", "Pacific/Auckland")
UTC_ZONE: Final = ZoneInfo("UTC")
RECORD: Final[Mapping[str, Callable[..., Any]]] = {
    "patients": write.record_patient,
    "courses": write.record_course,
    "infusions": write.record_infusion,
    "assessments": write.record_assessment,
}


def few(examples: int) -> settings:
    """So many examples, each of which may take its time."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


def a_file_is_stored_or_refused(
    url: str, folder: Path, sent: Sequence[File], zone: str, came: Counter[str] | None = None
) -> None:
    """Files brought one after the other leave what the dictionary says, and say why of what they do not."""
    record, there = PlainRecord(), ZoneInfo(zone)
    with connected(url) as engine:
        for file in sent:
            told = expected(file, record, there)
            check(file, told, bring(engine, file, folder, there), folder)
            assert stored(engine) == record
            if came is not None:
                came.update(told.outcomes.values())
                came["inputs"] += 1


def all_of(
    url: str, sent: Sequence[tuple[str, str, Mapping[str, Any]]], came: Counter[str] | None = None
) -> None:
    """Forms sent one after the other: their tables, their patients' numbers, and what they hold."""
    record = PlainRecord()
    with connected(url) as engine:
        for table, mrn, values in sent:
            outcome = a_form_is_stored_or_refused(engine, record, table, mrn, values)
            assert stored(engine) == record
            if came is not None:
                came.update(["inputs", outcome])


def a_form_is_stored_or_refused(
    engine: Engine,
    record: PlainRecord,
    table: str,
    mrn: str,
    values: Mapping[str, Any],
    *,
    at: datetime = NOW,
) -> str:
    """What a form holds is stored exactly, conflicts with what stands, or is refused by field and value."""
    row, unfit = typed(table, values)
    row["mrn"] = record.number(mrn)
    wrong = unfit or faults(table, row) or is_left_blank(table, row, values)
    whose = {"mrn": mrn} if table == "patients" else {"patient_id": _entity(engine, record, mrn, at)}
    try:
        facts = FACTS[table].check({**values, **whose}, SETTING)
        saved = RECORD[table](engine, facts, by=BY, at=at)
    except FactsError as refused:
        _check_refusal(refused, why=wrong or _cannot_be(record, table, row))
        return "refused"
    except ConflictError as conflict:
        stands = record.standing(table, row)
        assert stands is not None
        _check_conflict(conflict, record[stands])
        return "conflicting"
    assert not wrong, (wrong, values)
    assert saved.already == (record.standing(table, row) is not None)
    if not saved.already:
        record[key_of(table, row)] = recorded(table, row)
    return "already there" if saved.already else "stored"


def _check_refusal(refused: FactsError, *, why: object) -> None:
    """There is a reason, and each is said with its field."""
    assert why, refused
    assert all(problem.field and problem.message for problem in refused.problems)


def _check_conflict(conflict: ConflictError, stands: Mapping[str, Any]) -> None:
    """What is said to stand is what stands."""
    items = {f"item_{number}": score for number, score in (stands.get("items") or {}).items()}
    for name, stood in conflict.stored.items():
        if name == "items":
            assert (stood is None) == (not items)
        else:
            assert stood == (items.get(name, UNANSWERED) if name.startswith("item_") else stands[name])


def is_left_blank(table: str, row: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether answers are missing of which nobody said that they were left out."""
    unsaid = table == "assessments" and values.get("blanks_confirmed") is False
    return unsaid and recorded(table, row)["status"] == "prorated"


def _cannot_be(record: PlainRecord, table: str, row: Mapping[str, Any]) -> bool:
    """Whether it is of somebody not born yet, or before every course, which is to be confirmed."""
    if table == "patients":
        return False
    theirs = (key for mrn in record.people(row["mrn"]) for key in record.of(mrn))
    started = [key[2] for key in theirs if key[0] == "courses"]
    unasked = table == "infusions" and started and not row.get("confirmed")
    early = unasked and day_of(row["given_at"]) < min(started)
    return record.unborn(row["mrn"], row[WHEN[table]]) or bool(early)


def _entity(engine: Engine, record: PlainRecord, mrn: str, at: datetime) -> int:
    """The patient with this number, who is recorded when nobody has it."""
    if ("patients", record.number(mrn)) not in record:
        a_form_is_stored_or_refused(engine, record, "patients", mrn, {}, at=at)
    facts = FACTS["patients"].check({"mrn": mrn}, SETTING)
    return int(write.record_patient(engine, facts, by=BY, at=at).entity_id)
