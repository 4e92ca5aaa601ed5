"""`seventy doctor`: in words for a person, as JSON for a program, and by its status for a timer."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.cli.doctor import doctoring, health_of_serving
from models.store.audit.events import Event, note
from models.store.health import copies
from tests.dashboard.cli.test_erase import connected_own
from tests.support.builders import BY, NOW
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.filled import filled
from tests.support.tampering import tamper

HOUSE = Path(__file__).parents[3]


@pytest.fixture(name="kept")
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A record with a backup, and a copy of it on a second disk."""
    db, second = f"sqlite:///{tmp_path}/clinic.db", tmp_path / "second disk"
    assert seventy("migrate", db=db).status == 0
    monkeypatch.setenv("SEVENTY_COPIES", str(second))
    monkeypatch.setenv("HOME", str(tmp_path))  # whose own settings of Streamlit are none of these tests'
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(copies, "disk_of", lambda folder: int(folder == second))
    for folder in ([], [second]):
        assert seventy("backup", *folder, "--keep", db=db).status == 0
    return db


def test_a_record_that_is_well_kept_is_fine_and_ends_with_0(kept: str) -> None:
    run = seventy("doctor", db=kept)
    assert run.status == 0, run.out
    assert {line.split()[0] for line in run.out.splitlines()} == {"fine"}
    assert "clock" in run.out


def test_what_is_wrong_stands_beside_what_to_do_and_ends_with_1(kept: str, tmp_path: Path) -> None:
    run = seventy("doctor", "--backups", tmp_path / "empty", db=kept)
    assert run.status == 1
    lines = run.out.splitlines()
    (place,) = (number for number, line in enumerate(lines) if line.startswith("WRONG"))
    assert "There is no whole backup of this record" in lines[place]
    assert "Or run `seventy backup --keep` daily" in lines[place + 1]


def test_a_program_reads_the_same_as_json(kept: str, tmp_path: Path) -> None:
    run = seventy("doctor", "--json", db=kept)
    assert (run.status, run.document["fine"]) == (0, True)
    assert {finding["do"] for finding in run.document["findings"]} == {None}
    elsewhere = seventy("doctor", "--json", "--backups", tmp_path / "empty", db=kept)
    assert (elsewhere.status, elsewhere.document["fine"]) == (1, False)
    (wrong,) = (finding for finding in elsewhere.document["findings"] if not finding["fine"])
    assert wrong["about"] == "backup"
    assert str(tmp_path / "empty") in wrong["says"]


def test_a_second_folder_is_missed_until_it_is_named(kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second = os.environ["SEVENTY_COPIES"]
    monkeypatch.delenv("SEVENTY_COPIES")
    run = seventy("doctor", db=kept)
    assert run.status == 1
    assert "No second folder is known" in run.out
    assert seventy("doctor", "--copies", second, db=kept).status == 0


def test_anchors_in_the_records_own_folder_are_told_of(
    kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "whoever can write there can cut off the trail's end and what shows it"
    assert told not in seventy("doctor", db=kept).out
    monkeypatch.setenv("SEVENTY_ANCHORS", str(tmp_path / "anchors"))
    run = seventy("doctor", db=kept)
    assert (run.status, told in run.out) == (0, True)


@pytest.mark.parametrize(
    ("table", "column"),
    [("patient", "recorded_at"), ("claim", "recorded_at"), ("claim_lock", "locked_at")],
)
def test_a_time_that_cannot_be_is_said_and_breaks_nothing_off(
    new_record: Callable[[], str], tmp_path: Path, table: str, column: str
) -> None:
    url = new_record()
    with connected(url) as engine:
        tamper(filled(engine), f"UPDATE {table} SET {column} = 9000000000000000000 WHERE id = 1")  # noqa: S608
    run = seventy("doctor", "--backups", tmp_path / "kept", db=url)
    assert run.status == 1
    assert "A time in the record is not one that can be" in run.out
    assert "locked question" in run.out


def test_another_streamlit_than_was_measured_is_told(kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctoring, "version", lambda _: "1.68.0")
    run = seventy("doctor", db=kept)
    assert run.status == 1
    assert "Version 1.68.0; how it guards pages was measured on 1.67.x." in run.out


def test_the_streamlit_that_was_measured_is_the_one_that_is_installed_with_the_product() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    assert f"streamlit>={doctoring.STREAMLIT}".rstrip(".") + ",<1.68" in project["dependencies"]


def serve_at(db: str, at: str) -> None:
    """Leave the event of a start."""
    detail = {"at": at, "address": "https://seventy.clinic.example"}
    with connected_own(db) as engine:
        note(engine, Event("serve", detail=detail), by=BY, at=NOW)


@pytest.mark.parametrize(
    ("at", "fine"), [("127.0.0.1:8501", True), ("[::1]:8501", True), ("0.0.0.0:8501", False)]
)
def test_listening_to_others_without_tls_is_told_by_the_last_start(
    kept: str,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
    fine: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(health_of_serving, "CONTAINERS", ())
    serve_at(kept, "192.0.2.1:8501" if fine else "127.0.0.1:8501")
    serve_at(kept, at)
    run = seventy("doctor", db=kept)
    assert (run.status, f"It was last served at {at}, " in run.out) == (0 if fine else 1, True)
    assert ("others reach it past the proxy of https://seventy.clinic.example" in run.out) is not fine


def test_a_container_has_a_network_of_its_own(
    kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_of_serving, "CONTAINERS", (tmp_path,))
    serve_at(kept, "0.0.0.0:8501")
    run = seventy("doctor", db=kept)
    assert (run.status, "let its host show that to the proxy alone" in run.out) == (0, True)


@pytest.mark.parametrize("folder", ["", "elsewhere"])
def test_a_file_that_gives_streamlit_more_settings_is_named_with_them(
    kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (tmp_path / folder / ".streamlit").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / folder)
    file = tmp_path / folder / ".streamlit" / "config.toml"
    file.write_text("[server]\nmaxUploadSize = 200\n[browser]\ngatherUsageStats = true\n")
    assert seventy("doctor", db=kept).status == 0  # Seventy starts it otherwise, whatever stands there
    file.write_text("[server]\nmaxUploadSize = 200\ncorsAllowedOrigins = ['https://evil.example']\n")
    run = seventy("doctor", db=kept)
    assert run.status == 1
    assert f"Streamlit is told more than Seventy tells it: server.corsAllowedOrigins ({file})." in run.out
    file.write_text("[server\n")
    assert f"what nobody can read ({file})" in seventy("doctor", db=kept).out
