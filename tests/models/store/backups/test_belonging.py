"""Which backups are a record's own once its folder was moved, and whose are never taken for its own."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.audit.events import Event, note
from models.store.backups.belonging import backups_in
from models.store.backups.holding import held_in
from models.store.backups.retention import add_backup, thin_out
from models.store.erasure.erasing import erase
from models.store.health import copies
from models.store.health.copies import backups_found
from models.store.health.trial import HELD, try_restore
from models.store.moves.migrate import start
from models.store.moves.restore import restore
from models.store.trail.erasures import Erasure
from tests.support.builders import BY, NOW, after, record_patient
from tests.support.databases import connected

NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
SOON = timedelta(minutes=10)


def record_in(folder: Path) -> str:
    return f"sqlite:///{folder}/seventy.db"


@pytest.fixture(name="copies_of")
def _copies_of(tmp_path: Path) -> Path:
    return tmp_path / "copies"


@pytest.fixture(name="old")
def _old(tmp_path: Path, copies_of: Path) -> Path:
    """The folder of a record with a patient, three backups of one hour beside it, and two on another disk."""
    folder = tmp_path / "old"
    folder.mkdir()
    with connected(record_in(folder)) as engine:
        start(engine, at=NOW)
        record_patient(engine, "A1")
        for number in range(3):
            add_backup(engine, folder / "backups", at=NOON + number * SOON)
        for number in range(2):
            add_backup(engine, copies_of, at=NOON + number * SOON)
    return folder


@pytest.fixture(name="moved")
def _moved(old: Path, tmp_path: Path) -> Path:
    return Path(shutil.move(old, tmp_path / "new"))


def test_a_moved_record_knows_its_backups_and_the_doctor_reads_the_newest(
    moved: Path, copies_of: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "disk_of", lambda folder: int(folder == copies_of))
    with connected(record_in(moved)) as engine:
        assert len(backups_in(moved / "backups", engine)) == 3
        found = list(backups_found(engine, moved / "backups", copies_of, NOON + 6 * SOON))
        assert try_restore(engine, moved / "backups", by=BY, at=NOON + 6 * SOON) == HELD
    assert [one.fine for one in found] == [True, True, True]
    assert "seventy.20260602T122000Z.db, is 0.7 hours old." in found[0].says


def test_those_of_before_a_move_are_thinned_out_with_those_since(moved: Path, copies_of: Path) -> None:
    with connected(record_in(moved)) as engine:
        newest = add_backup(engine, moved / "backups", at=NOON + 3 * SOON)
        assert len(thin_out(moved / "backups", engine).deleted) == 3
        assert backups_in(moved / "backups", engine) == [newest]
        assert [one.name for one in thin_out(copies_of, engine).deleted] == ["seventy.20260602T120000Z.db"]


def test_a_record_of_another_name_still_thins_out_those_of_the_old_one(moved: Path) -> None:
    (moved / "seventy.db").rename(moved / "clinic.db")
    with connected(f"sqlite:///{moved}/clinic.db") as engine:
        assert len(thin_out(moved / "backups", engine).deleted) == 2


def test_a_moved_records_backups_still_hold_who_is_erased(moved: Path) -> None:
    with connected(record_in(moved)) as engine:
        held = held_in(engine, [erased(engine)], at=NOON + 6 * SOON)
    assert len(held) == 3
    assert all(one.until is not None for one in held)


def test_a_copy_beside_it_and_the_record_do_not_touch_one_anothers(old: Path, copies_of: Path) -> None:
    """Both are in use, have the name that backups are called by, and share a second disk."""
    (made, *_) = backups_in_of(old, copies_of)
    beside = old.parent / "beside"
    with connected(record_in(beside)) as copy, connected(record_in(old)) as record:
        beside.mkdir()
        restore(made, copy, at=after(60))
        record_patient(copy, "C1")
        theirs = [add_backup(copy, copies_of, at=NOON + number * SOON) for number in (3, 4)]
        assert backups_in(copies_of, copy) == theirs[::-1]
        assert len(backups_in(copies_of, record)) == 2
        assert thin_out(copies_of, record).deleted != []
        assert all(one.path.exists() for one in theirs)
        assert len(thin_out(copies_of, copy).deleted) == 1


def test_a_copy_that_is_gone_leaves_no_backup_that_counts_as_the_records(old: Path, copies_of: Path) -> None:
    """It went its own way from the backup that it was made of: what it saved is not in the record."""
    (made, *_) = backups_in_of(old, copies_of)
    beside = old.parent / "beside"
    beside.mkdir()
    with connected(record_in(beside)) as copy:
        restore(made, copy, at=after(60))
        note(copy, Event("restore", detail={"apart": True}), by=BY, at=after(60))
        theirs = add_backup(copy, copies_of, at=NOON + 5 * SOON)
    shutil.rmtree(beside)
    with connected(record_in(old)) as record:
        assert theirs not in backups_in(copies_of, record)
        thin_out(copies_of, record)
        assert theirs.path.exists()
        shutil.move(theirs.path, old / "backups")
        shutil.move(theirs.manifest, old / "backups")
        held = held_in(record, [erased(record)], at=NOON + 6 * SOON)
        (other,) = (one for one in held if one.until is None)
    assert other.backup.path == old / "backups" / theirs.path.name


def test_a_record_begun_where_another_stood_has_none_of_its_backups(
    moved: Path, old: Path, copies_of: Path
) -> None:
    old.mkdir()
    with connected(record_in(old)) as begun:
        start(begun, at=NOW)
        own = add_backup(begun, copies_of, at=NOON + 5 * SOON)
        assert backups_in(copies_of, begun) == [own]
        assert thin_out(copies_of, begun).deleted == []
    assert moved.exists()


def test_of_a_record_that_cannot_be_read_the_place_tells(old: Path) -> None:
    with connected(record_in(old)) as engine:
        (old / "seventy.db").write_text("not a database, but long enough to be taken for one" * 20)
        assert len(backups_in(old / "backups", engine)) == 3
        (old / "seventy.db").unlink()
        assert len(backups_in(old / "backups", engine)) == 3
        assert not (old / "seventy.db").exists()


def test_what_stands_where_nobody_may_look_is_not_called_gone(
    moved: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = Path.stat

    def refuse(path: Path, **how: bool) -> os.stat_result:
        if path.is_relative_to(old):
            raise PermissionError(f"not yours: {path.name}")
        return stat(path, **how)

    with connected(record_in(moved)) as engine:
        monkeypatch.setattr(Path, "stat", refuse)
        assert backups_in(moved / "backups", engine) == []


def erased(engine: Engine) -> Erasure:
    """The erasure of patient A1."""
    return erase(engine, 1, by=BY, at=NOON, reason="asked for it in writing").erasure


def backups_in_of(folder: Path, copies_of: Path) -> list[Path]:
    with connected(record_in(folder)) as engine:
        return [one.path for one in backups_in(copies_of, engine)]
