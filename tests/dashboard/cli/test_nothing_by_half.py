"""A command that the record refuses at its end, as on a full disk, leaves nothing behind."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.accounts.staff import accounts
from models.store.audit import events
from models.store.engine.errors import StoreError
from tests.support.builders import record_patient
from tests.support.command import seventy

FULL = "The disk is full, nothing was saved."


def is_full_at(action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the trail has no room for an event of this action."""
    sealed = events.sealed

    def full(key: bytes, row: tuple[object, ...], previous: str) -> str:
        if row[3] == action:
            raise StoreError(FULL)
        return sealed(key, row, previous)

    monkeypatch.setattr(events, "sealed", full)


@pytest.mark.parametrize(
    "command", [("patient", "A1", "--to", "a1.json"), ("extract", "--product", "safe-harbor", "--to", "out")]
)
def test_what_the_trail_does_not_tell_of_is_not_handed_over(
    sqlite_engine: Engine,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    record_patient(sqlite_engine)
    is_full_at("export", monkeypatch)
    before = sorted(tmp_path.iterdir())
    run = seventy(*command[:-1], tmp_path / command[-1], db=sqlite_url)
    assert (run.status, run.err.splitlines()[-1]) == (3, FULL)
    assert sorted(tmp_path.iterdir()) == before


def test_nobody_is_added_whose_link_cannot_be_made(
    sqlite_engine: Engine, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_full_at("make setup link", monkeypatch)
    run = seventy("user", "add", "ada", "--role", "clinician", db=sqlite_url)
    assert (run.status, run.err.splitlines()[-1]) == (3, FULL)
    assert accounts(sqlite_engine) == []
