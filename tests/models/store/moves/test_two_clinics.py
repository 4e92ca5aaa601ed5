"""One record is one clinic: no other's is put over it, into it or beside it in its trail."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, make_url

from models.access.roles import Role
from models.store.accounts.staff import add_account
from models.store.audit.events import Event, note, trail_of
from models.store.backups.backup import backup
from models.store.backups.proving import prove
from models.store.engine import sqlite
from models.store.engine.database import reading
from models.store.engine.errors import AnotherClinicError, BackupError
from models.store.moves.migrate import start
from models.store.moves.moving import move
from models.store.moves.restore import restore
from models.store.record.history import patient_history, patients_numbered
from models.store.trail.anchors import anchor, anchors, replaced
from models.tables.facts import match_key
from tests.support.builders import BY, NOW, after, record_patient
from tests.support.databases import connected
from tests.support.filled import rows_of

OURS, THEIRS = ["A1", "S1", "A2", "A3", "A4"], ["B1", "S1"]


class Two(NamedTuple):
    """Two clinics: `ours` has patients A1 and S1, `theirs` B1 and S1, who are not the same person."""

    ours: Engine
    theirs: Engine


@pytest.fixture(
    name="begun_apart",
    scope="module",
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def _begun_apart(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Path], str]:
    """Makes a record of one of three clinics, `ours`, `theirs` and `new`, each begun by itself, once."""
    models = {}
    for name, numbers in {"ours": ["A1", "S1"], "theirs": ["B1", "S1"], "new": []}.items():
        if request.param == "sqlite":
            models[name] = f"sqlite:///{tmp_path_factory.mktemp(name)}/record.db"
        else:
            models[name] = request.getfixturevalue("postgres").new()
        with connected(models[name]) as engine:
            start(engine, at=NOW)
            for number in numbers:
                record_patient(engine, number)

    def made(name: str, folder: Path) -> str:
        if request.param == "sqlite":
            return f"sqlite:///{shutil.copy(sqlite.file_of(make_url(models[name])), folder / f'{name}.db')}"
        return str(request.getfixturevalue("postgres").copied(models[name]))

    return made


@pytest.fixture
def two(begun_apart: Callable[[str, Path], str], tmp_path: Path) -> Iterator[Two]:
    """Each begun by itself, on each engine."""
    with (
        connected(begun_apart("ours", tmp_path)) as ours,
        connected(begun_apart("theirs", tmp_path)) as theirs,
    ):
        yield Two(ours, theirs)


@pytest.fixture(name="new")
def _new(begun_apart: Callable[[str, Path], str], tmp_path: Path) -> Iterator[Engine]:
    """A record that has only just begun, on the same engine."""
    with connected(begun_apart("new", tmp_path)) as engine:
        yield engine


def test_another_clinics_backup_is_not_put_over_a_record(two: Two, tmp_path: Path) -> None:
    made = backup(two.theirs, tmp_path / "copies" / "theirs", at=after(1))
    before = rows_of(two.ours)
    with pytest.raises(AnotherClinicError, match=r"another clinic than .*theirs.*--replace-clinic"):
        restore(made.path, two.ours, at=after(2))
    assert rows_of(two.ours) == before
    assert not list(tmp_path.rglob("*before-restore*"))


def test_unless_that_is_said_and_what_stood_there_is_kept(two: Two, tmp_path: Path) -> None:
    made = backup(two.theirs, tmp_path / "copies" / "theirs", at=after(1))
    restored = restore(made.path, two.ours, at=after(2), replace_clinic=True)
    assert rows_of(two.ours) == rows_of(two.theirs)
    assert restored.kept is not None
    assert restored.kept.exists()


def test_a_record_in_which_somebody_has_an_account_is_not_replaced_either(
    two: Two, new: Engine, tmp_path: Path
) -> None:
    """A clinic begins with its staff: nobody is treated there yet."""
    made = backup(two.theirs, tmp_path / "copies" / "theirs", at=after(1))
    add_account(new, "ada", "Ada", Role.ADMINISTRATOR, by=BY, at=after(1))
    before = rows_of(new)
    with pytest.raises(AnotherClinicError, match=r"holds the accounts of another clinic than .*theirs"):
        restore(made.path, new, at=after(2))
    assert rows_of(new) == before
    restore(backup(new, tmp_path / "copies" / "own", at=after(3)).path, new, at=after(4))
    restore(made.path, new, at=after(5), replace_clinic=True)
    assert rows_of(new) == rows_of(two.theirs)


def test_a_record_without_patients_and_accounts_is_replaced(two: Two, new: Engine, tmp_path: Path) -> None:
    """A new computer: `seventy serve` has begun a record before the backup is put back."""
    made = backup(two.theirs, tmp_path / "copies" / "theirs", at=after(1))
    restore(made.path, new, at=after(2))
    assert rows_of(new) == rows_of(two.theirs)


def test_a_backup_of_before_there_were_trails_belongs_where_it_was_made(two: Two, tmp_path: Path) -> None:
    made = backup(two.ours, tmp_path / "copies" / "ours", at=after(1))
    said = json.loads(made.manifest.read_text())
    made.manifest.write_text(json.dumps({**said, "trail": None}))
    with pytest.raises(AnotherClinicError):
        restore(made.path, two.theirs, at=after(2))
    restore(made.path, two.ours, at=after(2))


def test_a_clinic_is_not_copied_into_the_database_of_another(two: Two) -> None:
    before = rows_of(two.theirs)
    with pytest.raises(BackupError, match="is not empty; nothing was copied"):
        move(two.ours, two.theirs)
    assert rows_of(two.theirs) == before


def test_a_record_that_was_copied_is_still_the_same_clinic(two: Two, tmp_path: Path) -> None:
    with connected(f"sqlite:///{tmp_path}/moved.db") as moved:
        move(two.ours, moved)
        with reading(moved) as here, reading(two.ours) as there:
            assert trail_of(here) == trail_of(there) is not None
        made = backup(moved, tmp_path / "copies" / "moved.db", at=after(1))
        record_patient(moved, "A2")
        restore(made.path, moved, at=after(2))


def test_anchors_of_one_trail_say_nothing_of_another(two: Two, tmp_path: Path) -> None:
    """In one folder, under one key: even a restoring of the one is no consent for the other."""
    folder = tmp_path / "anchors"
    for engine in two:
        anchor(engine, folder, after(1))
    told = replaced(two.theirs, folder)
    note(two.theirs, Event("restore", detail=told), by=BY, at=after(2))
    anchor(two.theirs, folder, after(2))
    assert [len(anchors(engine, folder)) for engine in two] == [1, 1]
    record_patient(two.theirs, "B2")
    anchor(two.theirs, folder, after(3))
    for engine in two:
        assert prove(engine, folder=folder, at=after(4), backups=[]).is_well


def test_another_clinics_manifest_does_not_pass_for_a_records_own(two: Two, tmp_path: Path) -> None:
    made = backup(two.theirs, tmp_path / "copies" / "theirs", at=after(1))
    assert not prove(two.ours, folder=tmp_path / "anchors", at=after(2), backups=[made.path]).is_well


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """Two clinics whose records stand as they are: ours with five patients, theirs with two."""
    folder = tmp_path_factory.mktemp("two")
    with (
        connected(f"sqlite:///{folder}/ours.db") as ours,
        connected(f"sqlite:///{folder}/theirs.db") as theirs,
    ):
        for engine, numbers in ((ours, OURS), (theirs, THEIRS)):
            start(engine, at=NOW)
            for number in numbers:
                record_patient(engine, number)
        yield Two(ours, theirs)


@given(number=st.sampled_from([*OURS, *THEIRS]) | st.text(max_size=6).filter(lambda text: "\0" not in text))
def test_a_number_of_another_clinic_is_like_one_nobody_has(standing: Two, number: str) -> None:
    for engine, numbers in zip(standing, (OURS, THEIRS), strict=True):
        found = [patient_id for patient_id, _ in patients_numbered(engine, number)]
        wanted = match_key(number)
        assert found == [place for place, mrn in enumerate(numbers, start=1) if match_key(mrn) == wanted]


@given(patient=st.integers(1, 9))
def test_an_id_of_another_clinic_has_no_history_here(standing: Two, patient: int) -> None:
    there, here = (patient_history(engine, patient) for engine in standing)
    assert bool(there) == (patient <= len(OURS))
    assert bool(here) == (patient <= len(THEIRS))
