"""A restore that is killed, or breaks off half way: the record is as it was, and the next one works."""

import errno
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.store.backups import backup as backup_module
from models.store.backups.backup import Backup, backup, beside, manifest_of, verify_backup
from models.store.engine import files as files_module
from models.store.engine.database import is_sqlite, open_engine, reading
from models.store.engine.errors import BackupError
from models.store.engine.sqlite import file_of
from models.store.moves import restore as restore_module
from models.store.moves.refilling import refill
from models.store.moves.restore import put_back, restore
from tests.support.builders import NOW, after, record_patient
from tests.support.databases import connected
from tests.support.filled import filled, rows_of
from tests.support.programs import Program


def test_what_stood_there_before_a_restore_is_put_back_row_by_row(record: Engine, made: Backup) -> None:
    record_patient(record, "since then")
    before = rows_of(record)
    done = restore(made.path, record, at=after(61))
    assert rows_of(record) != before
    assert done.kept is not None
    put_back(done.kept, record)
    assert rows_of(record) == before
    assert kept_of(record) == []


def test_what_is_not_all_there_again_is_kept(
    record: Engine, made: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = restore(made.path, record, at=after(61)).kept
    assert kept is not None
    monkeypatch.setattr(restore_module, "head_of", lambda _: "another")
    put_back(kept, record)
    assert verify_backup(kept, key=None).path == kept


@pytest.mark.postgres
def test_a_restore_that_breaks_off_on_postgresql_changes_nothing(record: Engine, made: Backup) -> None:
    """Cut short behind its manifest's back; once with rows missing, once with half a file."""
    if not is_sqlite(record):
        before = rows_of(record)
        record.dispose()
        with pytest.raises(BackupError, match=r"nothing was changed: .*It does not hold the rows"):
            refill(record, made._replace(counts={**made.counts, "patient": 99}), {})
        assert rows_of(record) == before
        record.dispose()
        os.truncate(made.path, made.path.stat().st_size // 2)
        with pytest.raises(BackupError, match=r"nothing was changed: pg_restore: error"):
            refill(record, made._replace(counts={}), {})
        assert rows_of(record) == before


def test_a_file_that_changes_while_it_is_read_is_not_swapped_in(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(filled(sqlite_engine), tmp_path / "copy", at=NOW)
    before = rows_of(sqlite_engine)

    def half(_: Path, target: Path) -> None:
        target.write_bytes(made.path.read_bytes()[:4096])

    monkeypatch.setattr(restore_module, "copyfile", half)
    with pytest.raises(BackupError, match="changed while it was read"):
        restore(made.path, sqlite_engine, at=NOW)
    assert rows_of(sqlite_engine) == before


def kept_of(record: Engine) -> list[Path]:
    """What restores have kept of a record."""
    beside_it = beside(record, "before-restore.*")
    return sorted(beside_it.parent.glob(f"{beside_it.name}*"))


def test_a_refused_restore_leaves_no_copy_of_what_it_did_not_replace(
    record: Engine, made: Backup, url: str
) -> None:
    """The copy would hold people who are erased later, and every attempt would leave another."""
    with connected(url) as dashboard:
        with reading(dashboard):
            pass  # its connection stays open, as that of a running dashboard does
        with pytest.raises(BackupError, match="is in use"):
            restore(made.path, record, at=after(61))
    assert kept_of(record) == []
    kept = restore(made.path, record, at=after(62)).kept
    assert kept_of(record) == [kept, manifest_of(kept)] if kept else False


def test_a_copy_is_not_left_without_its_manifest(
    record: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup_module.json, "dumps", full)
    with pytest.raises(BackupError, match="No space left"):
        backup(record, tmp_path / "copies" / "full", at=NOW)
    assert list((tmp_path / "copies").iterdir()) == []


def test_what_was_replaced_is_kept_when_the_restore_fails_all_the_same(
    record: Engine, made: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server as the connection is lost at the very end, on a file as its name is put on the disk."""

    place = file_of(record.url) if is_sqlite(record) else None
    inode = place.stat().st_ino if place else None

    def lost_once_replaced(*_: Any) -> None:
        if place is None or place.stat().st_ino != inode:
            raise BackupError("The disk failed.")

    def filled_and_lost(*arguments: Any, **named: Any) -> None:
        refill(*arguments, **named)
        lost_once_replaced()

    monkeypatch.setattr(restore_module, "refill", filled_and_lost)
    if place:
        monkeypatch.setattr(files_module, "_keep_names", lost_once_replaced)
    before = backup(record, made.path.with_name("before"), at=NOW)
    with pytest.raises(BackupError, match="The disk failed"):
        restore(made.path, record, at=after(61))
    (kept,) = (file for file in kept_of(record) if file.suffix != ".json")
    assert verify_backup(kept).counts == before.counts


@pytest.mark.parametrize("ends_at", ["copyfile", "check", "replace"])
def test_a_restore_that_is_killed_leaves_the_record_as_it_was_and_can_be_repeated(
    sqlite_engine: Engine, sqlite_url: str, tmp_path: Path, ends_at: str
) -> None:
    """Killed when the copy is begun, when it is read again, and just before it gets the record's name."""
    made = backup(filled(sqlite_engine), tmp_path / "copy", at=NOW)
    before = rows_of(sqlite_engine)
    record_patient(sqlite_engine, "B2")
    since = rows_of(sqlite_engine)
    sqlite_engine.dispose()
    assert Program(is_killed, sqlite_url, made.path, ends_at).ended() == -signal.SIGKILL
    assert rows_of(sqlite_engine) == since
    restore(made.path, sqlite_engine, at=after(61))
    assert rows_of(sqlite_engine) == before
    assert [file for file in tmp_path.iterdir() if "unfinished" in file.name] == []


def is_killed(url: str, path: Path, ends_at: str) -> None:
    """Restores, and is killed at a step once what stood there is kept."""
    kept = restore_module.backup

    def end(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def then_killed(*arguments: Any, **named: Any) -> Backup:
        made = kept(*arguments, **named)
        setattr(Path if ends_at == "replace" else restore_module, ends_at, end)
        return made

    restore_module.backup = then_killed  # type: ignore[attr-defined]
    restore(path, open_engine(url), at=NOW)
