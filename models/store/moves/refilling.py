"""A PostgreSQL record filled anew from a dump, in one transaction, while nobody else has it open."""

from collections.abc import Iterator, Mapping
from time import monotonic, sleep
from typing import Final

from sqlalchemy import Connection, Engine, inspect

from models.store.backups import dump
from models.store.backups.backup import Backup
from models.store.engine.database import WRITERS_TURN, place_of, reading, writing
from models.store.engine.errors import BackupError

STOP: Final = "Stop the dashboard and everything else that uses it, then try again. Nothing was changed."
SAVED_MEANWHILE: Final = "Someone saved while the record was backed up. Nothing was changed; restore again."
LEAVES_WITHIN: Final = 2.0
"""Seconds that somebody who has just let go of the record may still seem to have it."""
OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND coalesce(backend_type, 'client backend') = 'client backend'"
)
FUNCTIONS: Final = (
    "SELECT oid::regprocedure::text FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'seventy_')"
)


def refill(engine: Engine, found: Backup, held: Mapping[str, int], *, mark: str = "") -> None:
    """Put a dump in the place of all there is, as long as that has so many rows.

    `mark` is SQL of the same transaction. `BackupError` says why not, and that nothing was changed.
    """
    dump.run(found.path, engine.url, before=_room(engine, held), after=mark + _counted(found.counts))


def empty(engine: Engine) -> None:
    """Take away all there is; `BackupError` when somebody else has it open."""
    refuse_others(engine)
    with writing(engine) as connection:
        for statement in _dropping(connection):
            connection.exec_driver_sql(statement)
    engine.dispose()


def refuse_others(engine: Engine) -> None:
    """`BackupError` when somebody else has it open; who has just left is still listed for a moment."""
    patience = monotonic() + LEAVES_WITHIN
    while True:
        with reading(engine) as connection:
            others = connection.exec_driver_sql(OTHERS).scalar_one()
        if not others:
            return
        if monotonic() > patience:
            raise BackupError(f"{place_of(engine)} is in use. {STOP}")
        sleep(0.05)


def _dropping(connection: Connection) -> Iterator[str]:
    """SQL that takes away every table, and the functions that are ours."""
    tables = inspect(connection).get_table_names()
    functions = connection.exec_driver_sql(FUNCTIONS).scalars().all()
    yield from (f'DROP TABLE "{name}" CASCADE;' for name in tables)
    yield from (f"DROP FUNCTION {function};" for function in functions)


def _room(engine: Engine, held: Mapping[str, int]) -> str:
    """What makes room, in the transaction that fills it again."""
    refuse_others(engine)
    with reading(engine) as connection:
        dropping = list(_dropping(connection))
    engine.dispose()
    turn = f"SELECT pg_advisory_xact_lock({WRITERS_TURN});"
    return "\n".join(("BEGIN;", turn, _as_counted(held, SAVED_MEANWHILE), *dropping, ""))


def _counted(counts: Mapping[str, int]) -> str:
    return f"{_as_counted(counts, 'It does not hold the rows it should.')}\nCOMMIT;\n"


def _as_counted(counts: Mapping[str, int], otherwise: str) -> str:
    """SQL that ends the transaction unless every table has so many rows."""
    wrong = " OR ".join(
        ["false", *(f'(SELECT count(*) FROM public."{name}") <> {count}' for name, count in counts.items())]  # noqa: S608
    )
    return f"DO $$ BEGIN IF {wrong} THEN RAISE EXCEPTION '{otherwise}'; END IF; END $$;"
