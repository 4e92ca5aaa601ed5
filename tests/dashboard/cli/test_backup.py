"""`seventy backup`: one file, or a folder of dated ones in which only those stay that must."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.backups.backup import verify_backup
from models.store.engine.errors import StoreError
from tests.support.builders import record_patient
from tests.support.command import Run, seventy

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FULL = "The disk is full, nothing was saved."


def full(*_: object, **__: object) -> None:
    raise StoreError(FULL)


def test_a_backup_holds_what_the_record_holds(sqlite_engine: Engine, sqlite_url: str, tmp_path: Path) -> None:
    record_patient(sqlite_engine, "A1")
    copy = tmp_path / "copies" / "clinic.db"
    run = seventy("backup", copy, db=sqlite_url)
    assert run.status == 0
    assert "1 patient" in run.out
    assert verify_backup(copy).counts["patient"] == 1


def test_a_backup_never_overwrites_a_file(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("something else")
    run = seventy("backup", copy, db=sqlite_url)
    assert run.status == 1
    assert "is there already" in run.err
    assert copy.read_text() == "something else"


def test_a_backup_stands_though_the_full_disk_of_the_record_takes_no_event(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.cli.opening.note", full)
    copy = tmp_path / "copy.db"
    run = seventy("backup", copy, db=sqlite_url)
    assert run.status == 3
    assert run.out.startswith(f"{copy} holds ")
    untold = "but the audit trail does not tell of it. Of this event alone it was said"
    assert run.err == f"{copy} is whole, {untold}: {FULL}\n"
    assert verify_backup(copy).path == copy


def test_without_a_name_a_dated_one_is_made_beside_the_record(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_at(monkeypatch, NOON)
    run = seventy("backup", db=sqlite_url)
    assert run.status == 0
    assert verify_backup(tmp_path / "backups" / "record-0.20260601T120000Z.db").made_at == NOON


def test_with_keep_the_older_one_of_the_hour_goes_and_is_named(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        keep_at(monkeypatch, NOON + minutes * HOUR / 60, sqlite_url, tmp_path) for minutes in (0, 10)
    )
    assert (first.status, second.status) == (0, 0)
    assert "record-0.20260601T120000Z.db" in second.err
    assert [file.name for file in tmp_path.glob("copies/*.db")] == ["record-0.20260601T121000Z.db"]


def test_damage_found_while_thinning_out_is_said_and_what_it_would_replace_stays(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.store.backups.retention.KEPT", (("%Y-%m-%dT%H", 2),))
    keep_at(monkeypatch, NOON, sqlite_url, tmp_path)
    keep_at(monkeypatch, NOON + HOUR, sqlite_url, tmp_path)
    spoilt = tmp_path / "copies" / "record-0.20260601T130000Z.db"
    spoilt.write_bytes(b"spoilt")
    run = keep_at(monkeypatch, NOON + 2 * HOUR, sqlite_url, tmp_path)
    assert run.status == 1
    assert f"{spoilt} is damaged" in run.err
    assert len(list(tmp_path.glob("copies/*.db"))) == 3


def test_a_file_is_no_folder_to_keep_backups_in(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "copy.db").touch()
    run = seventy("backup", tmp_path / "copy.db", "--keep", db=sqlite_url)
    assert run.status == 2
    assert "copy.db is a file; with --keep a folder is named" in run.err


def keep_at(monkeypatch: pytest.MonkeyPatch, moment: datetime, db: str, tmp_path: Path) -> Run:
    """A backup made at this moment, and those before it thinned out."""
    kept_at(monkeypatch, moment)
    return seventy("backup", tmp_path / "copies", "--keep", db=db)


def kept_at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """It is this moment for the command."""
    monkeypatch.setattr("dashboard.cli.keeping.copies.now", lambda: moment)
