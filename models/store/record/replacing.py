"""A row replaced by a later version of it, if that version can stand beside everything else."""

from typing import Any, Final

from models.store.audit.inserting import Successor, insert_successor
from models.store.engine.asking import ask
from models.store.engine.errors import ConflictError
from models.store.engine.lookup import Standing, among, current, find_standing, next_id
from models.store.record.adding import Adding
from models.store.record.merges import current_keys, key_of, people
from models.store.rows.kinds import Kind, Row
from models.tables.columns import day_number, day_of, moment_of
from models.tables.facts import AssessmentFacts, Facts, FactsError, PatientFacts, Problem
from models.tables.facts.problems import refused

DATED: Final = (
    ("course", "NULL", "started_on"),
    ("infusion", "given_at", "given_on"),
    ("assessment", "assessed_at", "assessed_on"),
)
"""What is recorded of a patient, and the columns that say when it happened."""


def replace(
    writer: Adding, kind: Kind, standing: Standing, facts: Facts, reason: str, *, save_key: str | None = None
) -> int:
    """Write the version that takes a row's place, with its items; its id. Its alert comes as the writer ends.

    Raises `ConflictError` when another row stands under its key, `FactsError` when it cannot be true of the
    patient.
    """
    row = kind.row(facts, writer.clinic_id)
    other = _other(writer, kind, standing, row)
    if other is not None:
        _refuse_other(writer, kind, other, row)
    problems = writer.impossible(kind, [facts], [row]).get(0, ())
    if isinstance(facts, PatientFacts):
        problems = _born_too_late(writer, facts, standing.entity_id)
    if problems:
        raise FactsError(problems)
    new = next_id(writer.connection, kind.name)
    successor = Successor(standing.entity_id, standing.id, reason, voided=False)
    insert_successor(writer.connection, kind, writer.stamp, new, successor, row, save_key)
    if isinstance(facts, AssessmentFacts):
        writer.attach([new], [facts])
    return new


def _other(writer: Adding, kind: Kind, standing: Standing, row: Row) -> int | None:
    """Another row that stands under the key a row changes to."""
    own, before = kind.own_key(row), standing.row
    if own == kind.own_key(before):
        return None
    known, key = current_keys(writer.connection, kind, [row], writer.links), key_of(kind, row, writer.links)
    other = known.get(own)
    if other is None and key != key_of(kind, before, writer.links):
        other = known.get(key)
    return None if other == standing.id else other


def _refuse_other(writer: Adding, kind: Kind, row_id: int, row: Row) -> None:
    found = find_standing(writer.connection, kind, "c.id = :row", row=row_id)[0]
    stored, given = _told(writer, kind, found.row), _told(writer, kind, row)
    other = [name for name, value in stored.items() if value != given[name]]
    old, new = {name: stored[name] for name in other}, {name: given[name] for name in other}
    raise ConflictError(kind.subject(row), old, new, found.id, found.entity_id)


def _told(writer: Adding, kind: Kind, row: Row) -> dict[str, Any]:
    """A row by column for a person to read, who knows a patient by number and not by id."""
    told = kind.told(row)
    if not kind.is_of_patients:
        return told
    sql = f"SELECT c.mrn FROM patient c WHERE c.entity_id = :patient AND {current('patient')}"  # noqa: S608
    ((number,),) = ask(writer.connection, sql, patient=told.pop("patient_id"))
    return {"patient_number": number, **told}


def _born_too_late(writer: Adding, facts: PatientFacts, entity_id: int) -> tuple[Problem, ...]:
    first = _first_day(writer, entity_id)
    if facts.birth_date is None or first is None or day_number(facts.birth_date) <= first:
        return ()
    allowed = f"before the first thing recorded of this patient, {day_of(first)}"
    return (refused("birth_date", "Birth date", facts.birth_date, allowed),)


def _first_day(writer: Adding, entity_id: int) -> int | None:
    """The clinic's day of the first thing that stands recorded of a patient."""
    days: list[int] = []
    whose, bound = among(writer.connection, "c.patient_id", people(writer.links, [entity_id]))
    for table, at, on in DATED:
        sql = f"SELECT min({at}), min({on}) FROM {table} c WHERE {whose} AND {current(table)}"  # noqa: S608
        ((moment, day),) = ask(writer.connection, sql, patient_id=bound)
        if moment is not None:
            days.append(day_number(moment_of(moment).astimezone(writer.zone).date()))
        if day is not None:
            days.append(day)
    return min(days, default=None)
