"""What the record knows that a backup does not: who was erased since, who is held back, who is marked."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import typer
from sqlalchemy import Engine, inspect

from dashboard.cli.answering import say
from dashboard.cli.opening import engine_of
from dashboard.cli.row_words import counted
from models.store.accounts.staff import StaffAccount, accounts
from models.store.audit.events import trail_of
from models.store.backups.backup import Backup
from models.store.engine.database import is_sqlite, place_of, reading
from models.store.engine.errors import StoreError
from models.store.engine.sqlite import file_of, holds_bytes
from models.store.moves.held_consents import Marked, marked
from models.store.moves.migrate import revision
from models.store.trail.erasures import Erasure, erasures, same_people


class Last(NamedTuple):
    """What a record that is about to be replaced knew last: who was erased from it, and what accounts may.

    `marked` is who was under 42 CFR Part 2, `trail` the one it is known by.
    """

    erased: Sequence[Erasure] = ()
    accounts: Sequence[StaffAccount] = ()
    marked: Sequence[Marked] = ()
    trail: str | None = None


NOTHING: Final = Last()


def known_last(engine: Engine) -> Last:
    """From a record of this version or an older one; nothing where none stands."""
    if is_sqlite(engine) and not holds_bytes(file_of(engine.url)):
        return NOTHING
    try:
        with reading(engine) as connection:
            there = set(inspect(connection).get_table_names()) if revision(connection) else set()
            trail = trail_of(connection) if "audit_event" in there else None
            columns = inspect(connection).get_columns("patient") if "patient" in there else []
            known = marked(connection) if "part2" in {column["name"] for column in columns} else []
        erased = erasures(engine) if "erasure" in there else ()
        return Last(erased, accounts(engine) if "account" in there else (), known, trail)
    except StoreError:
        return NOTHING  # what cannot be read is not replaced, and is said by whoever tries
    finally:
        engine.dispose()


def tell_of_erased_in(copy: Engine, made: Backup, context: typer.Context, db: str | None) -> None:
    """How many are in a backup put beside its record who were erased from that since."""
    with suppress(StoreError):  # where the record cannot be asked, as on a new computer, nobody knows
        record = engine_of(context, db)
        last = known_last(record)
        there = [one for one in last.erased if same_people(copy, one)] if last.trail == made.trail else []
        if there:
            say(
                f"{counted(len(there), 'person who was', 'people who were')} erased from {place_of(record)} "
                f"since then may be in {place_of(copy)}: delete it after use, and hand it to nobody."
            )
