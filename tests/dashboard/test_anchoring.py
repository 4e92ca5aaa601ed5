"""How far the trail has come, noted while the dashboard runs: what is cut off its end shows."""

from pathlib import Path

from sqlalchemy import Engine

from dashboard import backups
from dashboard.backups import AGAIN, Rounds, anchoring
from models.store.audit.events import Event, note
from models.store.backups.proving import prove
from models.store.trail.anchors import anchors
from tests.support.builders import BY, NOW
from tests.support.tampering import events, tamper


def test_what_is_cut_off_the_trail_while_the_dashboard_runs_is_found(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    rounds = Rounds([anchoring(sqlite_engine, tmp_path)], lambda: NOW)
    for action in ("read", "export"):
        note(sqlite_engine, Event(action), by=BY, at=NOW)
        assert (rounds.turn(), rounds.turn()) == (AGAIN, AGAIN)
    newest = len(events(sqlite_engine))
    assert [anchor.events for anchor in anchors(sqlite_engine, tmp_path)] == [newest - 1, newest]
    tamper(sqlite_engine, "DELETE FROM audit_event WHERE action = 'export'")
    (found,) = prove(sqlite_engine, folder=tmp_path, at=NOW).findings
    assert f"the trail now ends with event {newest - 1}" in found.words


def test_a_trail_that_cannot_be_noted_is_told_to_everybody(sqlite_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    Rounds([anchoring(sqlite_engine, tmp_path / "file")], lambda: NOW).turn()
    (told,) = backups.failures()
    backups._told.clear()
    assert told.startswith("How far the audit trail has come was not noted: ")
