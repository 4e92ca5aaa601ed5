"""A clinic moved to another database, from SQLite to PostgreSQL or back, and compared row for row.

Every row keeps its id, who, when and why. What the target's own rules refuse is not moved, and neither is
anything else then: it is one transaction.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice, zip_longest
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Table, Text, inspect, text

from models import tables
from models.store.audit.events import carried
from models.store.audit.inserting import insert_many
from models.store.engine.database import WRITTEN, is_sqlite, place_of, reading, writing
from models.store.engine.errors import BackupError, WrongVersionError
from models.store.moves.migrate import newest, revision, upgrade

AT_ONCE: Final = 10_000
"""Rows on their way at a time."""


class Moved(NamedTuple):
    """How many rows a table has, and the SHA-256 of them all: the same on both sides."""

    rows: int
    sha256: str


def move(source: Engine, target: Engine) -> dict[str, Moved]:
    """Copy a record whole into an empty database; what each of its tables then holds, on both sides alike.

    `WrongVersionError` when the source is not of this version. `BackupError` when the target holds anything,
    or when afterwards a row is not what it was; then the target is as empty as before.
    """
    with reading(source) as there, writing(target, rebuilds=True) as here:
        _refuse_other_version(there)
        if inspect(here).get_table_names():
            raise BackupError(f"{place_of(target)} is not empty; nothing was copied. Name a new database.")
        upgrade(here)
        here.get_execution_options()[WRITTEN].key = b"carried"  # what tells of these rows comes with them
        every = tables.Table.metadata.sorted_tables
        _refuse_unknown_tables(there, every)
        for table in every:
            names = [column.name for column in table.columns]
            with _rows(there, table) as rows:
                while some := list(islice(rows, AT_ONCE)):
                    insert_many(here, table.name, names, some)
        moved = {table.name: _compared(table, there, here) for table in every}
        if is_sqlite(target) and here.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise BackupError("Rows of the copy refer to nothing; nothing was copied.")
        set_sequences(here)
        carried(here)
        return moved


def set_sequences(connection: Connection) -> None:
    """Let PostgreSQL's counters go on after the highest number that was copied; SQLite's do by themselves."""
    if is_sqlite(connection):
        return
    for table in inspect(connection).get_table_names():
        for column in inspect(connection).get_columns(table):
            asked = text("SELECT pg_get_serial_sequence(:table, :column)")
            counter = connection.execute(asked, {"table": f'"{table}"', "column": column["name"]}).scalar()
            if counter:
                last = f'SELECT max("{column["name"]}") FROM "{table}"'  # noqa: S608
                next_one = f"SELECT setval(:counter, coalesce(({last}), 0) + 1, false)"
                connection.execute(text(next_one), {"counter": counter})


def canonical(row: Iterable[Any]) -> bytes:
    """A row as the same bytes on every engine: a yes of PostgreSQL is SQLite's 1, bytes are hexadecimal."""
    values = [
        int(value) if isinstance(value, bool) else {"hex": value.hex()} if isinstance(value, bytes) else value
        for value in row
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _refuse_other_version(connection: Connection) -> None:
    found = revision(connection)
    if found != newest():
        raise WrongVersionError(
            f"The record is of another version ({found}, not {newest()}); run `seventy migrate` on it first."
        )


def _refuse_unknown_tables(connection: Connection, known: list[Table]) -> None:
    unknown = set(inspect(connection).get_table_names()) - {"alembic_version", *(one.name for one in known)}
    if unknown:
        raise BackupError(
            f"The record also holds {', '.join(sorted(unknown))}, which is not Seventy's; nothing was copied."
        )


def _compared(table: Table, there: Connection, here: Connection) -> Moved:
    """Read a table on both sides, in the same order; `BackupError` names the first row that differs."""
    number, whole = 0, hashlib.sha256()
    with _rows(there, table) as rows, _rows(here, table) as copies:
        for number, (row, copied) in enumerate(zip_longest(rows, copies), start=1):
            line = None if row is None else canonical(row)
            if line is None or copied is None or line != canonical(copied):
                raise BackupError(f"{table.name}: row {number} is not what it was; nothing was copied.")
            whole.update(line + b"\n")
    return Moved(number, whole.hexdigest())


@contextmanager
def _rows(connection: Connection, table: Table) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The rows as the engine keeps them, by primary key: the same order on every engine."""
    bytewise = "" if is_sqlite(connection) else ' COLLATE "C"'
    order = ", ".join(
        f'"{column.name}"{bytewise if isinstance(column.type, Text) else ""}' for column in table.primary_key
    )
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    sql = text(f'SELECT {columns} FROM "{table.name}" ORDER BY {order}')  # noqa: S608
    streamed = {"stream_results": True, "yield_per": AT_ONCE}
    with connection.execute(sql, execution_options=streamed) as found:
        yield (tuple(row) for row in found)
