"""A backup put in the place of a record: read whole first, what stood there kept, then swapped at once.

What a restored record has to be told before anybody may use it is told on SQLite to the copy beside it: the
swap is the last step. On PostgreSQL the swap is one transaction, and that follows in others: until the last
of them the record is marked, and nothing else opens it (`models.store.backups.unfinished`).

Nobody else may have the record open: the dashboard goes on from the highest id it has seen, and would not
notice that other rows now stand below it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine, inspect

from models.store.audit.events import head_of, trail_of
from models.store.backups import dump
from models.store.backups.backup import Backup, backup, beside, check, discard, verify_backup
from models.store.backups.unfinished import Left, ending, left_in, marking
from models.store.engine import sqlite
from models.store.engine.asking import ask_first
from models.store.engine.database import (
    AUDIT_KEY,
    STANDS_FOR,
    is_sqlite,
    key_of,
    open_engine,
    place_of,
    reading,
    take_turn,
)
from models.store.engine.errors import AnotherClinicError, BackupError, StoreError, WrongVersionError
from models.store.engine.files import moment_named, sha256, whole
from models.store.engine.locks import PATIENCE, lock_of
from models.store.moves.migrate import newest, revision, revisions
from models.store.moves.refilling import LEAVES_WITHIN, SAVED_MEANWHILE, STOP, empty, refill

KEPT_GONE: Final = (
    "It was kept of what stood here before a restore that was broken off, and it alone knows who was erased "
    "or disabled since. Nothing was changed: put it and its manifest back there, on the computer that "
    "restored, then restore again. If it is lost, restore into a new, empty database that --db names, and "
    "erase and disable them again."
)
HELD: Final = (("patient", "patients"), ("account", "accounts"))
"""What makes a record somebody's: by table, and in words."""


class Restored(NamedTuple):
    """The backup that is the record now, and the backup of what stood there before, if anything did."""

    backup: Backup
    kept: Path | None


Finish = Callable[[Restored, Engine], None]
"""What is still done to the restored record. On SQLite nothing is swapped before, and nothing if it fails.

On PostgreSQL it ends by taking the mark away (`unmark`).
"""


def restore(
    path: Path, engine: Engine, *, at: datetime, replace_clinic: bool = False, finish: Finish | None = None
) -> Restored:
    """Make the record what a backup holds. What it held is kept in a verified backup beside it.

    That backup goes again when nothing was replaced. `BackupError` says why not, `WrongVersionError` that one
    of the two is of another version or not ours at all, `AnotherClinicError` that patients or accounts of
    another clinic stand there; the record is then as it was.
    """
    found = verify_backup(path, key=key_of(engine))
    _refuse_unknown(found)
    if dump.is_dump(found.path) == is_sqlite(engine):
        raise BackupError(
            f"{path} is a backup of {'PostgreSQL' if is_sqlite(engine) else 'SQLite'}: restore it into that, "
            "and take the record from there with `seventy copy`."
        )
    with lock_of(str(engine.url)).held(PATIENCE):
        before = _standing(engine)
        kept = _keep(engine, at, found if not replace_clinic else None)
        done = Restored(found, kept.path if kept else None)
        with _kept_if_replaced(done, engine, before):
            engine.dispose()
            if is_sqlite(engine):
                _put_file(found, engine, kept, lambda copy: finish(done, copy) if finish else None)
            else:
                refill(engine, found, kept.counts if kept else {}, mark=marking(done.kept) if finish else "")
    if finish and not is_sqlite(engine):
        finish(done, ending(engine))
    return done


def put_back(kept: Path, engine: Engine) -> None:
    """Make the record what it held before a restore that could not be ended. `StoreError` says why not.

    The backup of it goes again once the record holds it all, or every attempt would leave another.
    """
    engine.dispose()
    found = verify_backup(kept, key=key_of(engine))
    with lock_of(str(engine.url)).held(PATIENCE):
        if is_sqlite(engine):
            _put_file(found, engine, None, lambda _: None)
        else:
            refill(engine, found, {})
    with suppress(StoreError, OSError), reading(engine) as connection:
        stands = head_of(connection), trail_of(connection)
        if found.audit_head and stands == (found.audit_head, found.trail):
            discard(kept)


def undo(engine: Engine) -> Left | None:
    """Make a marked record what it was before the restore that did not end; `None` for any other.

    `BackupError` says why it cannot be, and how to go on.
    """
    left = None if is_sqlite(engine) else left_in(engine)
    if left is None:
        return None
    if left.kept is None:
        empty(engine)
        return left
    try:
        verify_backup(left.kept)
    except BackupError as error:
        raise BackupError(f"{error} {KEPT_GONE}") from None
    put_back(left.kept, engine)
    return left


def _refuse_unknown(found: Backup) -> None:
    if found.revision not in revisions():
        raise WrongVersionError(
            f"{found.path} is of another version of Seventy (revision {found.revision}; this one knows "
            f"{newest()}). Nothing was changed; use the version that made it, or a newer one."
        )


def _keep(engine: Engine, at: datetime, same_as: Backup | None) -> Backup | None:
    """A verified backup of what stands there, if it is the clinic of a backup; `None` when nothing does."""
    if is_sqlite(engine) and not _holds_bytes(sqlite.file_of(engine.url)):
        return None
    try:
        with reading(engine) as connection:
            if revision(connection) is None:
                return None
            if same_as is not None:
                _refuse_another_clinic(connection, same_as, place_of(engine))
        return backup(engine, beside(engine, f"before-restore.{moment_named(at)}"), at=at)
    except (WrongVersionError, AnotherClinicError):
        raise
    except StoreError as error:
        raise BackupError(
            f"What stands at {place_of(engine)} cannot be backed up, and is therefore not replaced: {error} "
            "Move it away, then restore again."
        ) from None


@contextmanager
def _kept_if_replaced(done: Restored, engine: Engine, before: object) -> Iterator[None]:
    """What was kept goes when all still stands: else every attempt leaves another whole copy behind."""
    try:
        yield
    except BaseException:
        if done.kept and before is not None:
            with suppress(StoreError, OSError):  # where that is not known, it is kept
                if _standing(engine) == before:
                    discard(done.kept)
        raise


def _standing(engine: Engine) -> object:
    """What is another once something took the record's place. A server first ends what it is still doing."""
    if is_sqlite(engine):
        file = sqlite.file_of(engine.url)
        return file.stat().st_ino if file.exists() else None
    with reading(engine) as connection:
        take_turn(connection)
        return connection.exec_driver_sql("SELECT to_regclass('public.alembic_version')::oid").scalar_one()


def _refuse_another_clinic(connection: Connection, found: Backup, place: str) -> None:
    """By the trail of both; by where the backup was made, when that was before there were trails."""
    known = found.trail and inspect(connection).has_table("audit_event")
    same = trail_of(connection) == found.trail if known else place == found.source
    for table, people in () if same else HELD:
        holds = inspect(connection).has_table(table)  # versions before there was sign-in have no accounts
        if holds and ask_first(connection, f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608
            raise AnotherClinicError(
                f"{place} holds the {people} of another clinic than {found.path}, or of a record begun anew. "
                "Nothing was changed; --replace-clinic replaces it."
            )


def _holds_bytes(file: Path) -> bool:
    log = Path(f"{file}-wal")
    if log.exists() and not file.exists():
        raise BackupError(
            f"{log} was left by another database, and would be taken for the log of the one put there. "
            "Move it away, then restore again."
        )
    return sqlite.holds_bytes(file)


def _put_file(found: Backup, engine: Engine, kept: Backup | None, finish: Callable[[Engine], None]) -> None:
    """Swap a verified copy of the backup in under the record's name, once it is finished."""
    file, key = sqlite.file_of(engine.url), key_of(engine)
    held = kept.counts if kept else {}
    nobody_else = alone(file, held, key) if _holds_bytes(file) else nullcontext()
    with nobody_else, whole(file) as unfinished, _no_log_of(unfinished):
        copyfile(found.path, unfinished)
        if sha256(unfinished) != found.sha256:
            raise BackupError(f"{found.path} changed while it was read. Nothing was changed.")
        check(unfinished, found.counts, key)
        with _opened(unfinished, engine) as copy:
            finish(copy)
        _fold(unfinished, key)


@contextmanager
def _no_log_of(unfinished: Path) -> Iterator[None]:
    """Neither one a killed restore left, which would be taken for this file's, nor one of this afterwards."""
    beside = [unfinished.with_name(f"{unfinished.name}{end}") for end in ("-wal", "-shm", "-journal")]
    for log in beside:
        log.unlink(missing_ok=True)
    try:
        yield
    finally:
        for log in beside:
            with suppress(OSError):
                log.unlink(missing_ok=True)


@contextmanager
def _opened(unfinished: Path, engine: Engine) -> Iterator[Engine]:
    """A copy that is to be the record of an engine, opened as that is."""
    url = engine.url.set(database=str(unfinished)).render_as_string(hide_password=False)
    copy = open_engine(url, key=key_of(engine), audit_key=engine.get_execution_options()[AUDIT_KEY])
    copy.update_execution_options(**{STANDS_FOR: sqlite.file_of(engine.url)})
    try:
        yield copy
    finally:
        copy.dispose()


def _fold(unfinished: Path, key: bytes | None) -> None:
    """Fold what was written to a copy into the one file that is swapped in."""
    try:
        connection = sqlite.opened(unfinished, key=key)
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        finally:
            connection.close()
    except sqlite.driver.Error as error:
        raise BackupError(f"{unfinished} could not be written: {error}. Nothing was changed.") from None


@contextmanager
def alone(file: Path, counts: Mapping[str, int], key: bytes | None) -> Iterator[None]:
    """Hold a file that nobody else has open, as long as it holds so many rows; its log is folded into it."""
    try:
        connection = sqlite.opened(file, key=key)
        try:
            connection.execute(f"PRAGMA busy_timeout={LEAVES_WITHIN * 1000:.0f}").fetchall()
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()  # only for whoever is alone
            connection.execute("BEGIN EXCLUSIVE")
            for table, count in counts.items():
                if connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() != (count,):  # noqa: S608
                    raise BackupError(SAVED_MEANWHILE)
            yield
        finally:
            connection.close()
    except sqlite.driver.Error as error:
        if "locked" in str(error):
            raise BackupError(f"{file} is in use. {STOP}") from None
        raise BackupError(
            f"{file} cannot be replaced: {sqlite.LOOK}. Nothing was changed ({error})."
        ) from None
