"""A backup is made while the record is in use, and is called one only when it holds every row."""

import hashlib
import json
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, make_url

from models.store.audit.events import head_of
from models.store.backups import backup as backup_module
from models.store.backups import dump
from models.store.backups.backup import Backup, backup, verify_backup
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, place_of, reading, writing
from models.store.engine.errors import BackupError
from models.store.moves.migrate import newest
from models.store.record import read, write
from models.store.record.bulk import loading
from models.tables import Table
from tests.support.builders import BY, NOW, moment, patient_facts, phq9_facts, record_patient
from tests.support.databases import connected

HELD = {
    "assessment": 1,
    "claim": 1,
    "claim_lock": 1,
    "clinic": 1,
    "item_score": 9,
    "patient": 1,
    "safety_alert": 1,
    "audit_event": 5,
}
ROWS = dict.fromkeys(sorted(Table.metadata.tables), 0) | HELD

LATER = ("path", "source", "audit_head")


@pytest.fixture(name="recorded")
def _recorded(engine: Engine) -> Engine:
    patient = record_patient(engine, family_name='Roe, "Doe"')
    write.record_assessment(engine, phq9_facts(patient, item_9=1), by=BY, at=NOW)
    return engine


def test_a_backup_says_what_it_holds(recorded: Engine, tmp_path: Path) -> None:
    made = backup(recorded, tmp_path / "copies" / "monday", at=NOW)

    assert made.counts == ROWS
    described = json.loads(made.manifest.read_text(encoding="utf-8"))
    assert described == {
        "path": "monday",
        "source": place_of(recorded),
        "made_at": NOW.isoformat(),
        "revision": newest(),
        "counts": ROWS,
        "sha256": hashlib.sha256(made.path.read_bytes()).hexdigest(),
        "audit_head": made.audit_head,
        "trail": made.trail,
    }
    assert verify_backup(made.path) == made
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert sorted(file.name for file in made.path.parent.iterdir()) == ["monday", "monday.json"]


def test_a_manifest_keeps_the_head_of_the_audit_trail_of_the_moment_that_is_copied(
    recorded: Engine, tmp_path: Path
) -> None:
    with reading(recorded) as connection:
        head = head_of(connection)
    made = backup(recorded, tmp_path / "copy", at=NOW)
    record_patient(recorded, "B2")
    assert made.audit_head == head
    assert verify_backup(made.path) == made


def test_an_older_manifest_without_a_source_and_a_head_is_read(recorded: Engine, tmp_path: Path) -> None:
    made = backup(recorded, tmp_path / "copy", at=NOW)
    said = json.loads(made.manifest.read_text())
    made.manifest.write_text(json.dumps({name: said[name] for name in said if name not in LATER}))
    assert verify_backup(made.path) == made._replace(source=None, audit_head=None)


def test_where_a_folder_is_called_strangely_a_backup_is_verified_all_the_same(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    made = backup(sqlite_engine, tmp_path / "50 % of #1?" / "copy", at=NOW)
    assert verify_backup(made.path) == made


def test_a_backup_of_sqlite_is_a_record_by_itself(sqlite_engine: Engine, tmp_path: Path) -> None:
    record_patient(sqlite_engine, "A1")
    made = backup(sqlite_engine, tmp_path / "copy.db", at=NOW)
    with connected(f"sqlite:///{made.path}") as engine:
        assert read.record(engine).patients["mrn"].to_list() == ["A1"]


def test_a_backup_is_made_while_someone_else_is_saving(recorded: Engine, tmp_path: Path) -> None:
    with writing(recorded):
        assert backup(recorded, tmp_path / "copy", at=NOW).counts == ROWS


def test_a_backup_under_writers_holds_whole_all_that_was_saved_before_it_began(
    engine: Engine, tmp_path: Path
) -> None:
    saved: list[int] = []
    done = Event()

    def save(patient: int) -> None:
        for hour in count():
            if done.is_set():
                return
            facts = phq9_facts(patient, item_9=1, assessed_at=moment(hour // 24, hour % 24))
            saved.append(write.record_assessment(engine, facts, by=BY, at=NOW).id)

    patients = [record_patient(engine, f"A{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        saving = [pool.submit(save, patient) for patient in patients]
        try:
            for number in range(3):
                while len(saved) < 10 * (number + 1):
                    done.wait(0.01)
                before = len(saved)
                held = backup(engine, tmp_path / f"copy-{number}", at=NOW).counts
                assert held["assessment"] >= before
                assert held["item_score"] == 9 * held["assessment"] == 9 * held["safety_alert"]
        finally:
            done.set()
    assert [error for each in saving if (error := each.exception())] == []


def test_a_backup_never_overwrites_another(recorded: Engine, tmp_path: Path) -> None:
    made = backup(recorded, tmp_path / "copy", at=NOW)
    with pytest.raises(BackupError, match="is there already"):
        backup(recorded, tmp_path / "copy", at=NOW)
    assert verify_backup(made.path) == made


def test_of_two_backups_to_one_file_at_once_one_is_whole_and_the_other_refused(
    recorded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, checked = tmp_path / "copy", backup_module.check

    def second(*what: Any) -> None:
        monkeypatch.undo()
        with pytest.raises(BackupError, match=r"copy is just being written by another program\.$"):
            backup(recorded, path, at=NOW)
        checked(*what)

    monkeypatch.setattr(backup_module, "check", second)
    made = backup(recorded, path, at=NOW)
    assert verify_backup(path) == made
    assert sorted(file.name for file in tmp_path.glob("*copy*")) == ["copy", "copy.json"]


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(recorded: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="could not be written"):
        backup(recorded, tmp_path / "file" / "copy", at=NOW)


def test_a_backup_in_which_rows_are_missing_is_not_kept(
    recorded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = backup_module.row_counts
    monkeypatch.setattr(backup_module, "row_counts", lambda connection: counted(connection) | {"patient": 2})
    with pytest.raises(BackupError, match="does not hold the same rows of patient"):
        backup(recorded, tmp_path / "copy", at=NOW)
    assert list(tmp_path.glob("*copy*")) == []


def test_one_changed_byte_is_found(recorded: Engine, tmp_path: Path) -> None:
    made = backup(recorded, tmp_path / "copy", at=NOW)
    content = bytearray(made.path.read_bytes())
    content[-100] ^= 1
    made.path.write_bytes(content)

    with pytest.raises(BackupError, match="its SHA-256 differs"):
        verify_backup(made.path)


def test_a_backup_without_its_manifest_is_not_trusted(recorded: Engine, tmp_path: Path) -> None:
    made = backup(recorded, tmp_path / "copy", at=NOW)
    made.manifest.write_text('{"sha256": 1}')
    with pytest.raises(BackupError, match="no readable manifest"):
        verify_backup(made.path)
    made.manifest.unlink()
    with pytest.raises(BackupError, match="no readable manifest"):
        verify_backup(made.path)


def test_a_manifest_whose_copy_is_gone_is_no_backup(recorded: Engine, tmp_path: Path) -> None:
    made = backup(recorded, tmp_path / "copy", at=NOW)
    made.path.unlink()
    with pytest.raises(BackupError, match="copy cannot be read"):
        verify_backup(made.path)


def test_a_disk_that_fails_under_the_copy_is_said_and_leaves_nothing_behind(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise sqlite.driver.OperationalError("disk I/O error")

    record_patient(sqlite_engine)
    monkeypatch.setattr(sqlite, "opened", fail)
    with pytest.raises(BackupError, match="could not be written: disk I/O error"):
        backup(sqlite_engine, tmp_path / "copy", at=NOW)
    assert list(tmp_path.glob("*copy*")) == []


def test_damage_is_found_though_the_manifest_was_made_to_fit(engine: Engine, tmp_path: Path) -> None:
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}") for number in range(200)])
    made = backup(engine, tmp_path / "copy", at=NOW)
    content = bytearray(made.path.read_bytes())
    start, end = (4096, 4104) if is_sqlite(engine) else (len(content) // 2, len(content))
    content[start:end] = b"\xff" * (end - start)
    made.path.write_bytes(content)
    fit(made)

    with pytest.raises(BackupError, match=r"damaged|cannot be read|pg_restore could not do it"):
        verify_backup(made.path)


@pytest.mark.postgres
def test_without_pg_dump_it_is_said_what_to_install(
    recorded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if recorded.dialect.name == "postgresql":
        monkeypatch.setattr(shutil, "which", lambda _: None)
        monkeypatch.setattr(dump, "INSTALLED", tmp_path)
        with pytest.raises(BackupError, match="pg_dump is not installed"):
            backup(recorded, tmp_path / "copy", at=NOW)


def test_the_password_of_a_server_is_not_among_what_programs_show() -> None:
    said = dump._server(make_url("postgresql://roe:secret@db.clinic:5433/record"))
    assert said == {
        "PGHOST": "db.clinic",
        "PGPORT": "5433",
        "PGUSER": "roe",
        "PGPASSWORD": "secret",
        "PGDATABASE": "record",
    }


def test_rows_that_refer_to_nothing_are_found(sqlite_engine: Engine, tmp_path: Path) -> None:
    patient = record_patient(sqlite_engine)
    write.record_assessment(sqlite_engine, phq9_facts(patient, item_9=0), by=BY, at=NOW)
    made = backup(sqlite_engine, tmp_path / "copy", at=NOW)
    rewritten(made, "DROP TRIGGER patient_no_delete; DELETE FROM patient;")
    with pytest.raises(BackupError, match="rows refer to nothing"):
        verify_backup(made.path)


def test_an_index_that_does_not_fit_its_table_is_found(sqlite_engine: Engine, tmp_path: Path) -> None:
    record_patient(sqlite_engine)
    made = backup(sqlite_engine, tmp_path / "copy", at=NOW)
    rewritten(
        made,
        "PRAGMA writable_schema=ON;"
        "UPDATE sqlite_schema SET sql = replace(sql, 'save_key IS NOT NULL', 'save_key IS NULL')"
        " WHERE name = 'uq_patient_save_key';",
    )
    with pytest.raises(BackupError, match="integrity check failed"):
        verify_backup(made.path)


def rewritten(made: Backup, sql: str) -> None:
    """Change a backup behind its manifest's back."""
    with closing(sqlite.driver.connect(made.path)) as connection:
        connection.executescript(sql)
    fit(made)


def fit(made: Backup) -> None:
    """Make the manifest fit what now stands in the file."""
    described = json.loads(made.manifest.read_text(encoding="utf-8"))
    described["sha256"] = hashlib.sha256(made.path.read_bytes()).hexdigest()
    made.manifest.write_text(json.dumps(described))


@pytest.mark.postgres
def test_a_file_that_is_no_dump_is_no_backup(recorded: Engine, tmp_path: Path) -> None:
    if recorded.dialect.name == "postgresql":
        (tmp_path / "letter").write_text("Dear Dr Roe")
        with pytest.raises(BackupError, match="pg_restore could not do it"):
            dump.row_counts(tmp_path / "letter", {})
        (tmp_path / "folder").mkdir()
        with reading(recorded) as connection, pytest.raises(BackupError, match="pg_dump could not do it"):
            dump.write(connection, recorded.url, tmp_path / "folder")
