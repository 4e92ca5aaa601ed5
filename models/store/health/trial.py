"""The newest backup restored for trial: a backup is known to hold once it was a record again.

On SQLite it is put where nobody looks for a record, opened with this program, held row by row against its
manifest and its own audit trail, and removed. A dump of PostgreSQL is read whole: to restore it takes a
database, which somebody has to name.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from glob import escape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.store.audit.events import Event, head_of, note, told_in, trail_of
from models.store.backups.backup import Backup, row_counts, verify_backup
from models.store.backups.belonging import backups_in
from models.store.engine import sqlite
from models.store.engine.asking import ask_first
from models.store.engine.clocks import minute, when, zone_of
from models.store.engine.database import AUDIT_KEY, is_sqlite, key_of, open_engine, reading
from models.store.engine.errors import BackupError, CannotOpenError, StoreError
from models.store.engine.found import Examined
from models.store.health.space import MEGABYTE, room_at
from models.store.moves.migrate import newest
from models.store.moves.restore import restore
from models.store.trail.audit_check import verify
from models.store.trail.finding_words import unsettled

ACTION: Final = "trial_restore"
ABOUT: Final = "trial restore"
EVERY: Final = timedelta(days=7)
LATE: Final = timedelta(days=14)
LEFT_BEHIND: Final = timedelta(days=1)
HELD: Final = "it holds every row"
READ: Final = "it was read whole"
TRIED_AT: Final = "tried_at"
"""When it was by the computer's clock: after one that was ahead, all events stand at its moment."""
AHEAD: Final = "That is ahead of this computer's clock, and was not tried since."
TRY: Final = (
    "Leave `seventy serve` running: it tries the newest backup once a week. "
    "`seventy restore FILE --to trial.db` tries one at once."
)
BY_HAND: Final = "Whether a dump restores is tried by hand: `seventy restore FILE --to URL`."


class NothingToTryError(BackupError):
    """There is no backup of this version."""


class Trial(NamedTuple):
    """When a backup was last tried, and what came of it; `why` not, when it did not hold."""

    at: datetime
    result: str
    why: str | None = None


def try_restore(engine: Engine, folder: Path, *, by: str, at: datetime) -> str:
    """Try the newest backup of this version in a folder, and write down what came of it.

    One that a clock made that was ahead is the newest only where there is no other.
    `BackupError` says what is wrong with it, `NothingToTryError` that there is none.
    """
    known = [one for one in backups_in(folder, engine) if one.revision == newest()]
    found = next((one for one in known if one.made_at <= at), next(iter(known), None))
    if found is None:
        raise NothingToTryError(f"There is no backup of this version in {folder}.")
    try:
        result = _restored(engine, found, at) if is_sqlite(engine) else _read(found)
    except StoreError as error:
        _note(engine, found, by, at, result="it does not hold", why=str(error))
        raise BackupError(f"{found.path}: {error}") from None
    _note(engine, found, by, at, result=result)
    return result


def _note(engine: Engine, found: Backup, by: str, at: datetime, **came: str) -> None:
    note(engine, Event(ACTION, detail={"backup": found.path.name, TRIED_AT: at, **came}), by=by, at=at)


def _read(found: Backup) -> str:
    verify_backup(found.path)
    return READ


def _restored(engine: Engine, found: Backup, at: datetime) -> str:
    with _somewhere(engine, found.path.parent, at) as file:
        _refuse_to_fill(file.parent, found)
        options = engine.get_execution_options()
        url = engine.url.set(database=str(file)).render_as_string(hide_password=False)
        trial = open_engine(url, key=key_of(engine), audit_key=options[AUDIT_KEY])
        try:
            restore(found.path, trial, at=at)
            _compare(trial, found)
        finally:
            trial.dispose()
    return HELD


def _refuse_to_fill(folder: Path, found: Backup) -> None:
    """A trial must not take the room that the next scores need."""
    room, takes = room_at(folder), found.path.stat().st_size // MEGABYTE
    if room.free - takes < room.least:
        raise BackupError(f"It was not tried: it takes {takes:,} MB, and only {room.says}.")


def _compare(trial: Engine, found: Backup) -> None:
    """Every table's rows with the manifest, and every recorded row with the trail they came with."""
    with reading(trial) as connection:
        counts = row_counts(connection)
        same = (head_of(connection), trail_of(connection)) == (found.audit_head, found.trail)
    different = sorted(name for name, count in found.counts.items() if counts.get(name) != count)
    if different or not same:
        what = ", ".join(different) or "the audit trail"
        raise BackupError(f"Restored, it is not what its manifest says: {what} differs.")
    findings = unsettled(verify(trial).findings)
    if findings:
        more = f" ({len(findings) - 1} more)" if len(findings) > 1 else ""
        raise BackupError(f"Restored, it is not as it was written: {findings[0].words}{more}")


@contextmanager
def _somewhere(engine: Engine, folder: Path, at: datetime) -> Iterator[Path]:
    """A file's name in a folder, beside the backups unless they are on a network: both go again."""
    file = sqlite.file_of(engine.url)
    try:
        sqlite.refuse_network(folder / file.name)
    except CannotOpenError:
        folder = file.parent
    prefix = f".{file.stem}.trial-"
    for left in folder.glob(f"{escape(prefix)}*"):  # by one that was killed
        if at.timestamp() - left.stat().st_mtime > LEFT_BEHIND.total_seconds():
            shutil.rmtree(left, ignore_errors=True)
    try:
        made = Path(mkdtemp(prefix=prefix, dir=folder))
    except OSError as error:
        raise BackupError(f"There is no place to restore it to: {error}.") from None
    try:
        yield made / file.name
    finally:
        shutil.rmtree(made)


def last_trial(connection: Connection) -> Trial | None:
    """What the audit trail tells of the last one."""
    sql = f"SELECT happened_at, detail FROM audit_event WHERE action = '{ACTION}' ORDER BY id DESC LIMIT 1"  # noqa: S608
    found = ask_first(connection, sql)
    told = {} if found is None else told_in(found[1])
    if found is None or "result" not in told:
        return None
    why = told.get("why")
    at = _tried_at(told) or when(found[0])
    return Trial(at, str(told["result"]), None if why is None else str(why))


def _tried_at(told: dict[str, Any]) -> datetime | None:
    """`None` where a version before did not tell it, or somebody tampered with it."""
    with suppress(ValueError, TypeError, OverflowError):
        return datetime.fromisoformat(told.get(TRIED_AT, "")).astimezone(UTC)
    return None


def held_at(engine: Engine) -> datetime | None:
    """When the last one was, if the backup held."""
    with reading(engine) as connection:
        last = last_trial(connection)
    return None if last is None or last.why else last.at


def trial_found(connection: Connection, at: datetime) -> Examined:
    """When a backup was last tried; a record that has only just begun can wait for its first."""
    last = last_trial(connection)
    by_hand = "" if is_sqlite(connection) else f" {BY_HAND}"
    if last is None:
        (begun,) = ask_first(connection, "SELECT happened_at FROM audit_event ORDER BY id LIMIT 1") or (0,)
        return Examined(ABOUT, at - when(begun) <= LATE, f"No backup was tried yet.{by_hand}", TRY)
    came = last.result if last.why is None else f"{last.result}: {last.why}"
    tried = minute(last.at, zone_of(connection))
    says = f"A backup was last tried at {tried}: {came.rstrip('.')}.{by_hand}"
    if last.at - at > LATE:
        return Examined(ABOUT, False, f"{says} {AHEAD}", TRY)
    return Examined(ABOUT, last.why is None and at - last.at <= LATE, says, TRY)
