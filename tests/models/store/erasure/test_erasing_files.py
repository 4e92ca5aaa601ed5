"""What was erased is in no file of the record; a program killed on the way leaves all of it or nothing."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.store.backups.backup import backup
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, reading
from models.store.erasure import erasing
from models.store.erasure.erasing import erase, erase_again
from models.store.erasure.wiping import wipe
from models.store.moves.migrate import start
from models.store.moves.restore import restore
from models.store.trail.audit_check import verify
from models.store.trail.erasures import erasures
from tests.support.builders import NOW, after, record_patient
from tests.support.canaries import record_canaries
from tests.support.databases import connected
from tests.support.programs import Program
from tests.support.two_people import everything

WHY = "asked for it in writing"
CANARIES = (b"MRN-90210-7741", b"Zephyrine", b"Xanthippe-Wuthering")


def held(file: Path) -> dict[str, list[bytes]]:
    """By file of the record, which canaries are in its bytes."""
    found = {}
    for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        data = path.read_bytes() if path.exists() else b""
        found[path.name] = [canary for canary in CANARIES if canary in data]
    return found


@pytest.mark.parametrize("keep_scores", [False, True])
def test_no_byte_of_who_it_was_is_left_in_the_file_or_its_log(
    sqlite_engine: Engine, *, keep_scores: bool
) -> None:
    file = sqlite.file_of(record_canaries(sqlite_engine).url)
    with connected(sqlite_engine.url.render_as_string()) as dashboard, reading(dashboard):
        pass  # somebody else has it open too
    assert any(held(file).values())
    erase(sqlite_engine, 1, by="Ada", at=after(1), reason=WHY, keep_scores=keep_scores)
    assert wipe(sqlite_engine) is None
    assert held(file) == {file.name: [], f"{file.name}-wal": [], f"{file.name}-shm": []}
    assert verify(sqlite_engine).findings == []


def test_an_encrypted_record_is_written_anew_too(tmp_path: Path) -> None:
    with connected(f"sqlite:///{tmp_path}/sealed.db", key=bytes(range(32))) as engine:
        start(engine, at=NOW)
        record_canaries(engine)
        erase(engine, 1, by="Ada", at=after(1), reason=WHY)
        assert wipe(engine) is None
        assert verify(engine).findings == []
    assert sqlite.opens(tmp_path / "sealed.db", bytes(range(32)))
    assert not sqlite.opens(tmp_path / "sealed.db", None)


def test_a_log_that_somebody_is_reading_is_said_not_to_be_gone(sqlite_engine: Engine) -> None:
    record_canaries(sqlite_engine)
    with connected(sqlite_engine.url.render_as_string()) as dashboard, reading(dashboard) as connection:
        connection.exec_driver_sql("SELECT count(*) FROM patient").scalar_one()
        erase(sqlite_engine, 1, by="Ada", at=after(1), reason=WHY)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(sqlite.SETTINGS, "busy_timeout", "50")
            said = wipe(sqlite_engine)
    assert said is not None
    assert "their bytes may still be in" in said
    assert wipe(sqlite_engine) is None


@pytest.mark.postgres
def test_postgresql_writes_its_tables_anew(new_record: Callable[[], str]) -> None:
    with connected(new_record()) as engine:
        record_canaries(engine)
        erase(engine, 1, by="Ada", at=after(1), reason=WHY)
        assert wipe(engine) is None
        assert verify(engine).findings == []


def dies(url: str, step: str) -> None:
    """Erases the first patient and is killed after one of the steps."""
    real = getattr(erasing, step)

    def killed(*given: Any, **named: Any) -> None:
        real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(erasing, step, killed)
    with connected(url) as engine:
        erase(engine, 1, by="Ada", at=after(1), reason=WHY)


@pytest.mark.parametrize("step", ["_settle", "_delete", "insert", "append", "tell"])
def test_killed_on_the_way_it_has_erased_nothing_and_can_be_told_again(
    new_record: Callable[[], str], step: str
) -> None:
    url = new_record()
    with connected(url) as engine:
        before = everything(record_canaries(engine))
    assert Program(dies, url, step).ended() == -signal.SIGKILL
    with connected(url) as engine:
        assert everything(engine) == before
        assert verify(engine).findings == []
        erase(engine, 1, by="Ada", at=after(2), reason=WHY)
        assert verify(engine).findings == []
        assert len(erasures(engine)) == 1


def test_an_older_backup_that_takes_the_place_of_the_record_loses_who_was_erased_since(
    new_record: Callable[[], str], tmp_path: Path
) -> None:
    with connected(new_record()) as engine:
        made = backup(record_canaries(engine), tmp_path / "copies" / "copy", at=NOW)
        erase(engine, 1, by="Ada", at=after(1), reason=WHY, keep_scores=True)
        erase(engine, 1, by="Ada", at=after(2), reason="came back and asked for all of it")
        erase(engine, 3, by="Ada", at=after(3), reason=WHY, keep_scores=True)
        record_patient(engine, "later")
        erase(engine, 6, by="Ada", at=after(4), reason="of somebody the backup never had")
        known = erasures(engine)
        restore(made.path, engine, at=after(5))
        assert erasures(engine) == []
        done = erase_again(engine, known, by="restore", at=after(6))
        assert [(one.erasure.patient_id, one.erasure.known_as) for one in done] == [
            (1, known[0].known_as),
            (1, None),
            (3, known[2].known_as),
        ]
        assert verify(engine).findings == []
        assert "Zephyrine" not in repr(everything(engine))
        assert erase_again(engine, erasures(engine), by="restore", at=after(7)) == []
        assert is_sqlite(engine) or wipe(engine) is None


def test_a_number_that_is_somebody_elses_by_now_erases_nobody(
    new_record: Callable[[], str], tmp_path: Path
) -> None:
    """The id of the erased is another person's in a copy that went its own way."""
    with connected(new_record()) as engine:
        empty = backup(engine, tmp_path / "empty", at=NOW)
        record_patient(engine, "A1")
        erase(engine, 1, by="Ada", at=after(1), reason=WHY)
        known = erasures(engine)
        restore(empty.path, engine, at=after(2))
        record_patient(engine, "B2")
        assert erase_again(engine, known, by="restore", at=after(3)) == []
        record_patient(engine, "A1")
        (done,) = erase_again(engine, known, by="restore", at=after(4))
        assert done.erasure.patient_id == 2
