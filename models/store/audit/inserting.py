"""Rows into tables: the few of a save in one sentence, many by `executemany` on SQLite, COPY on PostgreSQL.

Nothing else inserts, so what was written is known here, and is what the audit trail is told.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.store.audit.key import key_of
from models.store.engine.asking import tell_many
from models.store.engine.database import WRITTEN, driver_of, is_sqlite, said
from models.store.rows.digests import SHAPES, Written
from models.store.rows.kinds import VERSION, Kind, Row


class Stamp(NamedTuple):
    """Who records, and the moment as the database keeps it."""

    by: str
    moment: int


class Successor(NamedTuple):
    """What a later version says of the one before it."""

    entity_id: int
    supersedes_id: int
    reason: str
    voided: bool


_FEW: Final = 25
"""As many rows as one save has of one kind. COPY takes two round trips, `executemany` a step for each row."""

_FIRST: Final = "?1, ?1, {moment}, ?2, NULL, 0, NULL, ?3"
"""A first version in SQLite's words: what all rows have in common is said once, not bound a million times."""


def insert_first(
    connection: Connection,
    kind: Kind,
    stamp: Stamp,
    ids: Sequence[int],
    rows: Sequence[Row],
    save_key: str | None,
) -> None:
    """First versions, each its own entity."""
    if not rows:
        return
    columns = (*VERSION, *kind.columns)
    version = (stamp.moment, stamp.by, None, False, None, save_key)
    whole = [(new, new, *version, *row) for new, row in zip(ids, rows, strict=True)]
    if len(rows) <= _FEW:
        insert(connection, kind.name, columns, whole)
        return
    _written(connection, kind.name, columns, whole)
    if is_sqlite(connection):
        given = ", ".join(f"?{number}" for number in range(4, 4 + len(kind.columns)))
        places = f"{_FIRST.format(moment=stamp.moment)}, {given}"
        filled = [(new, stamp.by, save_key, *row) for new, row in zip(ids, rows, strict=True)]
        _executemany(connection, kind.name, columns, places, filled)
    else:
        _copy(connection, kind.name, columns, whole)


def insert_successor(
    connection: Connection,
    kind: Kind,
    stamp: Stamp,
    new: int,
    successor: Successor,
    row: Row,
    save_key: str | None,
) -> None:
    """A correction or a withdrawal."""
    version = (
        new,
        successor.entity_id,
        stamp.moment,
        stamp.by,
        successor.supersedes_id,
        successor.voided,
        successor.reason,
        save_key,
    )
    insert(connection, kind.name, (*VERSION, *kind.columns), [(*version, *row)])


def insert(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Rows of any table, whole."""
    if len(rows) > _FEW:
        insert_many(connection, table, columns, rows)
    elif rows:
        _written(connection, table, columns, rows)
        _at_once(connection, table, columns, rows)


def insert_many(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Rows as either engine hands them over: to PostgreSQL a yes may come as SQLite's 1."""
    _written(connection, table, columns, rows)
    if is_sqlite(connection):
        _executemany(connection, table, columns, ", ".join("?" for _ in columns), rows)
    else:
        _copy(connection, table, columns, rows)


def _written(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    written: Written = connection.get_execution_options()[WRITTEN]
    if written.key is None and table in SHAPES:
        written.key = key_of(connection)
    written.note(table, columns, rows)


def _at_once(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    sql = _sentence(table, tuple(columns), len(rows), "?" if is_sqlite(connection) else "%s")
    with said(connection, sql):
        driver_of(connection).execute(sql, [value for each in rows for value in each])


@lru_cache(256)
def _sentence(table: str, columns: tuple[str, ...], rows: int, mark: str) -> str:
    row = f"({', '.join(mark for _ in columns)})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join(row for _ in range(rows))}"  # noqa: S608


def _executemany(
    connection: Connection, table: str, columns: Sequence[str], places: str, rows: Sequence[Row]
) -> None:
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
    tell_many(connection, sql, rows)


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with said(connection, sql), driver_of(connection).cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)
