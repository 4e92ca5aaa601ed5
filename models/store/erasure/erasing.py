"""A person taken out of the record: the one lawful exception to its rule that nothing is ever deleted.

One transaction takes every row of the person (names, number, birth date, courses, infusions, scores,
answers, alerts, the reasons of corrections) and what the audit trail tells of them, and writes down in their
stead that somebody was erased: when, by whom, why, how many rows of each table, and a digest of their ids.
The trail stays one that can be checked (`trail.erased_events`), and a row that vanishes otherwise is still
found. The database lets the rows of this one person go only while a row of `erasing` names them, which
no transaction can leave behind (`models.store.migrations.triggers_0005`).

Records that are linked as one person's go together, with every link of theirs. A thing is whose its latest
version is. What was recorded of the person by mistake and corrected to be
somebody else's stays with them, from its first version on. What was typed about another person's row, and
names this one, nobody can find.

With `keep_scores` the rows stay under a random code, so that a published rate can be counted again: without
names, number, birth date, sex, weights, reasons, answers and alerts. Dates of treatment and totals stay, and
with them the rows are pseudonymous and not anonymous: they may still be personal data at law, and an erasure
that somebody is entitled to is the one without it.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.store.audit.events import Event, append, canonical
from models.store.audit.inserting import insert
from models.store.audit.reasons import reason_of
from models.store.engine.asking import ask, tell
from models.store.engine.database import driver_of, is_sqlite, reading, writing
from models.store.engine.errors import NotFoundError
from models.store.engine.lookup import ERASED, among, next_id, next_moment
from models.store.record.merges import links, people
from models.store.trail.erased_events import ACTION, TrailOf
from models.store.trail.erasures import Erasure, number_digest, same_people
from models.tables import Erasure as ErasureRow
from models.tables.columns import moment_number, moment_of
from models.tables.facts import FactsError
from models.tables.facts.problems import refused

SHORTEST: Final = 10
"""Characters of a reason."""
OF_CARE: Final = ("course", "infusion", "assessment")
OF_ANSWERS: Final = ("item_score", "safety_alert")
LINKS: Final = "merged_patient"
TABLES: Final = ("patient", LINKS, *OF_CARE, *OF_ANSWERS)
"""What is kept of a person; what refers to others stands behind them."""
GONE: Final = "erased with the person"
"""What stands for the reason of a correction whose scores are kept."""

_WITHOUT: Final[Mapping[str, str]] = {
    "patient": "given_name = NULL, family_name = NULL, birth_date = NULL, sex = NULL, "
    "part2_consent_until = NULL, ",
    "course": "",
    "infusion": "weight_kg = NULL, ",
    "assessment": "suicide_item = NULL, status = 'total_only', ",
    LINKS: "",
}
"""What goes of a row that is kept under a code."""


class Done(NamedTuple):
    """An erasure, and how many rows of each table it took or stripped."""

    erasure: Erasure
    counts: dict[str, int]


def erase(
    engine: Engine,
    *patient_ids: int,
    by: str,
    at: datetime,
    reason: str,
    keep_scores: bool = False,
    again: Erasure | None = None,
) -> Done:
    """Erase one person, by the entity id of any record that is theirs, all or nothing.

    Whatever records are linked to it are the person's as well. `again` is an erasure that this one repeats.
    `NotFoundError` when the record has nobody of that id; `FactsError` when the reason says too little, or
    who it was.
    """
    why = reason_of(reason, SHORTEST)
    with writing(engine) as connection:
        if is_sqlite(connection):
            driver_of(connection).execute("PRAGMA secure_delete=ON").fetchall()
        known = links(connection)
        ids = sorted(people(known, patient_ids), key=lambda each: (each in known, each))
        versions = _versions(connection, ids)
        if again is None:
            _refuse_telling(why, versions)
        rows, others = _rows_of(connection, ids)
        rows["patient"] = sorted(version.id for version in versions)
        trail = TrailOf(connection, ids, _touched(rows, others))
        number, moment = next_id(connection, "erasure"), next_moment(connection, at)
        last = [next_id(connection, table) - 1 for table in ERASED]
        kept = f"erased-{secrets.token_hex(6)}" if keep_scores else None
        kept = again.known_as if again else kept
        numbers = _recognised_by(connection, ids, versions)
        with _permitted(connection, ids):
            _settle(connection, ids, rows, others)
            took = _strip(connection, ids, rows, kept) if kept else _delete(connection, rows)
            told = trail.cut(number)
            done = Erasure(number, ids[0], numbers, kept, why, moment_of(moment), by, sum(took.values()))
            _write_down(connection, done, last)
            hashed = hashlib.sha256(canonical(rows).encode()).hexdigest()
            detail = {"erasure": number, "known_as": kept, "reason": why, "took": took, "ids": hashed, **told}
            append(connection, [Event(ACTION, f"patient {ids[0]}", ids[0], detail=detail)], by=by, at=at)
        counts = {table: took[table] for table in TABLES}
        return Done(done, counts)


def see_reason(engine: Engine, patient_ids: Sequence[int], why: str) -> None:
    """`FactsError` when the reason says too little, or who one of these people is, in any record."""
    reason = reason_of(why, SHORTEST)
    if patient_ids:
        with reading(engine) as connection:
            ids = people(links(connection), patient_ids)
            _refuse_telling(reason, _versions(connection, sorted(ids)))


def erase_again(engine: Engine, known: Sequence[Erasure], *, by: str, at: datetime) -> list[Done]:
    """Erase whoever an older copy of the record still has of those that were erased since, one by one."""
    done = []
    for one in known:
        found = same_people(engine, one)
        if found:
            done.append(erase(engine, *found, by=by, at=at, reason=one.reason, again=one))
    return done


class _Version(NamedTuple):
    """A version of who somebody is."""

    id: int
    entity_id: int
    mrn: str
    given_name: str | None
    family_name: str | None


def _versions(connection: Connection, ids: Sequence[int]) -> list[_Version]:
    """Every version of who a person is, as recorded."""
    which, bound = among(connection, "entity_id", ids)
    sql = f"SELECT {', '.join(_Version._fields)} FROM patient WHERE {which} ORDER BY id"  # noqa: S608
    found = [_Version(*row) for row in ask(connection, sql, entity_id=bound)]
    if {version.entity_id for version in found} != set(ids):
        raise NotFoundError("patient")
    return found


@contextmanager
def _permitted(connection: Connection, ids: Sequence[int]) -> Iterator[None]:
    """While this runs the database lets the person's rows go; it ends with the erasure told, or nothing."""
    for each in ids:
        tell(connection, "INSERT INTO erasing (patient_id, never) VALUES (:patient, 0)", patient=each)
    yield
    tell(connection, "DELETE FROM erasing WHERE patient_id <> :first", first=ids[0])
    tell(connection, "DELETE FROM erasing")


def _recognised_by(
    connection: Connection, ids: Sequence[int], versions: Sequence[_Version]
) -> dict[int, list[str]]:
    """By record, the digests of the numbers it had, the last one first."""
    numbers: dict[int, list[str]] = {each: [] for each in ids}
    for version in reversed(versions):
        numbers[version.entity_id].append(number_digest(connection, version.mrn))
    return numbers


def _write_down(connection: Connection, done: Erasure, last: Sequence[int]) -> None:
    """Write the row of an erasure; `last` are the highest ids there were of what can be erased."""
    numbers = canonical({str(each): had for each, had in done.numbers.items()})
    known = (done.id, done.patient_id, numbers, done.known_as, done.reason, moment_number(done.at), done.by)
    insert(connection, "erasure", tuple(ErasureRow.model_fields), [(*known, done.rows, *last)])


def _refuse_telling(why: str, versions: Sequence[_Version]) -> None:
    """The reason stays for ever; it must not be where the name does."""
    said = _spaced(why)
    words = {*said.split(), *why.casefold().replace(",", " ").replace(".", " ").split()}
    for version in versions:
        for identifier in filter(None, (version.mrn, version.given_name, version.family_name)):
            if words.issuperset(identifier.casefold().split()) or _spaced(identifier) in said:
                raise FactsError([refused("why", "The reason", why, "one that does not say who it was")])


def _spaced(text: str) -> str:
    """Letters and digits of a text, in words with a space before and after each: `Adler's` has `adler`."""
    words = re.findall(r"\w+", text.casefold())
    return f" {' '.join(words)} "


def _rows_of(
    connection: Connection, ids: Sequence[int]
) -> tuple[dict[str, list[int]], dict[str, dict[int, int]]]:
    """The ids of all rows that are the person's, by table; of those that are somebody else's now, whose."""
    rows: dict[str, list[int]] = {}
    others: dict[str, dict[int, int]] = {}
    for table in OF_CARE:
        which, bound = among(connection, "patient_id", ids)
        sql = (
            f"SELECT entity_id, id, patient_id FROM {table} WHERE entity_id IN "  # noqa: S608
            f"(SELECT entity_id FROM {table} WHERE {which}) ORDER BY id"
        )
        versions: dict[int, list[tuple[int, int]]] = {}
        for entity, row_id, whose in ask(connection, sql, patient_id=bound):
            versions.setdefault(entity, []).append((row_id, whose))
        mine = [each for each in versions.values() if each[-1][1] in ids]
        theirs = [each for each in versions.values() if each[-1][1] not in ids]
        rows[table] = sorted(row_id for each in mine for row_id, _ in each)
        others[table] = {row_id: each[-1][1] for each in theirs for row_id, whose in each if whose in ids}
    for table in OF_ANSWERS:
        rows[table] = _ids(connection, table, "assessment_id", ("assessment_id",), rows["assessment"])
    rows[LINKS] = _ids(connection, LINKS, "id", ("survivor_id", "retired_id"), ids)
    return rows, others


def _ids(
    connection: Connection, table: str, key: str, columns: tuple[str, ...], values: Sequence[int]
) -> list[int]:
    """The keys of the rows in which one of these columns holds one of these values."""
    found: set[int] = set()
    for column in columns:
        which, bound = among(connection, column, values)
        sql = f"SELECT {key} FROM {table} WHERE {which}"  # noqa: S608
        found.update(row[0] for row in ask(connection, sql, **{column: bound}))
    return sorted(found)


def _touched(rows: Mapping[str, list[int]], others: Mapping[str, Mapping[int, int]]) -> dict[str, list[int]]:
    """Every row that is not afterwards what it was."""
    return {table: [*ids, *others.get(table, ())] for table, ids in rows.items()}


def _settle(
    connection: Connection,
    ids: Sequence[int],
    rows: Mapping[str, list[int]],
    others: Mapping[str, Mapping[int, int]],
) -> None:
    """Let all versions of a thing be of the person whose the latest one is."""
    for table in OF_CARE:
        mine, bound = among(connection, "id", rows[table])
        known, people_bound = among(connection, "patient_id", ids)
        sql = f"UPDATE {table} SET patient_id = :first WHERE {mine} AND NOT {known}"  # noqa: S608
        tell(connection, sql, first=ids[0], id=bound, patient_id=people_bound)
        for row_id, whose in others[table].items():
            sql = f"UPDATE {table} SET patient_id = :whose WHERE id = :row"  # noqa: S608
            tell(connection, sql, whose=whose, row=row_id)


def _delete(
    connection: Connection, rows: Mapping[str, list[int]], tables: Sequence[str] = TABLES
) -> dict[str, int]:
    """What refers to others goes first."""
    counts = {}
    for table in reversed(tables):
        column = "assessment_id" if table in OF_ANSWERS else "id"
        which, bound = among(connection, column, rows[table])
        counts[table] = tell(connection, f"DELETE FROM {table} WHERE {which}", **{column: bound})  # noqa: S608
    return counts


def _strip(
    connection: Connection, ids: Sequence[int], rows: Mapping[str, list[int]], known_as: str
) -> dict[str, int]:
    """Leave what is counted, under a code; of linked records each under its own."""
    counts = _delete(connection, rows, OF_ANSWERS)
    for table, without in _WITHOUT.items():
        which, bound = among(connection, "id", rows[table])
        reason = f"reason = CASE WHEN reason IS NULL THEN NULL ELSE '{GONE}' END"
        sql = f"UPDATE {table} SET {without}{reason} WHERE {which}"  # noqa: S608
        counts[table] = tell(connection, sql, id=bound)
    for place, each in enumerate(ids):
        code = known_as if not place else f"{known_as}-{place + 1}"
        tell(connection, "UPDATE patient SET mrn = :code WHERE entity_id = :id", code=code, id=each)
    return counts
