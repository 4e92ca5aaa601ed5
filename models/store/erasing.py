"""A person taken out of the record: the one lawful exception to its rule that nothing is ever deleted.

One transaction takes every row of the person (names, number, birth date, courses, infusions, scores,
answers, alerts, the reasons of corrections) and what the audit trail tells of them, and writes down in their
stead that somebody was erased: when, by whom, why, how many rows of each table, and a digest of their ids.
The trail stays one that can be checked (`models.store.erased_events`), and a row that vanishes otherwise is
still found. The database lets the rows of this one person go only while a row of `erasing` names them, which
no transaction can leave behind (`models.store.migrations.triggers_0005`).

A thing is whose its latest version is. What was recorded of the person by mistake and corrected to be
somebody else's stays with them, from its first version on. What was typed about another person's row, and
names this one, nobody can find.

With `keep_scores` the rows stay under a random code, so that a published rate can be counted again: without
names, number, birth date, sex, weights, reasons, answers and alerts. Dates of treatment and totals stay, and
with them the rows are pseudonymous and not anonymous: they may still be personal data at law, and an erasure
that somebody is entitled to is the one without it.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.store.asking import ask, tell
from models.store.audit import Event, append, canonical
from models.store.database import driver_of, is_sqlite, writing
from models.store.erased_events import ACTION, TrailOf
from models.store.erasures import Erasure, number_digest, same_person
from models.store.errors import NotFoundError
from models.store.inserting import insert
from models.store.lookup import ERASED, among, next_id, next_moment
from models.store.reasons import reason_of
from models.tables import Erasure as ErasureRow
from models.tables.columns import moment_of
from models.tables.facts import FactsError
from models.tables.facts.problems import refused

SHORTEST: Final = 10
"""Characters of a reason."""
OF_CARE: Final = ("course", "infusion", "assessment")
OF_ANSWERS: Final = ("item_score", "safety_alert")
GONE: Final = "erased with the person"
"""What stands for the reason of a correction whose scores are kept."""

_WITHOUT: Final[Mapping[str, str]] = {
    "patient": "mrn = :code, given_name = NULL, family_name = NULL, birth_date = NULL, sex = NULL, ",
    "course": "",
    "infusion": "weight_kg = NULL, ",
    "assessment": "suicide_item = NULL, status = 'total_only', ",
}
"""What goes of a row that is kept under a code."""


class Done(NamedTuple):
    """An erasure, how many rows of each table it took or stripped, and since when they were on record."""

    erasure: Erasure
    counts: dict[str, int]
    since: datetime


def erase(
    engine: Engine,
    patient_id: int,
    *,
    by: str,
    at: datetime,
    reason: str,
    keep_scores: bool = False,
    again: Erasure | None = None,
) -> Done:
    """Erase one person (their entity id), all or nothing; `again` is an erasure this one repeats.

    `NotFoundError` when the record has nobody of that id; `FactsError` when the reason says too little, or
    who it was.
    """
    why = reason_of(reason, SHORTEST)
    with writing(engine) as connection:
        if is_sqlite(connection):
            driver_of(connection).execute("PRAGMA secure_delete=ON").fetchall()
        people = _versions(connection, patient_id)
        if again is None:
            _refuse_telling(why, people)
        rows, others = _rows_of(connection, patient_id, [row[0] for row in people])
        trail = TrailOf(connection, [patient_id], _touched(rows, others))
        number, moment = next_id(connection, "erasure"), next_moment(connection, at)
        last = [next_id(connection, table) - 1 for table in ERASED]
        kept = f"erased-{secrets.token_hex(6)}" if keep_scores else None
        kept = again.known_as if again else kept
        tell(connection, "INSERT INTO erasing (patient_id, never) VALUES (:patient, 0)", patient=patient_id)
        _settle(connection, patient_id, rows, others)
        counts = _strip(connection, rows, kept) if kept else _delete(connection, rows)
        told = trail.cut(number)
        numbers = dict.fromkeys(number_digest(connection, row[1]) for row in reversed(people))
        total = sum(counts.values())
        written = (number, patient_id, " ".join(numbers), kept, why, moment, by, total, *last)
        insert(connection, "erasure", tuple(ErasureRow.model_fields), [written])
        ids = hashlib.sha256(canonical(rows).encode()).hexdigest()
        detail = {"erasure": number, "known_as": kept, "reason": why, "counts": counts, "ids": ids, **told}
        event = Event(ACTION, f"patient {patient_id}", patient_id, detail=detail)
        append(connection, [event], by=by, at=at)
        tell(connection, "DELETE FROM erasing")
        erasure = Erasure(number, patient_id, tuple(numbers), kept, why, moment_of(moment), by, total)
        return Done(erasure, counts, moment_of(people[0][4]))


def erase_again(engine: Engine, known: Sequence[Erasure], *, by: str, at: datetime) -> list[Done]:
    """Erase whoever an older copy of the record still has of those that were erased since, one by one."""
    done = []
    for one in known:
        found = same_person(engine, one)
        if found is not None:
            done.append(erase(engine, found, by=by, at=at, reason=one.reason, again=one))
    return done


def _versions(connection: Connection, patient_id: int) -> list[tuple[Any, ...]]:
    """Every version of who somebody is: id, number, given and family name, when recorded."""
    columns = "id, mrn, given_name, family_name, recorded_at"
    sql = f"SELECT {columns} FROM patient WHERE entity_id = :id ORDER BY id"  # noqa: S608
    found = ask(connection, sql, id=patient_id)
    if not found:
        raise NotFoundError("patient")
    return found


def _refuse_telling(why: str, people: Sequence[tuple[Any, ...]]) -> None:
    """The reason stays for ever; it must not be where the name does."""
    words = set(why.casefold().replace(",", " ").replace(".", " ").split())
    for _, *identifiers, _ in people:
        for identifier in filter(None, identifiers):
            if words.issuperset(identifier.casefold().split()):
                raise FactsError([refused("why", "The reason", why, "one that does not say who it was")])


def _rows_of(
    connection: Connection, patient_id: int, people: list[int]
) -> tuple[dict[str, list[int]], dict[str, dict[int, int]]]:
    """The ids of all rows that are the person's, by table; of those that are somebody else's now, whose."""
    rows, others = {"patient": people}, {}
    for table in OF_CARE:
        sql = (
            f"SELECT entity_id, id, patient_id FROM {table} WHERE entity_id IN "  # noqa: S608
            f"(SELECT entity_id FROM {table} WHERE patient_id = :patient) ORDER BY id"
        )
        versions: dict[int, list[tuple[int, int]]] = {}
        for entity, row_id, whose in ask(connection, sql, patient=patient_id):
            versions.setdefault(entity, []).append((row_id, whose))
        mine = [each for each in versions.values() if each[-1][1] == patient_id]
        rows[table] = sorted(row_id for each in mine for row_id, _ in each)
        others[table] = {
            row_id: each[-1][1]
            for each in versions.values()
            for row_id, whose in each
            if each[-1][1] != patient_id == whose
        }
    which, bound = among(connection, "assessment_id", rows["assessment"])
    for table in OF_ANSWERS:
        found = ask(
            connection,
            f"SELECT DISTINCT assessment_id FROM {table} WHERE {which} ORDER BY 1",  # noqa: S608
            assessment_id=bound,
        )
        rows[table] = [row_id for (row_id,) in found]
    return rows, others


def _touched(rows: Mapping[str, list[int]], others: Mapping[str, Mapping[int, int]]) -> dict[str, list[int]]:
    """Every row that is not afterwards what it was."""
    return {table: [*ids, *others.get(table, ())] for table, ids in rows.items()}


def _settle(
    connection: Connection,
    patient_id: int,
    rows: Mapping[str, list[int]],
    others: Mapping[str, Mapping[int, int]],
) -> None:
    """Let all versions of a thing be of the person whose the latest one is."""
    for table in OF_CARE:
        which, bound = among(connection, "id", rows[table])
        tell(
            connection,
            f"UPDATE {table} SET patient_id = :patient WHERE {which} AND patient_id <> :patient",  # noqa: S608
            patient=patient_id,
            id=bound,
        )
        for row_id, whose in others[table].items():
            tell(
                connection,
                f"UPDATE {table} SET patient_id = :whose WHERE id = :row",  # noqa: S608
                whose=whose,
                row=row_id,
            )


def _delete(connection: Connection, rows: Mapping[str, list[int]]) -> dict[str, int]:
    counts = {}
    for table in (*OF_ANSWERS, *reversed(OF_CARE), "patient"):
        column = "assessment_id" if table in OF_ANSWERS else "id"
        which, bound = among(connection, column, rows[table])
        counts[table] = tell(connection, f"DELETE FROM {table} WHERE {which}", **{column: bound})  # noqa: S608
    return {table: counts[table] for table in rows}


def _strip(connection: Connection, rows: Mapping[str, list[int]], code: str) -> dict[str, int]:
    """Leave what is counted, under a code."""
    counts = {}
    for table, ids in rows.items():
        if table in OF_ANSWERS:
            which, bound = among(connection, "assessment_id", ids)
            counts[table] = tell(connection, f"DELETE FROM {table} WHERE {which}", assessment_id=bound)  # noqa: S608
            continue
        which, bound = among(connection, "id", ids)
        reason = f"reason = CASE WHEN reason IS NULL THEN NULL ELSE '{GONE}' END"
        sql = f"UPDATE {table} SET {_WITHOUT[table]}{reason} WHERE {which}"  # noqa: S608
        values = {"code": code} if table == "patient" else {}
        counts[table] = tell(connection, sql, id=bound, **values)
    return counts
