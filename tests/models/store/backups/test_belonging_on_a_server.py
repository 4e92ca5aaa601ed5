"""Which backups are a PostgreSQL record's own once it is named by another URL, and whose never are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.store.audit.events import Event, note
from models.store.backups.belonging import backups_in
from models.store.backups.holding import held_in
from models.store.backups.retention import add_backup, thin_out
from models.store.erasure.erasing import erase
from models.store.health.copies import newest_whole
from models.store.health.trial import READ, try_restore
from models.store.moves.migrate import start
from models.store.moves.moving import move
from models.store.moves.restore import restore
from tests.support.builders import BY, NOW, after, record_patient
from tests.support.databases import Databases, connected

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
SOON = timedelta(minutes=10)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a server's backups are kept, whatever the database is called."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "seventy" / "backups"


@pytest.fixture(name="old")
def _old(postgres: Databases, folder: Path) -> str:
    """A record with a patient and three backups of one hour."""
    url = postgres.its_own()
    with connected(url) as engine:
        record_patient(engine, "A1")
        for number in range(3):
            add_backup(engine, folder, at=NOON + number * SOON)
    return url


@pytest.fixture(name="moved")
def _moved(old: str, postgres: Databases) -> str:
    return postgres.copied(old)


def test_a_moved_record_knows_its_backups_and_the_doctor_reads_the_newest(moved: str, folder: Path) -> None:
    with connected(moved) as engine:
        assert len(backups_in(folder, engine)) == 3
        assert try_restore(engine, folder, by=BY, at=NOON + 6 * SOON) == READ
        found = newest_whole(engine, folder, NOON + 6 * SOON, "backup", "")
        gone = erase(engine, 1, by=BY, at=NOON, reason="asked for it in writing").erasure
        held = held_in(engine, [gone], at=NOON + 6 * SOON)
    assert (found.fine, "20260602T122000Z.dump, is 0.7 hours old." in found.says) == (True, True)
    assert [one.until is not None for one in held] == [True] * 3


def test_those_of_before_a_move_are_thinned_out_with_those_since(moved: str, folder: Path) -> None:
    with connected(moved) as engine:
        newest = add_backup(engine, folder, at=NOON + 3 * SOON)
        assert len(thin_out(folder, engine).deleted) == 3
        assert backups_in(folder, engine) == [newest]


def test_a_copy_beside_it_and_the_record_do_not_touch_one_anothers(
    old: str, postgres: Databases, folder: Path
) -> None:
    """They share a folder, and the one holds all that the other held when it was made of its backup."""
    with connected(old) as record, connected(postgres.new()) as copy:
        newest, *_ = backups_in(folder, record)
        restore(newest.path, copy, at=after(60))
        note(copy, Event("restore", detail={"apart": True}), by=BY, at=after(60))
        assert backups_in(folder, copy) == []
        theirs = add_backup(copy, folder, at=NOON + 3 * SOON)
        assert backups_in(folder, copy) == [theirs]
        assert thin_out(folder, copy).deleted == []
        assert theirs not in backups_in(folder, record)
        assert len(thin_out(folder, record).deleted) == 2
        assert theirs.path.exists()
        assert newest.path.exists()


def test_what_was_saved_at_the_old_address_after_the_move_is_not_its_own(
    old: str, moved: str, folder: Path
) -> None:
    with connected(old) as left, connected(moved) as engine:
        record_patient(left, "A2")
        stray = add_backup(left, folder, at=NOON + 3 * SOON)
        assert len(backups_in(folder, engine)) == 3
        thin_out(folder, engine)
    assert stray.path.exists()


def test_backups_of_the_file_that_it_was_copied_from_are_not_its_own(
    postgres: Databases, folder: Path, tmp_path: Path
) -> None:
    """Neither could be restored into the other."""
    with connected(f"sqlite:///{tmp_path}/clinic.db") as lite, connected(postgres.new()) as engine:
        start(lite, at=NOW)
        add_backup(lite, folder, at=NOON)
        move(lite, engine)
        assert backups_in(folder, engine) == []
        made = add_backup(engine, folder, at=NOON + SOON)
        assert backups_in(folder, engine) == [made]
        (tmp_path / "clinic.db").rename(tmp_path / "moved.db")
        with connected(f"sqlite:///{tmp_path}/moved.db") as again:
            assert made not in backups_in(folder, again)
