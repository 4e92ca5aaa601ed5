"""A record that is opened with a key is sealed, and so is every copy of it that is made and read again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.backups.backup import verify_backup
from models.store.backups.retention import add_backup, thin_out
from models.store.engine import sqlite
from models.store.engine.database import open_engine
from models.store.engine.errors import BackupError
from models.store.health.examining import examine
from models.store.moves.migrate import start
from models.store.moves.moving import move
from models.store.moves.restore import restore
from tests.support.builders import NOW, after, record_patient
from tests.support.filled import STRANGE, filled, rows_of

KEY = bytes(range(32))


@pytest.fixture(name="sealed")
def _sealed(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path}/clinic.db", key=KEY)
    start(engine, at=NOW)
    yield filled(engine)
    engine.dispose()


def test_a_sealed_record_is_backed_up_thinned_out_looked_at_moved_and_restored(
    sealed: Engine, tmp_path: Path
) -> None:
    before = rows_of(sealed)
    for minutes in (60, 61):
        made = add_backup(sealed, tmp_path / "copies", at=after(minutes))
    thin_out(tmp_path / "copies", sealed)
    looked = examine(sealed, backups=tmp_path / "copies", copies=tmp_path / "copies", at=after(90))
    assert [one.about for one in looked if not one.fine] == ["second folder"]  # which is the first
    moved = open_engine(f"sqlite:///{tmp_path}/moved.db", key=KEY[::-1])
    move(sealed, moved)
    assert rows_of(moved) == before
    moved.dispose()
    record_patient(sealed, "B2")
    restore(made.path, sealed, at=after(91))
    assert rows_of(sealed) == before
    sealed.dispose()
    files = [file for file in tmp_path.rglob("*.db*") if file.suffix != ".json"]
    assert len(files) == 4
    for file in files:
        content = file.read_bytes()
        assert b"SQLite" not in content
        assert STRANGE[:3].encode() not in content


def test_a_backup_under_another_key_is_none(sealed: Engine, tmp_path: Path) -> None:
    made = add_backup(sealed, tmp_path / "copies", at=after(60))
    assert verify_backup(made.path, key=KEY) == made
    for key in (None, KEY[::-1]):
        with pytest.raises(BackupError, match="cannot be read"):
            verify_backup(made.path, key=key)


def test_a_plain_record_becomes_a_sealed_one_and_a_sealed_one_plain(
    sealed: Engine, sqlite_engine: Engine, tmp_path: Path
) -> None:
    for source, key in ((filled(sqlite_engine), KEY), (sealed, None)):
        target = open_engine(f"sqlite:///{tmp_path}/{'plain' if key is None else 'sealed'}.db", key=key)
        move(source, target)
        assert rows_of(target) == rows_of(source)
        target.dispose()


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has 32 bytes; got 3"):
        sqlite.opened(tmp_path / "new.db", key=b"abc")
