"""From no database, or an older one, to the shape this version keeps.

Run by code: at the first start and by `seventy migrate`. On a database that holds data, only with a verified
backup beside it; in one transaction, with foreign keys off while SQLite's tables are rebuilt (with them on,
rebuilding a table that others refer to can delete what refers to it); not one row may be missing afterwards.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from models.store import migrations
from models.store.audit.events import Event, append, begin
from models.store.backups.backup import backup, beside, row_counts
from models.store.backups.unfinished import refuse_unfinished
from models.store.engine.asking import ask_first
from models.store.engine.database import is_sqlite, reading, writing
from models.store.engine.errors import StoreError, WrongVersionError
from models.store.engine.files import moment_named
from models.store.record import ledger
from models.store.record.ledger import BY_ITSELF
from models.store.record.write import add_clinic
from models.store.trail.record_check import standing
from models.tables.facts import ClinicFacts

FOLDER: Final = Path(migrations.__file__).parent


class Migrated(NamedTuple):
    """From which revision to which, and the backup made before; `before` is `None` for a new database."""

    before: str | None
    after: str
    backup: Path | None


def start(engine: Engine, *, at: datetime) -> Migrated:
    """Make the database ready: created, or brought up to this version, with a clinic in it.

    From then on it also holds the advertised claim, and the question that is locked for it.

    Raises `CannotOpenError` when it cannot be opened, `WrongVersionError` when it is newer or not ours.
    """
    with reading(engine) as connection:
        found = revision(connection)
    if found == newest():
        return Migrated(found, found, None)
    return migrate(engine, at=at)


def migrate(engine: Engine, *, at: datetime) -> Migrated:
    """Bring the database to the newest revision, after a verified backup if it holds anything."""
    with writing(engine, rebuilds=True) as connection:
        before, after = revision(connection), newest()
        if before == after:  # someone else was first
            return Migrated(before, after, None)
        counts, rules = row_counts(connection), _rules(connection)
        kept = None
        if any(counts.values()):
            kept = backup(engine, beside(engine, f"before-{after}.{before}.{moment_named(at)}"), at=at).path
        upgrade(connection)
        _verify(connection, counts, rules)
        _tell(connection, before, kept, at)
        if before is None:
            add_clinic(connection, ClinicFacts(), by=BY_ITSELF, at=at)
        ledger.begin(connection, at=at)
    return Migrated(before, after, kept)


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest revision, inside a transaction that is already open."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """The revision of a database, `None` for an empty one.

    `WrongVersionError` when it is not one of ours, `UnfinishedError` when a restore of it did not end.
    """
    tables = set(inspect(connection).get_table_names())
    refuse_unfinished(connection, tables)
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise WrongVersionError("This database was not made by Seventy; nothing was changed in it.")
    found = MigrationContext.configure(connection).get_current_revision()
    if found not in revisions():
        raise WrongVersionError(
            f"This database is of another version of Seventy (revision {found}; this one knows {newest()}). "
            "Nothing was changed in it; use the version that made it, or a newer one."
        )
    return found


def refuse_another(connection: Connection, known: str) -> None:
    """`WrongVersionError` once a record in use was brought to another revision than the one known."""
    (found,) = ask_first(connection, "SELECT version_num FROM alembic_version") or (None,)
    if found != known:
        raise WrongVersionError(
            "Another version of Seventy has taken this record over: this one shows and saves nothing more. "
            "Whoever runs Seventy has to start the newer one."
        )


def revisions() -> set[str]:
    """Every revision this version knows the way from."""
    return {script.revision for script in _scripts().walk_revisions()}


def newest() -> str:
    """The revision this version keeps."""
    head = _scripts().get_current_head()
    if head is None:
        raise StoreError("The migrations are not installed.")
    return head


def _tell(connection: Connection, before: str | None, kept: Path | None, at: datetime) -> None:
    """Begin the audit trail with what stands, or say in it that the shape changed."""
    if connection.exec_driver_sql("SELECT 1 FROM audit_event LIMIT 1").first() is None:
        begin(connection, by=BY_ITSELF, at=at, rows=list(standing(connection)))
    if before is not None:
        detail = {"before": before, "after": newest(), "backup": None if kept is None else str(kept)}
        append(connection, [Event("migrate", detail=detail)], by=BY_ITSELF, at=at)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _scripts() -> ScriptDirectory:
    """Read once: they are part of the program."""
    return ScriptDirectory.from_config(_config())


def _rules(connection: Connection) -> set[str]:
    """The names of all triggers: rebuilding a table of SQLite silently drops those it had."""
    lite = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    postgres = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.exec_driver_sql(lite if is_sqlite(connection) else postgres).scalars())


def _verify(connection: Connection, counts: dict[str, int], rules: set[str]) -> None:
    """What must hold after a migration; an error here undoes all of it."""
    if is_sqlite(connection) and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError("The migration left rows that refer to nothing; it was undone, nothing was changed.")
    after = row_counts(connection)
    lost = [table for table, count in counts.items() if after.get(table) != count]
    if lost:
        raise StoreError(f"The migration changed the number of rows in {', '.join(lost)}; it was undone.")
    gone = sorted(rules - _rules(connection))
    if gone:
        raise StoreError(f"The migration lost the rules {', '.join(gone)}; it was undone.")
