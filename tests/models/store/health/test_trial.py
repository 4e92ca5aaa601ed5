"""A backup restored for trial: it holds every row, or it is said what is wrong; nothing of it stays."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from models.store.backups.backup import Backup, backup
from models.store.backups.retention import add_backup
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, open_engine, reading
from models.store.engine.errors import BackupError
from models.store.health import space, trial
from models.store.health.trial import (
    AHEAD,
    BY_HAND,
    HELD,
    LATE,
    READ,
    held_at,
    last_trial,
    trial_found,
    try_restore,
)
from models.store.moves.migrate import start
from models.store.trail.audit_check import verify
from models.store.trail.entries import Wanted, entries
from tests.support.builders import BY, NOW, after
from tests.support.databases import AUDIT_KEY, connected
from tests.support.filled import filled
from tests.support.tampering import tamper

KEY = bytes(range(32))


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture(name="record")
def _record(new_record: Callable[[], str]) -> Iterator[Engine]:
    """A filled record of each engine, of its own."""
    with connected(new_record()) as engine:
        yield filled(engine)


@pytest.fixture(name="sealed")
def _sealed(tmp_path: Path) -> Iterator[Engine]:
    """A filled record that is encrypted."""
    engine = open_engine(f"sqlite:///{tmp_path}/clinic.db", key=KEY, audit_key=AUDIT_KEY)
    start(engine, at=NOW)
    yield filled(engine)
    engine.dispose()


def told(engine: Engine) -> list[dict[str, str]]:
    return [json.loads(entry.detail) for entry in entries(engine, Wanted(action="trial_restore"))]


def tried(engine: Engine, folder: Path, *, minutes: float = 120) -> str:
    return try_restore(engine, folder, by=BY, at=after(minutes))


def test_the_newest_is_tried_and_the_trail_tells_when_and_what_came_of_it(
    record: Engine, folder: Path
) -> None:
    for minutes in (60, 61):
        made = add_backup(record, folder, at=after(minutes))
    assert held_at(record) is None
    before = sorted(folder.iterdir())
    result = tried(record, folder)
    assert result == (HELD if is_sqlite(record) else READ)
    assert told(record) == [{"backup": made.path.name, "result": result, "tried_at": after(120).isoformat()}]
    assert held_at(record) == after(120)
    assert sorted(folder.iterdir()) == before
    assert verify(record).is_well


def test_one_of_an_encrypted_record_is_encrypted_as_well_and_its_owners_alone(
    sealed: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_backup(sealed, folder, at=after(60))
    seen: list[tuple[sqlite.Kind, int, int]] = []

    def watched(engine: Engine, found: Backup) -> None:
        file = sqlite.file_of(engine.url)
        assert file.parent.parent == found.path.parent
        modes = [path.stat().st_mode & 0o777 for path in (file, file.parent)]
        seen.append((sqlite.kind_of(file), modes[0], modes[1]))
        compare(engine, found)

    compare = trial._compare
    monkeypatch.setattr(trial, "_compare", watched)
    assert tried(sealed, folder) == HELD
    assert seen == [(sqlite.Kind.ENCRYPTED, 0o600, 0o700)]
    assert [path.suffix for path in sorted(folder.iterdir())] == [".db", ".json"]


def test_a_damaged_backup_is_told_and_nothing_of_it_stays(record: Engine, folder: Path) -> None:
    made = add_backup(record, folder, at=after(60))
    content = bytearray(made.path.read_bytes())
    content[-1] ^= 1
    made.path.write_bytes(content)
    before = sorted(folder.iterdir())
    with pytest.raises(BackupError, match="SHA-256 differs"):
        tried(record, folder)
    (event,) = told(record)
    assert event["result"] == "it does not hold"
    assert "SHA-256 differs" in event["why"]
    assert held_at(record) is None
    assert sorted(folder.iterdir()) == before


def test_a_row_changed_behind_the_rules_is_found_in_what_was_restored(
    new_sqlite: Callable[[], str], folder: Path
) -> None:
    with connected(new_sqlite()) as engine:
        tamper(filled(engine), "UPDATE patient SET family_name = 'Someone' WHERE id = 1")
        add_backup(engine, folder, at=after(60))
        with pytest.raises(BackupError, match=r"not as it was written: Patient 1: .* was changed"):
            tried(engine, folder)
        assert list(folder.glob(".*")) == []


@pytest.mark.parametrize(("said", "value"), [("counts", 1), ("audit_head", "0" * 64)])
def test_what_the_manifest_says_otherwise_is_found(
    said: str, value: object, new_sqlite: Callable[[], str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was restored is held against the manifest also by itself, not only by `restore`."""
    monkeypatch.setattr("models.store.backups.backup.check", lambda *_: None)
    monkeypatch.setattr("models.store.moves.restore.check", lambda *_: None)
    with connected(new_sqlite()) as engine:
        made = add_backup(filled(engine), folder, at=after(60))
        manifest = json.loads(made.manifest.read_text())
        manifest[said] = {**manifest[said], "infusion": value} if said == "counts" else value
        made.manifest.write_text(json.dumps(manifest))
        named = "infusion" if said == "counts" else "the audit trail"
        with pytest.raises(BackupError, match=f"not what its manifest says: {named} differs"):
            tried(engine, folder)


def test_without_a_backup_of_this_version_none_was_tried(
    record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BackupError, match="no backup of this version"):
        tried(record, folder)
    backup(record, folder / "older.db", at=after(60))
    monkeypatch.setattr(trial, "newest", lambda: "9999")
    with pytest.raises(BackupError, match="no backup of this version"):
        tried(record, folder)
    assert told(record) == []


def test_a_trial_after_one_of_a_clock_far_ahead_tells_its_own_moment(record: Engine, folder: Path) -> None:
    made = add_backup(record, folder, at=after(60))
    add_backup(record, folder, at=NOW + timedelta(days=365))
    try_restore(record, folder, by=BY, at=NOW + timedelta(days=365))
    with reading(record) as connection:
        ahead = trial_found(connection, after(120))
    assert (ahead.fine, AHEAD in ahead.says) == (False, True)
    tried(record, folder)
    assert held_at(record) == after(120)
    assert told(record)[0]["backup"] == made.path.name
    with reading(record) as connection:
        assert trial_found(connection, after(120)).fine


@pytest.mark.parametrize("told_at", ["", ',"tried_at":7', ',"tried_at":"soon"', ',"why":7,"tried_at":[]'])
def test_one_that_does_not_tell_its_moment_was_when_its_event_was(
    sqlite_engine: Engine, folder: Path, told_at: str
) -> None:
    add_backup(sqlite_engine, folder, at=after(60))
    tried(sqlite_engine, folder)
    left = f'{{"result":7{told_at}}}'
    tamper(sqlite_engine, f"UPDATE audit_event SET detail = '{left}' WHERE action = 'trial_restore'")  # noqa: S608
    with reading(sqlite_engine) as connection:
        last = last_trial(connection)
        assert last is not None
        assert (last.at, last.result) == (after(120), "7")
        assert "2026-06-01 14:00" in trial_found(connection, NOW).says


def test_what_a_trial_that_was_killed_left_goes_a_day_later(sealed: Engine, folder: Path) -> None:
    add_backup(sealed, folder, at=after(60))
    left = folder / ".clinic.trial-abc"
    left.mkdir()
    (left / "clinic.db").write_bytes(b"half")
    os.utime(left, (NOW.timestamp(), NOW.timestamp()))
    tried(sealed, folder, minutes=60 * 23)
    assert left.exists()
    tried(sealed, folder, minutes=60 * 25)
    assert not left.exists()


def test_backups_on_a_network_are_tried_beside_the_record(
    sealed: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_backup(sealed, folder, at=after(60))
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/share {folder} nfs4 rw 0 0\n")
    monkeypatch.setattr(sqlite, "MOUNTS", mounts)
    assert tried(sealed, folder) == HELD
    assert list(tmp_path.glob(".*")) == []


def test_a_trial_never_fills_the_disk(sealed: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = add_backup(sealed, folder, at=after(60)).path.stat().st_size
    monkeypatch.setenv("SEVENTY_LEAST_FREE", "500")
    monkeypatch.setattr(space, "MEGABYTE", 1)
    monkeypatch.setattr(trial, "MEGABYTE", 1)
    for free, held in ((size + 499, False), (size + 500, True)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        with nullcontext() if held else pytest.raises(BackupError, match=f"takes {size:,} MB, and only"):
            tried(sealed, folder)
    assert list(folder.glob(".*")) == []


def test_the_doctor_says_when_the_last_was_and_warns_after_a_fortnight(record: Engine, folder: Path) -> None:
    def found(after_days: float) -> tuple[bool, str]:
        with reading(record) as connection:
            looked = trial_found(connection, NOW + timedelta(days=after_days))
        return looked.fine, looked.says.removesuffix(f" {BY_HAND}")

    late = LATE / timedelta(days=1)
    assert found(late) == (True, "No backup was tried yet.")
    assert found(late + 0.1) == (False, "No backup was tried yet.")
    made = add_backup(record, folder, at=after(60))
    result = tried(record, folder)
    said = f"A backup was last tried at 2026-06-01 10:00 America/New_York: {result}."
    assert found(late) == (True, said)
    assert found(late + 0.1) == (False, said)
    made.path.write_bytes(b"spoilt")
    with pytest.raises(BackupError):
        tried(record, folder, minutes=180)
    why = f"{made.path} is not the file that was written: its SHA-256 differs."
    again = "A backup was last tried at 2026-06-01 11:00 America/New_York"
    assert found(1) == (False, f"{again}: it does not hold: {why}")
    with reading(record) as connection:
        assert last_trial(connection) is not None
        assert (BY_HAND in trial_found(connection, NOW).says) is not is_sqlite(record)
