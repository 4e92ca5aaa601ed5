"""Backups while the dashboard runs: when one is due, and what everybody is told when one fails."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard import backups, server
from dashboard.backups import AGAIN, DAY, Duty, Rounds, backing_up, copying, trying
from dashboard.components.page.pages import Page
from dashboard.components.page.plain import plain
from dashboard.components.page.role import Role
from models.store.backups.backup import Backup, verify_backup
from models.store.backups.retention import add_backup
from models.store.engine.errors import BackupError
from models.store.health import copies
from models.store.trail.entries import Wanted, entries
from tests.dashboard.cli.test_serving import free_port
from tests.support.builders import NOW
from tests.support.command import seventy
from tests.support.pages import errors, opened

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_told() -> Iterator[None]:
    backups._told.clear()
    yield
    backups._told.clear()


def hourly(engine: Engine, folder: Path, *, minutes: float = 0) -> Rounds:
    """The hourly backups, looked at so many minutes after noon."""
    return Rounds([backing_up(engine, folder, HOUR)], lambda: NOW + timedelta(minutes=minutes))


def test_the_first_is_due_at_once_and_the_next_an_hour_after_the_newest(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    duty = backing_up(sqlite_engine, tmp_path / "kept", HOUR)
    assert duty.due_in(NOW) == timedelta()
    add_backup(sqlite_engine, tmp_path / "kept", at=NOW)
    for minutes, due_in in ((0, 60), (45, 15), (200, 0), (-600, 0)):
        assert duty.due_in(NOW + timedelta(minutes=minutes)) == timedelta(minutes=due_in)


def test_both_are_made_while_the_dashboard_runs_and_none_after(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = tmp_path / "kept", tmp_path / "second"
    monkeypatch.setattr(copies, "disk_of", lambda folder: int(folder == folders[1]))
    done = Event()
    last = Duty("Nothing is looked at", HOUR, tuple, lambda _: done.set())
    duties = [
        backing_up(sqlite_engine, folders[0], HOUR),
        copying(sqlite_engine, folders[1], folders[0]),
        last,
    ]
    with Rounds(duties) as rounds:
        assert done.wait(20)
    assert not rounds._thread.is_alive()
    for folder in folders:
        (file,) = folder.glob("*.db")
        assert verify_backup(file).path == file
    assert backups.failures() == []


def test_a_copy_on_the_disk_of_the_record_is_made_and_told_until_one_is_on_another(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, disks = tmp_path / "second", [0]
    monkeypatch.setattr(copies, "disk_of", lambda folder: disks[0] if folder == second else 0)
    for hours in (0, 1):
        Rounds([copying(sqlite_engine, second, tmp_path)], lambda hours=hours: NOW + hours * HOUR).turn()
        says = f"{second} is on the same disk as the record. Its own disk may not be there."
        assert backups.failures() == [says]
    assert len(list(second.glob("*.db"))) == 1
    disks[0] = 1
    Rounds([copying(sqlite_engine, second, tmp_path)], lambda: NOW + DAY).turn()
    assert backups.failures() == []


def test_a_copy_is_due_once_a_day_and_thinned_out_as_the_others_are(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.store.backups.retention.KEPT", (("%Y-%m-%d", 2),))
    second = tmp_path / "second"
    for hours in (0, 1, 23, 24, 49):
        Rounds([copying(sqlite_engine, second, tmp_path)], lambda hours=hours: NOW + hours * HOUR).turn()
    assert sorted(file.name.split(".")[1] for file in second.glob("*.db")) == [
        f"{NOW + hours * HOUR:%Y%m%dT%H%M%SZ}" for hours in (24, 49)
    ]
    assert copying(sqlite_engine, second, tmp_path).due_in(NOW + 50 * HOUR) == DAY - HOUR


def test_one_that_fails_is_tried_again_soon_and_told_until_one_is_made(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[float] = []
    duty = backing_up(sqlite_engine, tmp_path / "kept", HOUR)
    schedule = Rounds([duty], lambda: NOW + timedelta(seconds=sum(waits)))

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 2:
            assert backups.failures() == ["There is no new backup: The disk is full."]
            monkeypatch.undo()
        return len(waits) > 2

    def fail(*_: object, **__: object) -> None:
        raise BackupError("The disk is full.")

    monkeypatch.setattr(backups, "add_backup", fail)
    schedule._leave.wait = wait  # type: ignore[method-assign,assignment]
    schedule._run()
    assert waits == [0, AGAIN.total_seconds(), HOUR.total_seconds()]
    assert backups.failures() == []
    assert [record.getMessage() for record in caplog.records] == ["There is no new backup: The disk is full."]


def test_of_two_the_one_that_fails_is_named_and_the_other_is_made(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    unplugged = tmp_path / "second"
    unplugged.write_text("no folder")
    duties = [copying(sqlite_engine, unplugged, tmp_path), backing_up(sqlite_engine, tmp_path / "kept", HOUR)]
    assert Rounds(duties, lambda: NOW).turn() == AGAIN
    (failure,) = backups.failures()
    assert failure.startswith(f"There is no new copy in the second folder, {unplugged}: ")
    assert len(list(tmp_path.glob("kept/*.db"))) == 1


def test_the_newest_is_tried_once_a_week_also_by_a_dashboard_started_anew(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    for days in (0, 1, 6.9, 7, 10, 14):
        at = NOW + days * DAY
        Rounds([backing_up(sqlite_engine, kept, HOUR), trying(sqlite_engine, kept)], lambda at=at: at).turn()
    told = entries(sqlite_engine, Wanted(action="trial_restore"))[::-1]
    assert [(entry.at - NOW) / DAY for entry in told] == [0, 7, 14]
    assert {entry.by for entry in told} == {"seventy serve"}
    assert trying(sqlite_engine, kept).due_in(NOW + 15 * DAY) == 6 * DAY
    assert backups.failures() == []


def test_that_there_is_no_backup_is_told_once(sqlite_engine: Engine, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("no folder")
    rounds = Rounds([backing_up(sqlite_engine, kept, HOUR), trying(sqlite_engine, kept)], lambda: NOW)
    rounds.turn()
    (failure,) = backups.failures()
    assert failure.startswith("There is no new backup: ")


def test_one_that_does_not_hold_is_told_until_one_does(sqlite_engine: Engine, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    made = add_backup(sqlite_engine, kept, at=NOW)
    made.path.write_bytes(b"spoilt")
    minutes = 0
    rounds = Rounds([trying(sqlite_engine, kept)], lambda: NOW + timedelta(minutes=minutes))
    assert rounds.turn() == HOUR
    (failure,) = backups.failures()
    assert failure.startswith(f"The newest backup could not be restored for trial: {made.path}: ")
    add_backup(sqlite_engine, kept, at=NOW + HOUR)
    minutes = 60
    assert rounds.turn() == 7 * DAY
    assert backups.failures() == []


def test_what_failed_waits_for_its_turn_while_others_have_theirs(sqlite_engine: Engine) -> None:
    tried: list[float] = []
    hours = 0.0

    def fail(_: object) -> None:
        tried.append(hours)
        raise BackupError("Damaged.")

    rare = Duty("It was not tried", 7 * DAY, tuple, fail, again=DAY)
    often = Duty("It is not done", HOUR, tuple, lambda _: None)
    rounds = Rounds([rare, often], lambda: NOW + hours * HOUR)
    for hours in (0, 1, 23, 24, 25, 20):  # noqa: B007  (at the end the clock went back)
        rounds.turn()
    assert tried == [0, 24, 20]


def test_one_made_by_another_program_ends_the_failure(sqlite_engine: Engine, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("no folder")
    minutes = 0
    rounds = Rounds([backing_up(sqlite_engine, kept, HOUR)], lambda: NOW + timedelta(minutes=minutes))
    rounds.turn()
    assert len(backups.failures()) == 1
    kept.unlink()
    add_backup(sqlite_engine, kept, at=NOW)
    minutes = 5
    assert rounds.turn() == timedelta(minutes=55)
    assert backups.failures() == []


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
    assert backups.failures() == ["There is no new backup (KeyError)."]


def test_damage_found_in_an_older_one_is_told(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.store.backups.retention.KEPT", (("%Y-%m-%dT%H", 2),))
    for hour in range(2):
        made = add_backup(sqlite_engine, tmp_path / "kept", at=NOW + hour * HOUR)
    made.path.write_bytes(b"spoilt")
    assert hourly(sqlite_engine, tmp_path / "kept", minutes=120).turn() == HOUR
    assert backups.failures() == [f"The backup {made.path} is damaged; the one before it is kept."]


def test_what_failed_stands_in_red_on_the_pages_of_both_roles(record: Engine) -> None:
    assert errors(opened(Page.CLINIC)) == []
    failures = ["There is no new backup: The disk is full.", "There is no new copy: It is not there."]
    backups._told.update(zip("ab", failures, strict=True))
    for role in Role:
        told = errors(opened(Page.CLINIC, role=role))
        assert len(told) == len(failures)
        for failure, line in zip(failures, told, strict=True):
            assert plain(failure) in line
            assert "Tell whoever looks after this computer: `seventy doctor`" in line


def test_a_fault_of_the_system_is_told_without_its_number(record: Engine) -> None:
    backups._told["a"] = "There is no new backup: [Errno 28] No space left on device."
    (told,) = errors(opened(Page.CLINIC))
    assert "backup\\: No space left on device. " in told


@pytest.mark.parametrize(
    ("every", "copies", "made"),
    [("60", "", {"kept": 1}), ("0", "", {}), ("0", "second", {"second": 1}), ("60", "second", {"kept": 1})],
)
def test_serving_makes_backups_unless_told_not_to(
    every: str, copies: str, made: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dashboard ends at once; a backup that has begun is finished first, and none begun after."""
    begun = Event()
    add = backups.add_backup

    def watched(*arguments: Any, **named: Any) -> Backup:
        begun.set()
        ended.wait(20)
        return add(*arguments, **named)

    ended = Event()
    leave = Rounds.__exit__

    def leaving(rounds: Rounds, *error: Any) -> None:
        rounds._leave.set()
        ended.set()
        leave(rounds, *error)

    monkeypatch.setattr(Rounds, "__exit__", leaving)
    monkeypatch.setattr(backups, "add_backup", watched)
    monkeypatch.setattr(server, "serve", lambda *_, **__: begun.wait(20 if made else 0))
    if copies:
        monkeypatch.setenv("SEVENTY_COPIES", str(tmp_path / copies))
    arguments = ("--headless", "--port", free_port(), "--backup-every", every, "--backups", tmp_path / "kept")
    run = seventy("serve", *arguments, db=f"sqlite:///{tmp_path}/clinic.db")
    assert run.status == 0
    assert ("second is on the same disk as the record" if copies else "No second folder is known") in run.err
    found = {name: len(list(tmp_path.glob(f"{name}/*.db"))) for name in ("kept", "second")}
    assert {name: files for name, files in found.items() if files} == made


def test_a_demo_makes_no_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    monkeypatch.setattr(Rounds, "__enter__", lambda _: pytest.fail("a backup of nobody"))
    assert seventy("demo", "--patients", 3, "--headless", "--port", free_port()).status == 0
