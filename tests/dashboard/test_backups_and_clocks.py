"""What a clock that was far ahead did while the dashboard ran puts nothing off once it is right again."""

import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from dashboard.backups import DAY, HOUR, Rounds, backing_up, trying
from models.store.backups.retention import add_backup
from models.store.health.copies import newest_whole
from models.store.trail.entries import Wanted, entries
from tests.support.builders import NOW


def test_one_that_a_clock_far_ahead_made_puts_no_other_off(sqlite_engine: Engine, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    add_backup(sqlite_engine, kept, at=NOW + timedelta(days=365))
    assert not newest_whole(sqlite_engine, kept, NOW, "backup", "Make one.").fine
    rounds = Rounds([backing_up(sqlite_engine, kept, HOUR)], lambda: NOW)
    assert [rounds.turn(), rounds.turn()] == [HOUR, HOUR]
    assert len(list(kept.glob("*.db"))) == 2
    assert newest_whole(sqlite_engine, kept, NOW, "backup", "Make one.").fine


def test_one_tried_by_a_clock_far_ahead_puts_no_other_off(sqlite_engine: Engine, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for days in (365, 0, 6.9, 7):
        at = NOW + days * DAY
        add_backup(sqlite_engine, kept, at=at)
        Rounds([trying(sqlite_engine, kept)], lambda at=at: at).turn()
    told = entries(sqlite_engine, Wanted(action="trial_restore"))
    assert [json.loads(entry.detail)["tried_at"] for entry in told[::-1]] == [
        (NOW + days * DAY).isoformat() for days in (365, 0, 7)
    ]
