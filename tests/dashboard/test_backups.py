"""Backups while the dashboard runs: when one is due, and what everybody is told when one fails."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine

from dashboard import backups, server
from dashboard.backups import AGAIN, Backups
from dashboard.components.pages import Page
from dashboard.components.plain import plain
from dashboard.components.role import Role
from models.store.backup import verify_backup
from models.store.errors import BackupError
from models.store.retention import add_backup
from tests.dashboard.test_serving import free_port
from tests.support.builders import NOW
from tests.support.command import seventy
from tests.support.pages import errors, opened

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_told() -> Iterator[None]:
    backups._Told.failure = None
    yield
    backups._Told.failure = None


def hourly(engine: Engine, folder: Path, *, minutes: float = 0) -> Backups:
    """The hourly backups, looked at so many minutes after noon."""
    return Backups(engine, folder, HOUR, lambda: NOW + timedelta(minutes=minutes))


def test_the_first_is_due_at_once_and_the_next_an_hour_after_the_newest(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    assert hourly(sqlite_engine, tmp_path / "kept").due_in() == timedelta()
    add_backup(sqlite_engine, tmp_path / "kept", at=NOW)
    for minutes, due_in in ((0, 60), (45, 15), (200, 0), (-600, 60)):
        schedule = hourly(sqlite_engine, tmp_path / "kept", minutes=minutes)
        assert schedule.due_in() == timedelta(minutes=due_in)


def test_one_is_made_while_the_dashboard_runs_and_none_after(sqlite_engine: Engine, tmp_path: Path) -> None:
    made = Event()

    class Watched(Backups):
        def make(self) -> None:
            super().make()
            made.set()

    with Watched(sqlite_engine, tmp_path / "kept", HOUR) as schedule:
        assert made.wait(20)
    assert not schedule._thread.is_alive()
    (file,) = tmp_path.glob("kept/*.db")
    assert verify_backup(file).path == file
    assert backups.failure() is None


def test_one_that_fails_is_tried_again_soon_and_told_until_one_is_made(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[float] = []
    schedule = hourly(sqlite_engine, tmp_path / "kept")

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 2:
            assert backups.failure() == "There is no new backup: The disk is full."
            monkeypatch.undo()
        return len(waits) > 2

    def fail(*_: object, **__: object) -> None:
        raise BackupError("The disk is full.")

    monkeypatch.setattr(backups, "add_backup", fail)
    schedule._leave.wait = wait  # type: ignore[method-assign,assignment]
    schedule._run()
    assert waits == [0, AGAIN.total_seconds(), HOUR.total_seconds()]
    assert backups.failure() is None
    assert [record.getMessage() for record in caplog.records] == ["There is no new backup: The disk is full."]


def test_a_turn_before_one_is_due_makes_none(sqlite_engine: Engine, tmp_path: Path) -> None:
    made = add_backup(sqlite_engine, tmp_path / "kept", at=NOW)
    assert hourly(sqlite_engine, tmp_path / "kept", minutes=45).turn() == HOUR / 4
    assert list(tmp_path.glob("kept/*.db")) == [made.path]


def test_an_error_nobody_thought_of_ends_no_schedule_and_names_nobody(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("Jane Roe")

    monkeypatch.setattr(backups, "add_backup", fail)
    assert hourly(sqlite_engine, tmp_path / "kept").turn() == AGAIN
    assert backups.failure() == "There is no new backup (KeyError)."


def test_damage_found_in_an_older_one_is_told(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.store.retention.KEPT", (("%Y-%m-%dT%H", 2),))
    for hour in range(2):
        made = add_backup(sqlite_engine, tmp_path / "kept", at=NOW + hour * HOUR)
    made.path.write_bytes(b"spoilt")
    assert hourly(sqlite_engine, tmp_path / "kept", minutes=120).turn() == HOUR
    assert backups.failure() == f"The backup {made.path} is damaged; the one before it is kept."


def test_a_failed_backup_stands_in_red_on_the_pages_of_both_roles(record: Engine) -> None:
    assert errors(opened(Page.CLINIC)) == []
    backups._Told.failure = "There is no new backup: The disk is full."
    for role in Role:
        (told,) = errors(opened(Page.CLINIC, role=role))
        assert plain(backups._Told.failure) in told
        assert "`seventy doctor`" in told


@pytest.mark.parametrize(("every", "made"), [("60", 1), ("0", 0)])
def test_serving_makes_backups_unless_told_not_to(
    every: str, made: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dashboard ends at once; a backup that has begun is finished first."""
    begun = Event()
    make = Backups.make

    def watched(schedule: Backups) -> None:
        begun.set()
        make(schedule)

    monkeypatch.setattr(Backups, "make", watched)
    monkeypatch.setattr(server, "serve", lambda *_, **__: begun.wait(20 if made else 0))
    arguments = ("--headless", "--port", free_port(), "--backup-every", every, "--backups", tmp_path / "kept")
    assert seventy("serve", *arguments, db=f"sqlite:///{tmp_path}/clinic.db").status == 0
    assert len(list(tmp_path.glob("kept/*.db"))) == made


def test_a_demo_makes_no_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    monkeypatch.setattr(Backups, "__enter__", lambda _: pytest.fail("a backup of nobody"))
    assert seventy("demo", "--patients", 3, "--headless", "--port", free_port()).status == 0
