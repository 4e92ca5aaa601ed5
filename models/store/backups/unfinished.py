"""The mark of a PostgreSQL record that a restore has filled and not yet ended.

Filling it is one transaction; who is held back and erased again follows in others. Killed between them, it
would let in who was disabled since, and hold who was erased. So the transaction that fills it leaves a table,
which the one that tells of the restore takes away, and which everything else refuses.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine, inspect

from models.store.engine.asking import ask
from models.store.engine.database import reading
from models.store.engine.errors import UnfinishedError

TABLE: Final = "unfinished_restore"
_ENDS: Final = "seventy_ends_restore"


class Left(NamedTuple):
    """What a restore left that did not end; `kept` is the backup of what stood there, if anything did."""

    kept: Path | None


def marking(kept: Path | None) -> str:
    """SQL that marks the record, naming the backup kept of what stood there."""
    named = "NULL" if kept is None else "'{}'".format(str(kept).replace("'", "''"))
    return f"CREATE TABLE public.{TABLE} (kept text);\nINSERT INTO public.{TABLE} VALUES ({named});\n"


def unmark(connection: Connection) -> None:
    """Take the mark away, if there is one, in a writer's transaction."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")


def ending(engine: Engine) -> Engine:
    """The engine of whoever ends the restore, which alone opens a marked record."""
    return engine.execution_options(**{_ENDS: True})


def refuse_unfinished(connection: Connection, tables: Collection[str]) -> None:
    """`UnfinishedError` when a mark is among the tables of a record, unless for whoever ends the restore."""
    if TABLE in tables and not connection.get_execution_options().get(_ENDS):
        raise UnfinishedError


def left_in(engine: Engine) -> Left | None:
    """What the mark says; `None` without one."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(TABLE):
            return None
        ((kept,),) = ask(connection, f"SELECT kept FROM {TABLE}")  # noqa: S608
    return Left(None if kept is None else Path(kept))
