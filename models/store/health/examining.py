"""What is wrong with the record and the place where it is kept, in words, and what to do about it.

Nothing is changed by looking: no database is begun, no permission mended.
"""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from sqlalchemy import Connection, Engine, inspect

from models.store.backups import dump
from models.store.backups.backup import row_counts
from models.store.engine import sqlite
from models.store.engine.asking import ask_first
from models.store.engine.clocks import minute, zone_of
from models.store.engine.database import driver_of, is_sqlite, place_of, reading
from models.store.engine.errors import BackupError, StoreError, UnfinishedError, WrongVersionError
from models.store.engine.found import Examined
from models.store.engine.lookup import LEDGER, TABLES, newest_moment
from models.store.health import grants, rules_check, trail_key, trial
from models.store.health.copies import backups_found
from models.store.health.space import existing, room_at
from models.store.moves.migrate import newest, revision
from models.store.record.merges import alike
from models.tables.columns import MICROSECOND, moment_number, moment_of

NAME_IT: Final = "Name the record with --db or SEVENTY_DB; `seventy serve` begins a new one."
MEND: Final = (
    "Mend what is wrong above. If nothing is, see that the server runs; a file that is damaged is moved away "
    "and kept, and the newest backup put in its place with `seventy restore`."
)
WRITE: Final = (
    "See whose the folder is, whether its disk is full or mounted read-only, and in the system's log whether "
    "the disk fails: nothing is saved until it can be. Before a disk is mounted anew, end the dashboard."
)
NEWER: Final = "Use the version of Seventy that made it, or a newer one."
CONNECTION: Final = "connection"
_SERVER: Final = (
    "SELECT inet_server_addr() IS NULL OR host(inet_server_addr()) IN ('127.0.0.1', '::1'), "
    "coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)"
)
RESTORE: Final = "Move it away and keep it; put the newest backup in its place with `seventy restore`."
AHEAD: Final = timedelta(days=36_525)
"""No clock is a century ahead of another, and none tells a time before 1970."""


def examine(engine: Engine, *, backups: Path, copies: Path | None, at: datetime) -> list[Examined]:
    """Look at everything the record depends on, the folder of its backups, and a second one, if any."""
    return [
        *_place(engine, backups, copies),
        *_record(engine, at),
        *backups_found(engine, backups, copies, at),
    ]


def _place(engine: Engine, backups: Path, copies: Path | None) -> Iterator[Examined]:
    if is_sqlite(engine):
        file = sqlite.file_of(engine.url)
        yield _version()
        yield _local(file)
        yield _disk(file.parent, "disk")
        yield _private("permissions", [file.parent], [file, Path(f"{file}-wal"), Path(f"{file}-shm")])
    else:
        yield _programs()
    yield _disk(backups, "disk of the backups")
    yield _private("permissions of the backups", [backups], sorted(backups.glob("*")))
    if copies is not None:
        yield _disk(copies, "disk of the copies")
        yield _private("permissions of the copies", [copies], sorted(copies.glob("*")))


def _version() -> Examined:
    wanted = ".".join(map(str, sqlite.OLDEST))
    return Examined(
        "SQLite",
        sqlite.driver.sqlite_version_info >= sqlite.OLDEST,
        f"Version {sqlite.driver.sqlite_version}; before {wanted} a record can be corrupted.",
        "Run `pip install --upgrade sqlcipher3`.",
    )


def _local(file: Path) -> Examined:
    folder = existing(file.parent)
    try:
        sqlite.refuse_network(folder / file.name)
    except StoreError as error:
        return Examined("file system", False, str(error), "Move the record to a disk of this computer.")
    return Examined("file system", True, f"{folder} is on a disk of this computer.")


def _programs() -> Examined:
    try:
        dump.refuse_missing()
    except BackupError as error:
        return Examined("programs", False, str(error), "Install them: without, no backup can be made.")
    return Examined("programs", True, "pg_dump, pg_restore and psql are there.")


def _disk(folder: Path, about: str) -> Examined:
    room = room_at(folder)
    try:
        with TemporaryFile(dir=room.folder):
            pass
    except OSError as error:
        return Examined(about, False, f"Nothing can be written at {room.folder}: {error.strerror}.", WRITE)
    return Examined(
        about,
        not room.is_scarce,
        f"{room.says}.",
        "Make room there, or move the record to a larger disk.",
    )


def _private(about: str, folders: list[Path], files: list[Path]) -> Examined:
    """Whether names and scores are their owner's only."""
    if os.name != "posix":
        return Examined(about, True, "This system has other means than a file's mode.")
    wrong = [
        f"chmod {mode} '{path}'"
        for paths, mode in ((folders, "700"), (files, "600"))
        for path in paths
        if _others_may(path)
    ]
    if wrong:
        others = f"Others on this computer may read {len(wrong)} of {folders[0]} and its files."
        return Examined(about, False, others, f"Run `{'; '.join(wrong)}`.")
    return Examined(about, True, f"Only their owner may read {folders[0]} and its files.")


def _others_may(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except FileNotFoundError:  # a log comes and goes with those who use the record
        return False


def _record(engine: Engine, at: datetime) -> Iterator[Examined]:
    """What can be seen only in an open record; where it cannot be opened, why is the one finding."""
    place = place_of(engine)
    if is_sqlite(engine) and not sqlite.holds_bytes(sqlite.file_of(engine.url)):
        yield Examined("record", False, f"There is no record at {place}.", NAME_IT)
        return
    try:
        with reading(engine) as connection:
            found = revision(connection)
    except UnfinishedError as error:
        yield Examined("record", False, error.says, error.do)
        return
    except StoreError as error:
        yield Examined("record", False, str(error), NEWER if isinstance(error, WrongVersionError) else MEND)
        return
    if found is None:
        yield Examined("record", False, f"{place} holds no record.", NAME_IT)
        return
    yield Examined(
        "version",
        found == newest(),
        f"The record is of revision {found}, this program of {newest()}.",
        "Run `seventy migrate`.",
    )
    yield _asked(engine, "integrity", _integrity if is_sqlite(engine) else _integrity_of_server)
    if found == newest():
        yield _asked(engine, rules_check.ABOUT, rules_check.rules_found)
        if not is_sqlite(engine):
            yield _asked(engine, grants.ABOUT, grants.rights_found)
            yield _asked(engine, CONNECTION, _connection)
        yield _asked(engine, "clock", lambda connection: _clock(connection, at))
        yield _asked(engine, "patient numbers", _numbers)
        yield _asked(engine, trail_key.ABOUT, trail_key.trail_key_found)
        yield _asked(engine, trial.ABOUT, lambda connection: trial.trial_found(connection, at))


def _asked(engine: Engine, about: str, look: Callable[[Connection], Examined]) -> Examined:
    try:
        with reading(engine) as connection:
            return look(connection)
    except StoreError as error:
        return Examined(about, False, str(error), RESTORE)


def _integrity(connection: Connection) -> Examined:
    driver = driver_of(connection)
    pages = driver.execute("PRAGMA cipher_integrity_check").fetchmany(3)  # none of a plain file
    said = [words for (words,) in pages or driver.execute("PRAGMA integrity_check(3)").fetchall()]
    lost = len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    if said != ["ok"]:
        return Examined("integrity", False, f"The database is damaged: {'; '.join(said)}.", RESTORE)
    return Examined("integrity", not lost, f"Whole; {_lost(lost)}.", RESTORE)


def _integrity_of_server(connection: Connection) -> Examined:
    """Every table read to its end, and every reference followed, whatever the server was told to mind."""
    rows, lost = sum(row_counts(connection).values()), 0
    for (_, table), references in inspect(connection).get_multi_foreign_keys().items():
        for one in references:
            pairs = zip(one["constrained_columns"], one["referred_columns"], strict=True)
            same = " AND ".join(f'a."{ours}" = b."{theirs}"' for ours, theirs in pairs)
            given = " AND ".join(f'a."{ours}" IS NOT NULL' for ours in one["constrained_columns"])
            referred = f'SELECT 1 FROM "{one["referred_table"]}" b WHERE {same}'  # noqa: S608
            sql = f'SELECT count(*) FROM "{table}" a WHERE {given} AND NOT EXISTS ({referred})'  # noqa: S608
            lost += connection.exec_driver_sql(sql).scalar_one()
    says = f"All {rows:,} rows can be read; {_lost(lost)}."
    return Examined("integrity", not lost, says, RESTORE)


def _connection(connection: Connection) -> Examined:
    """Whether anybody on the way to the server, or in its place, reads what goes there."""
    here, encrypted = connection.exec_driver_sql(_SERVER).one()
    asked = driver_of(connection).info.get_parameters().get("sslmode") or os.environ.get("PGSSLMODE")
    return connection_found(here=here, encrypted=encrypted, mode=asked)


def connection_found(*, here: bool, encrypted: bool, mode: str | None) -> Examined:
    """The same of a server on this computer or not, with TLS or not, that was asked for by this `sslmode`."""
    if here:
        return Examined(CONNECTION, True, "The server is on this computer.")
    if not encrypted:
        says = "The way to the server is not encrypted: whoever is on it reads names and scores."
        return Examined(CONNECTION, False, says, "Give the server TLS, and connect with sslmode=verify-full.")
    if mode != "verify-full":
        says = f"The way to the server is encrypted, but by sslmode={mode or 'prefer'} anybody can be it."
        return Examined(CONNECTION, False, says, "Connect with sslmode=verify-full, and name sslrootcert.")
    return Examined(CONNECTION, True, "The way to the server is encrypted, and the server shows who it is.")


def _lost(rows: int) -> str:
    return "1 row refers to nothing" if rows == 1 else f"{rows or 'no'} rows refer to nothing"


def _numbers(connection: Connection) -> Examined:
    """Whether a number may be that of two patients; none is named, for what is said here goes into logs."""
    found = len(alike(connection))
    return Examined(
        "patient numbers",
        not found,
        f"{found:,} of them may be that of two patients: both read alike." if found else "No two read alike.",
        "A file's row with it is refused, and names both. If they are one person's, merge them with "
        "`seventy merge`, or on Patient; if not, correct one.",
    )


def _clock(connection: Connection, at: datetime) -> Examined:
    if _impossible(connection, moment_number(at) + AHEAD // MICROSECOND):
        says = "A time in the record is not one that can be: before 1970, or a century from now."
        do = "The clock did not do this: `seventy verify` names the row or event that was changed. "
        return Examined("clock", False, says, do + RESTORE)
    stored = moment_of(newest_moment(connection))
    zone = zone_of(connection)
    last, now = (minute(moment, zone) for moment in (stored, at))
    return Examined(
        "clock",
        stored <= at,
        f"The newest row was stored at {last}; this computer's clock says {now}.",
        "Set the clock. Until it has caught up, everything is stored at the moment of that newest row.",
    )


def _impossible(connection: Connection, last: int) -> bool:
    """Whether any row or event says that it is of a moment before 1970, or after the last."""
    moments = (*((table, "recorded_at") for table in TABLES), *LEDGER, ("audit_event", "happened_at"))
    return any(
        ask_first(connection, f"SELECT 1 FROM {table} WHERE {moment} NOT BETWEEN 0 AND {last} LIMIT 1")  # noqa: S608
        for table, moment in moments
    )
