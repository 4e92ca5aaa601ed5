"""Files that are somebody else's, or read-only: every command says so in words, and none in a traceback."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.backups.backup import Backup, backup
from models.store.engine import sqlite
from models.store.engine.errors import BackupError, StoreError
from models.store.moves import restore as restore_module
from models.store.moves.restore import restore
from tests.support.builders import NOW, record_patient
from tests.support.command import seventy


def test_a_folder_of_backups_that_is_somebody_elses(
    begun: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", f"{tmp_path}/backups/clinic.db")

    monkeypatch.setattr("dashboard.cli.keeping.copies.add_backup", closed)
    run = seventy("backup", "--keep", db=begun)
    assert run.status == 3
    assert f"[Errno 13] Permission denied: '{tmp_path}/backups/clinic.db'. Is it somebody else's" in run.err


@pytest.mark.parametrize("command", ["verify", "doctor", "backup"])
def test_a_record_that_is_somebody_elses(command: str, begun: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise sqlite.driver.OperationalError("unable to open database file")

    monkeypatch.setattr(sqlite, "opened", closed)
    run = seventy(command, db=begun)
    assert run.status == 3
    assert "cannot be opened: unable to open database file. Is it somebody else's?" in run.err


LOOK = "look at its permissions, at those of its folder and of what lies beside it (-wal, -shm), and whether"


def test_a_record_that_may_be_read_and_not_written(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write what nobody may: so the connection is made read-only, which SQLite says alike."""
    monkeypatch.setitem(sqlite.SETTINGS, "query_only", "ON")
    sqlite_engine.dispose()
    with pytest.raises(StoreError) as refused:
        record_patient(sqlite_engine, "A1")
    file = sqlite.file_of(sqlite_engine.url)
    assert str(refused.value).startswith(f"{file} cannot be written, nothing was saved: {LOOK}")


def test_a_record_in_a_folder_that_may_not_be_written(begun: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise sqlite.driver.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(sqlite, "_set_up", read_only)
    run = seventy("audit", db=begun)
    assert run.status == 3
    assert f"{begun.removeprefix('sqlite:///')} cannot be written: {LOOK}" in run.err
    assert "attempt" not in run.err


def test_a_restore_over_a_file_that_may_not_be_written_does_not_say_that_it_is_in_use(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(sqlite_engine, tmp_path / "copy", at=NOW)
    opened = sqlite.opened
    file = sqlite.file_of(sqlite_engine.url)

    def read_only(path: Path, *, key: bytes | None = None, unchanging: bool = False) -> object:
        connection = opened(path, key=key, unchanging=unchanging)
        if path == file:
            connection.execute("PRAGMA query_only=ON")
        return connection

    def kept(engine: Engine, *_: object) -> Backup:
        monkeypatch.setattr(sqlite, "opened", read_only)
        engine.dispose()
        return made

    monkeypatch.setattr(restore_module, "_keep", kept)
    with pytest.raises(BackupError, match=re.escape(f"{file} cannot be replaced: {LOOK}")):
        restore(made.path, sqlite_engine, at=NOW)


def test_what_a_read_only_while_left_beside_the_record_no_longer_keeps_it_read_only(
    sqlite_engine: Engine,
) -> None:
    record_patient(sqlite_engine, "A1")
    file = sqlite.file_of(sqlite_engine.url)
    beside = [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm")]
    for one in beside:
        one.chmod(0o400)
    sqlite.connect(sqlite_engine.url).close()
    assert [one.stat().st_mode & 0o777 for one in beside] == [0o600, 0o600]
