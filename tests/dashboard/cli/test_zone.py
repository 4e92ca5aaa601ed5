"""What people read of a moment at the command line is in the clinic's time, and names its zone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.cli.keeping import restoring
from dashboard.cli.record import erasing
from models.store.backups.backup import backup, folder_of
from models.store.backups.retention import add_backup
from models.store.engine import clocks
from models.store.engine.database import reading
from models.store.health import examining
from models.store.health.trial import trial_found, try_restore
from models.store.record import write
from models.tables.facts import ClinicFacts
from tests.dashboard.cli.test_erase import WHY
from tests.support.builders import BY, record_patient
from tests.support.command import Run, seventy
from tests.support.databases import connected, connected_own
from tests.support.tampering import tamper

NIGHT = datetime(2026, 6, 2, 3, tzinfo=UTC)
"""Still the evening of the first where the clinic is."""
ZONE = "America/New_York"
EVENING = f"2026-06-01 23:00 {ZONE}"


@pytest.fixture(name="db")
def _db(begun: str) -> str:
    with connected_own(begun) as engine:
        write.save_clinic(engine, ClinicFacts(time_zone=ZONE), by=BY, at=NIGHT - timedelta(days=1))
        record_patient(engine, "1043", family_name="Adler")
    return begun


@pytest.fixture(name="erased")
def _erased(db: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Run]:
    """1043 is erased in that night, and stands in a backup of it."""
    monkeypatch.setattr(erasing, "now", lambda: NIGHT)
    with connected_own(db) as engine:
        add_backup(engine, folder_of(engine), at=NIGHT)
    return db, seventy("erase", "1043", *WHY, "--confirm", "1043", db=db)


def test_it_is_said_of_backups_by_the_clinics_clock(erased: tuple[str, Run]) -> None:
    _, run = erased
    assert f"the newest of {EVENING}. If one is made every hour" in run.err
    assert f"{ZONE}.\n" in run.err
    assert "UTC" not in run.err + run.out


def test_it_is_said_of_who_was_erased(erased: tuple[str, Run]) -> None:
    db, _ = erased
    assert f"erased already, on {EVENING} by " in seventy("erase", "1043", *WHY, db=db).err
    assert f"Erased on {EVENING} by " in seventy("verify", db=db).out


def test_it_is_said_of_the_backup_that_is_the_record_now(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "now", lambda: NIGHT + timedelta(hours=1))
    with connected_own(db) as engine:
        backup(engine, tmp_path / "copy.db", at=NIGHT)
    run = seventy("restore", tmp_path / "copy.db", db=db)
    assert f"is as of {EVENING}: it holds" in run.out
    assert f"passwords are as of {EVENING} too" in run.err


def test_it_is_said_by_the_doctor_of_clock_and_trial(new_record: Callable[[], str], tmp_path: Path) -> None:
    with connected(new_record()) as engine:
        write.save_clinic(engine, ClinicFacts(time_zone=ZONE), by=BY, at=NIGHT - timedelta(days=1))
        add_backup(engine, tmp_path, at=NIGHT)
        try_restore(engine, tmp_path, by=BY, at=NIGHT)
        with reading(engine) as connection:
            assert f"last tried at {EVENING}: " in trial_found(connection, NIGHT).says
            clock = examining._clock(connection, NIGHT).says
    assert re.fullmatch(f"The newest row .* {ZONE}; this computer's clock says {EVENING}\\.", clock)


@pytest.mark.parametrize("left", ["Mars/Olympus", "../etc"])
def test_a_zone_that_is_none_is_no_error_of_the_doctors(begun: str, left: str) -> None:
    with connected_own(begun) as engine:
        tamper(engine, f"UPDATE clinic SET time_zone = '{left}'")  # noqa: S608
        with reading(engine) as connection:
            assert clocks.minute(NIGHT, clocks.zone_of(connection)) == "2026-06-02 03:00 UTC"
