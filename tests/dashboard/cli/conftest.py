"""What several commands are tried on: a record with nothing in it yet, none at all, and a good file."""

from pathlib import Path

import pytest


@pytest.fixture(name="db")
def _db(begun: str) -> str:
    """A record in which nothing is recorded yet."""
    return begun


@pytest.fixture(name="none_yet")
def _none_yet(tmp_path: Path) -> str:
    """A database that does not exist yet."""
    return f"sqlite:///{tmp_path}/new/clinic.db"


@pytest.fixture(name="scores")
def _scores(tmp_path: Path) -> Path:
    """A good file of two scores."""
    path = tmp_path / "scores.csv"
    path.write_text("mrn,scale,assessed_at,total\n7,PHQ-9,2025-03-03T09:00,21\n8,PHQ-9,2025-03-03T10:00,18\n")
    return path
