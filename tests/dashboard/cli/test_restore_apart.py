"""`seventy restore --to`: a backup beside its record, which alone knows who was erased since."""

from pathlib import Path

import pytest

from tests.dashboard.cli.test_restore_killed import went_on_since
from tests.support.command import seventy


@pytest.fixture(name="then")
def _then(tmp_path: Path) -> Path:
    return tmp_path / "then.backup"


@pytest.fixture(name="to")
def _to(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where a backup is put beside the record."""
    lite = database_url.startswith("sqlite")
    return f"sqlite:///{tmp_path}/trial.db" if lite else request.getfixturevalue("postgres").new()


def test_who_was_erased_since_is_counted_in_what_is_put_beside_the_record(
    database_url: str, then: Path, to: str
) -> None:
    went_on_since(database_url, then)
    run = seventy("restore", then, "--to", to, db=database_url)
    assert run.status == 0
    (said,) = (line for line in run.err.splitlines() if "erased from" in line)
    assert said.startswith("1 person who was erased from ")
    assert " since then may be in " in said
    assert "Featherstonehaugh" not in run.err


def test_of_a_backup_made_after_the_erasure_nothing_is_said(database_url: str, then: Path, to: str) -> None:
    went_on_since(database_url, then)
    newer = then.with_name("newer.backup")
    assert seventy("backup", newer, db=database_url).status == 0
    run = seventy("restore", newer, "--to", to, db=database_url)
    assert (run.status, "erased from" in run.err) == (0, False)


def test_where_the_record_is_away_its_backup_is_restored_all_the_same(
    begun: str, then: Path, tmp_path: Path
) -> None:
    went_on_since(begun, then)
    away = f"sqlite:///{tmp_path}/away.db"
    run = seventy("restore", then, "--to", tmp_path / "trial.db", db=away)
    assert (run.status, "erased from" in run.err) == (0, False)
    assert not (tmp_path / "away.db").exists()
