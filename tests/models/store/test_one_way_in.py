"""Every file of the record is opened in one place: a key given there seals the record and all its copies."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.store import sqlite
from models.store.backup import verify_backup
from models.store.errors import BackupError
from models.store.health import examine
from models.store.migrate import start
from models.store.moving import move
from models.store.restore import restore
from models.store.retention import add_backup, thin_out
from tests.support.builders import NOW, after, record_patient
from tests.support.databases import connected
from tests.support.filled import STRANGE, filled, rows_of

KEY = "00112233445566778899aabbccddeeff" * 2


@pytest.fixture(name="opened_with")
def _opened_with(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The key every file is opened with, which a test may change."""
    keys = [KEY]
    bare = sqlite.opened

    def opened(path: Path, *, unchanging: bool = False) -> Any:
        connection = bare(path, unchanging=unchanging)
        connection.execute(f"PRAGMA key = \"x'{keys[-1]}'\"")
        return connection

    monkeypatch.setattr(sqlite, "opened", opened)
    return keys


@pytest.fixture(name="sealed")
def _sealed(opened_with: list[str], tmp_path: Path) -> Iterator[Engine]:
    with connected(f"sqlite:///{tmp_path}/clinic.db") as engine:
        start(engine, at=NOW)
        yield filled(engine)


def test_a_sealed_record_is_backed_up_thinned_out_looked_at_moved_and_restored(
    sealed: Engine, tmp_path: Path
) -> None:
    before = rows_of(sealed)
    for minutes in (60, 61):
        made = add_backup(sealed, tmp_path / "copies", at=after(minutes))
    thin_out(tmp_path / "copies", sealed)
    assert [one for one in examine(sealed, backups=tmp_path / "copies", at=after(90)) if not one.fine] == []
    with connected(f"sqlite:///{tmp_path}/moved.db") as moved:
        move(sealed, moved)
        assert rows_of(moved) == before
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


def test_a_backup_under_another_key_is_none(sealed: Engine, opened_with: list[str], tmp_path: Path) -> None:
    made = add_backup(sealed, tmp_path / "copies", at=after(60))
    opened_with.append(KEY[::-1])
    with pytest.raises(BackupError, match="cannot be read"):
        verify_backup(made.path)
