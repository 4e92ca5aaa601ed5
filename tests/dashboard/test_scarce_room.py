"""A disk that is nearly full: everybody is told, imports are refused, and single scores still saved."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.store.engine.database import is_sqlite
from models.store.engine.errors import CannotOpenError, NoRoomError
from models.store.health.space import least_free, refuse_many, room_at
from models.store.record import read
from tests.support.bringing import ROW, SCORES, brought
from tests.support.bringing import plain as said_plainly
from tests.support.builders import record_patient
from tests.support.command import counts, seventy
from tests.support.pages import errors, opened, press


@pytest.fixture(autouse=True)
def _the_usual_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEVENTY_LEAST_FREE")
    left(monkeypatch, 312_900_000)


def left(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))


def test_every_page_says_so_to_both_roles_until_there_is_room(
    record: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in Role:
        (told,) = errors(opened(Page.CLINIC, role=role))
        assert "Only 312 MB are free at " in told
        assert "; 500 MB are the least." in told
        assert "single scores are still saved" in told
    left(monkeypatch, 500_000_000)
    assert errors(opened(Page.CLINIC)) == []


def test_an_import_is_refused_before_a_row_is_stored_and_a_single_patient_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, db = tmp_path / "people.csv", f"sqlite:///{tmp_path}/clinic.db"
    people.write_text("mrn\n7\n")
    assert seventy("migrate", db=db).status == 0
    run = seventy("import", people, db=db)
    assert run.status == 3
    told = f"Nothing was imported: only 312 MB are free at {tmp_path}; 500 MB are the least."
    assert told in run.err
    trial = seventy("import", people, "--dry-run", "--json", db=db)
    assert counts(trial, "patients") == {"read": 1, "new": 1}
    monkeypatch.setenv("SEVENTY_LEAST_FREE", "312")
    assert seventy("import", people, db=db).status == 0


def test_what_the_import_page_shows_is_not_stored(record: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEVENTY_LEAST_FREE", "0")
    page = brought({"scores.csv": SCORES + ROW})
    monkeypatch.setenv("SEVENTY_LEAST_FREE", "313")
    alarm, refusal = map(said_plainly, errors(press(page, "Store 2 rows")))
    assert alarm.startswith("Only 312 MB are free")
    assert refusal.startswith("Nothing was imported: only 312 MB are free")
    assert read.record(record).assessments.is_empty()


def test_a_servers_record_minds_its_own_disk(engine: Engine) -> None:
    if is_sqlite(engine):
        with pytest.raises(NoRoomError, match="only 312 MB are free"):
            refuse_many(engine)
    else:
        refuse_many(engine)
    record_patient(engine, "B2")
    assert list(read.record(engine).patients["mrn"]) == ["B2"]


def test_the_least_is_a_number_of_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEVENTY_LEAST_FREE", " 400 ")
    assert room_at(tmp_path).least == 400
    for said in ("half", "-1", "4.5", ""):
        monkeypatch.setenv("SEVENTY_LEAST_FREE", said)
        with pytest.raises(CannotOpenError, match="is a number of megabytes, as in 500"):
            least_free()
    monkeypatch.setenv("SEVENTY_LEAST_FREE", "half")
    assert "got 'half'" in seventy("serve", "--headless", db=f"sqlite:///{tmp_path}/clinic.db").err
