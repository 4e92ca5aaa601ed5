"""What stands in the record, asked inside a transaction. A few SQL sentences, each written once."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from models.store.engine.asking import ask
from models.store.engine.database import is_sqlite
from models.store.rows.kinds import ASSESSMENT, VERSION, Kind, Row
from models.tables.columns import moment_number

FRAMES = ("patient", "course", "infusion", "assessment")
TABLES = ("clinic", *FRAMES, "merged_patient")
LEDGER = (
    ("claim", "recorded_at"),
    ("claim_lock", "locked_at"),
    ("claim_look", "looked_at"),
    ("erasure", "erased_at"),
)
"""What is recorded beside the frames, and the column that says when: in the same time."""
ERASED = (*FRAMES, "merged_patient")
"""Tables whose rows can be erased: no id of theirs is given again."""


class Stored(NamedTuple):
    """A recorded row: which version of what, and its values."""

    id: int
    entity_id: int
    recorded_at: int
    recorded_by: str
    supersedes_id: int | None
    voided: bool
    reason: str | None
    save_key: str | None
    row: Row


class Standing(NamedTuple):
    """A row others are held against, with the items of an assessment that has them."""

    id: int
    entity_id: int
    row: Row
    items: Mapping[int, int]


def current(table: str, *, known_at: int | None = None) -> str:
    """The condition that a row `c` is neither withdrawn nor superseded, or was neither at a moment."""
    then = "" if known_at is None else f" AND newer.recorded_at <= {known_at}"
    newer = f"SELECT 1 FROM {table} newer WHERE newer.supersedes_id = c.id{then}"  # noqa: S608
    return f"NOT c.voided AND NOT EXISTS ({newer})"


def among(
    connection: Connection, column: str, values: Collection[Any], *, name: str | None = None
) -> tuple[str, Any]:
    """The condition that a column holds one of these values, and what to bind to its name, or another."""
    name = name or column.rpartition(".")[2]
    if len(values) == 1:
        return f"{column} = :{name}", next(iter(values))
    if is_sqlite(connection):
        return f"{column} IN (SELECT value FROM json_each(:{name}))", json.dumps(list(values))  # noqa: S608
    return f"{column} = ANY(:{name})", list(values)


def find(connection: Connection, kind: Kind, condition: str, **values: Any) -> list[Stored]:
    """Rows of a kind, any version, in the order they were recorded."""
    listed = ", ".join(f"c.{column}" for column in (*VERSION, *kind.columns))
    sql = f"SELECT {listed} FROM {kind.name} c WHERE {condition} ORDER BY c.id"  # noqa: S608
    width = len(VERSION)
    return [Stored._make((*row[:width], row[width:])) for row in ask(connection, sql, **values)]


def find_standing(connection: Connection, kind: Kind, condition: str, **values: Any) -> list[Standing]:
    """Rows of a kind to hold others against."""
    listed = ", ".join(f"c.{column}" for column in kind.columns)
    sql = f"SELECT c.id, c.entity_id, {listed} FROM {kind.name} c WHERE {condition}"  # noqa: S608
    rows = ask(connection, sql, **values)
    items = items_of(connection, [row[0] for row in rows]) if kind is ASSESSMENT and rows else {}
    return [Standing(row[0], row[1], tuple(row[2:]), items.get(row[0], {})) for row in rows]


def items_of(connection: Connection, ids: Collection[int]) -> dict[int, dict[int, int]]:
    """The item scores of assessments, by row id; those without items are left out."""
    condition, bound = among(connection, "assessment_id", ids)
    sql = f"SELECT assessment_id, item, score FROM item_score WHERE {condition} ORDER BY item"  # noqa: S608
    items: dict[int, dict[int, int]] = {}
    for assessment_id, item, score in ask(connection, sql, assessment_id=bound):
        items.setdefault(assessment_id, {})[item] = score
    return items


def births(connection: Connection, patient_ids: Collection[int]) -> dict[int, int | None]:
    """The birth day of each of these patients that is in the record and was not withdrawn."""
    condition, bound = among(connection, "c.entity_id", patient_ids)
    living = f"{condition} AND {current('patient')}"
    sql = f"SELECT c.entity_id, c.birth_date FROM patient c WHERE {living}"  # noqa: S608
    return dict(ask(connection, sql, entity_id=bound))


def has_part2(connection: Connection) -> bool:
    """Whether a patient in the record is under 42 CFR Part 2."""
    return bool(ask(connection, f"SELECT 1 FROM patient c WHERE c.part2 AND {current('patient')} LIMIT 1"))  # noqa: S608


def clinic(connection: Connection) -> tuple[int, ZoneInfo]:
    """The clinic's entity id and its time zone."""
    sql = f"SELECT c.entity_id, c.time_zone FROM clinic c WHERE {current('clinic')}"  # noqa: S608
    ((entity_id, zone),) = ask(connection, sql)
    return entity_id, ZoneInfo(zone)


def clinic_name(connection: Connection) -> str:
    """What the clinic is called, empty until somebody says."""
    ((name,),) = ask(connection, f"SELECT c.name FROM clinic c WHERE {current('clinic')}")  # noqa: S608
    return str(name or "")


def crisis_text(connection: Connection) -> str:
    """What the clinic tells somebody who speaks of suicide."""
    ((text,),) = ask(connection, f"SELECT c.crisis_text FROM clinic c WHERE {current('clinic')}")  # noqa: S608
    return str(text)


def next_id(connection: Connection, table: str) -> int:
    """The id of the next row, which no row had before; only the writer may ask."""
    standing = f"SELECT max(id) AS id FROM {table}"  # noqa: S608
    erased = f" UNION ALL SELECT max(last_{table}) FROM erasure" if table in ERASED else ""  # noqa: S608
    ((new,),) = ask(connection, f"SELECT coalesce(max(id), 0) + 1 FROM ({standing}{erased}) known")  # noqa: S608
    return int(new)


def next_moment(connection: Connection, at: datetime) -> int:
    """The moment to record: the given one, or just after the newest row when a clock went back.

    Therefore what is recorded later is also dated later, and an answer `known_at` a moment stays the same.
    """
    newest = newest_moment(connection)
    moment = moment_number(at)
    return moment if moment >= newest else newest + 1


def newest_moment(connection: Connection) -> int:
    """When the newest row was stored, by the clock of whoever stored it; 0 before there is any."""
    return max((row[0] for row in ask(connection, _NEWEST) if row[0] is not None), default=0)


_NEWEST = " UNION ALL ".join(
    f"SELECT (SELECT {moment} FROM {table} ORDER BY id DESC LIMIT 1)"  # noqa: S608
    for table, moment in (*((table, "recorded_at") for table in TABLES), *LEDGER)
)
