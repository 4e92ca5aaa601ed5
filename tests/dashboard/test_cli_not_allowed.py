"""Files that are somebody else's, or read-only: every command says so in words, and none in a traceback."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store import sqlite
from tests.support.builders import record_patient
from tests.support.command import seventy


def test_a_folder_of_backups_that_is_somebody_elses(
    begun: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", f"{tmp_path}/backups/clinic.db")

    monkeypatch.setattr("dashboard.cli.keeping.add_backup", closed)
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
