"""A copy of the record, made while it is in use, and opened and counted before it is called a backup.

Beside the copy stands a manifest (`<copy>.json`): of which database and when it was made, of which revision,
how many rows of each table, the SHA-256 of the file, and the head of the audit chain where there is one. A
plain copy of the file is no backup: it misses what is still in the write-ahead log.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import platformdirs
from sqlalchemy import Connection, Engine, inspect

from models.store.audit.events import head_of, trail_of
from models.store.backups import dump, unfinished
from models.store.engine import sqlite
from models.store.engine.database import driver_of, is_sqlite, key_of, place_of, reading, record_file
from models.store.engine.errors import BackupError, EncryptedError
from models.store.engine.files import alone, half_of, sha256, whole


class Backup(NamedTuple):
    """A copy and what it holds. `source` is the place of the record it was made of, `trail` which it is."""

    path: Path
    source: str | None
    made_at: datetime
    revision: str | None
    counts: dict[str, int]
    sha256: str
    audit_head: str | None = None
    trail: str | None = None

    @property
    def manifest(self) -> Path:
        """The file beside it that says all this."""
        return manifest_of(self.path)

    def described(self) -> dict[str, object]:
        """All this as the manifest says it."""
        return {**self._asdict(), "path": self.path.name, "made_at": self.made_at.isoformat()}


def backup(engine: Engine, path: Path, *, at: datetime) -> Backup:
    """Copy the record to a new file, never over another, and verify it; `BackupError` says why not."""
    path = path.absolute()
    with alone(path):
        if path.exists():
            raise BackupError(f"{path} is there already; a backup never overwrites one.")
        if manifest_of(path).exists():
            _clear_broken_off(path)
        return _made(engine, path, at)


def _made(engine: Engine, path: Path, at: datetime) -> Backup:
    try:
        with whole(path) as unfinished:
            with reading(engine) as connection:
                counts, revision = row_counts(connection), _revision(connection)
                has_trail = "audit_event" in counts
                head, trail = (head_of(connection), trail_of(connection)) if has_trail else (None, None)
                if is_sqlite(engine):
                    _copy(connection, unfinished)
                else:
                    dump.write(connection, engine.url, unfinished)
            check(unfinished, counts, key_of(engine))
            made = Backup(path, place_of(engine), at, revision, counts, sha256(unfinished), head, trail)
            with whole(made.manifest) as said:  # first: what is killed leaves no copy that nobody knows
                said.write_text(json.dumps(made.described(), indent=2) + "\n", encoding="utf-8")
    except BaseException:
        discard(path)
        raise
    return made


def discard(path: Path) -> None:
    """Take a copy away again, and its manifest; as far as that can be done."""
    for file in (path, manifest_of(path)):
        with suppress(OSError):
            file.unlink()


def read_manifest(path: Path) -> Backup:
    """What its manifest says of a copy, which is not looked at; `BackupError` without one."""
    path = path.absolute()
    try:
        said = json.loads(manifest_of(path).read_text(encoding="utf-8"))
        return Backup(
            path,
            said.get("source"),
            datetime.fromisoformat(said["made_at"]).astimezone(UTC),
            said["revision"],
            {table: int(count) for table, count in said["counts"].items()},
            said["sha256"],
            said.get("audit_head"),
            said.get("trail"),
        )
    except (OSError, ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupError(f"{path} has no readable manifest: {error}.") from None


def verify_backup(path: Path, *, key: bytes | None = None) -> Backup:
    """Read a backup again and hold it against its manifest; `BackupError` says what is not as it was.

    `key` is that of the record it was made of, which `key_of(engine)` tells.
    """
    made = read_manifest(path)
    try:
        unchanged = sha256(made.path) == made.sha256
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error}.") from None
    if not unchanged:
        raise BackupError(f"{path} is not the file that was written: its SHA-256 differs.")
    check(made.path, made.counts, key)
    return made


def check(path: Path, counts: dict[str, int], key: bytes | None) -> None:
    """Open a copy as a stranger would, but for the key, and count again; `BackupError` says what is wrong."""
    found = dump.row_counts(path, counts) if dump.is_dump(path) else _checked_counts(path, key)
    wrong = [table for table, count in counts.items() if found.get(table) != count]
    if wrong:
        raise BackupError(f"The backup does not hold the same rows of {', '.join(wrong)}.")


def row_counts(connection: Connection) -> dict[str, int]:
    """Rows of every table of the record that the database has."""
    tables = sorted(set(inspect(connection).get_table_names()) - {"alembic_version", unfinished.TABLE})
    return {
        table: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())  # noqa: S608
        for table in tables
    }


def beside(engine: Engine, note: str) -> Path:
    """A name for a copy that is kept beside the record, or where a server's copies are kept."""
    if is_sqlite(engine):
        file = record_file(engine)
        return file.with_name(f"{file.stem}.{note}{file.suffix}")
    return folder_of(engine) / f"{engine.url.database}.{note}.dump"


def folder_of(engine: Engine) -> Path:
    """Where a record's regular backups are kept unless someone says otherwise."""
    lite = is_sqlite(engine)
    return (sqlite.file_of(engine.url).parent if lite else platformdirs.user_data_path("seventy")) / "backups"


def manifest_of(path: Path) -> Path:
    """The file beside a backup that says of what it is one."""
    return path.with_name(f"{path.name}.json")


def _clear_broken_off(path: Path) -> None:
    """Delete the manifest of one killed before it got its name, which still has its hidden one; no other."""
    manifest = manifest_of(path)
    if not half_of(path).exists():
        raise BackupError(
            f"{manifest} is there already, of a backup that was moved or deleted: put it beside that one, "
            "delete it if there is none, or name another file."
        )
    try:
        manifest.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(f"{manifest}, of a backup that was killed, stays: {error}.") from None


def _copy(connection: Connection, path: Path) -> None:
    """SQLite's online backup, of the very state whose rows were counted, encrypted as the record is."""
    try:
        copy = sqlite.opened(path, key=key_of(connection))
        try:
            driver_of(connection).backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, whole by itself
        finally:
            copy.close()
    except (sqlite.driver.Error, OSError) as error:
        raise BackupError(f"The backup could not be written: {error}.") from None


def _checked_counts(path: Path, key: bytes | None) -> dict[str, int]:
    try:
        sqlite.refuse_unfit(path, key)
        copy = sqlite.opened(path, key=key, unchanging=True)
        try:
            if copy.execute("PRAGMA cipher_integrity_check").fetchall():  # each page against its HMAC
                raise BackupError("The backup is damaged: a page is not as it was encrypted.")
            if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise BackupError("The backup is damaged: its integrity check failed.")
            if copy.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupError("The backup is damaged: rows refer to nothing.")
            tables = copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            return {
                table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
                for (table,) in tables
            }
        finally:
            copy.close()
    except (sqlite.driver.Error, EncryptedError) as error:
        raise BackupError(f"The backup cannot be read: {error}") from None


def _revision(connection: Connection) -> str | None:
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    return None if found is None else str(found)
