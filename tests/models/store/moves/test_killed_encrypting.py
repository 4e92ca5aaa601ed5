"""Killed while it encrypts a record or changes its key, a program leaves it whole, under one of the two."""

import shutil
import signal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.engine import sqlite
from models.store.engine.database import open_engine
from models.store.engine.errors import StoreError
from models.store.moves.encrypting import change_key, encrypt
from models.store.record import read
from models.store.record.bulk import loading
from tests.support.builders import BY, NOW, patient_facts
from tests.support.databases import connected
from tests.support.programs import Program, dies_in

CANARY = "Qanarrio"
PATIENTS = 3000
KEY, OTHER_KEY = bytes(range(32)), bytes(range(32, 64))


def puts_under_a_key(url: str, action: str, killed_after: float | None) -> None:
    plain, encrypted = open_engine(url), open_engine(url, key=KEY)
    dies_in(killed_after)
    if action == "encrypt":
        encrypt(plain, KEY, at=NOW, shred=True)
    else:
        change_key(encrypted, OTHER_KEY, lambda _account, sealed: sealed)


@pytest.fixture(name="filled")
def _filled(sqlite_engine: Engine) -> Path:
    with loading(sqlite_engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}", family_name=CANARY) for number in range(PATIENTS)])
    sqlite_engine.dispose()
    return sqlite.file_of(sqlite_engine.url)


def done(file: Path, action: str, *, killed_after: float | None = None) -> bool:
    """Whether the program came to its end."""
    status = Program(puts_under_a_key, f"sqlite:///{file}", action, killed_after).ended()
    assert status in (0, -signal.SIGALRM)
    return status == 0


def keys_of(file: Path, keys: tuple[bytes | None, ...]) -> list[bytes | None]:
    """Which of these open the record, in which every patient is."""
    found = []
    for key in keys:
        try:
            with connected(f"sqlite:///{file}", key=key) as engine:
                assert read.record(engine).patients.height == PATIENTS
                found.append(key)
        except StoreError:
            continue
    return found


@pytest.mark.parametrize("action", ["encrypt", "change"])
def test_killed_at_any_moment_it_leaves_a_whole_record_and_can_be_told_again(
    filled: Path, action: str, tmp_path: Path
) -> None:
    before, after = (None, KEY) if action == "encrypt" else (KEY, OTHER_KEY)
    with connected(f"sqlite:///{filled}") as engine:
        if action == "change":
            encrypt(engine, KEY, at=NOW, shred=True)
    cut_short = 0
    for nth, seconds in enumerate((0.01, 0.03, 0.1)):
        file = tmp_path / str(nth) / "record.db"
        file.parent.mkdir()
        shutil.copyfile(filled, file)
        cut_short += not done(file, action, killed_after=seconds)
        (key,) = keys_of(file, (before, after))
        if key == before or any(CANARY.encode() in path.read_bytes() for path in file.parent.iterdir()):
            assert done(file, action)
        assert keys_of(file, (before, after)) == [after]
        assert not any(CANARY.encode() in path.read_bytes() for path in file.parent.iterdir())
    assert cut_short
