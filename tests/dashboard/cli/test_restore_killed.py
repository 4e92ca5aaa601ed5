"""`seventy restore` killed at any moment: the old record whole, or the new one with everybody held back.

On PostgreSQL the new one is refused instead, until the next restore puts back what stood there.
"""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli import app
from dashboard.cli.keeping import restoring
from dashboard.cli.opening import now
from models.access.roles import Role
from models.store.accounts.sessions import Limits, open_session, sessions_of
from models.store.accounts.staff import accounts, add_account, change_account
from models.store.engine.database import open_engine
from models.store.erasure.erasing import erase
from models.store.moves import restore
from models.store.moves.migrate import start
from models.store.trail.anchors import REPLACED
from tests.support.builders import BY, record_patient
from tests.support.command import seventy
from tests.support.databases import connected_own
from tests.support.filled import rows_of
from tests.support.programs import Program

WHY = "asked for it in writing"


@pytest.fixture(name="url")
def _url(begun: str, tmp_path: Path) -> str:
    return went_on_since(begun, tmp_path / "then.db")


def went_on_since(url: str, then: Path) -> str:
    """A record in whose backup are a patient who is erased by now, and bob, who is disabled, signed in."""
    engine = open_engine(url)  # sealed with the clinic's own key
    start(engine, at=now())
    patient = record_patient(engine, "1043", family_name="Featherstonehaugh")
    for name, role in (("ada", Role.ADMINISTRATOR), ("bob", Role.CLINICIAN)):
        add_account(engine, name, name, role, by=BY, at=now())
    open_session(engine, 2, proved_by="code", address="::1", browser="b", at=now())
    engine.dispose()
    assert seventy("backup", then, db=url).status == 0
    change_account(engine, "bob", by=BY, at=now(), active=False)
    erase(engine, patient, by=BY, at=now(), reason=WHY)
    engine.dispose()
    return url


def killed(url: str, backup: Path, step: str, when: str) -> None:
    assert Program(is_killed, url, backup, step, when).ended() == -signal.SIGKILL


def is_killed(url: str, backup: Path, step: str, when: str) -> None:
    """The command, killed before or after one of its steps."""
    where = restore if step in ("_fold", "refill") else restoring
    real = getattr(where, step)

    def end(*arguments: Any, **named: Any) -> None:
        if when == "after":
            real(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(where, step, end)
    app(["--db", url, "restore", str(backup)])


STEPS = ["lock_every_door", "start", "hold_back", "erase_again", "wipe", "append", "unmark"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", [*STEPS, "_fold"])
def test_killed_before_the_swap_it_leaves_the_old_record_and_the_next_restore_knows_all(
    url: str, tmp_path: Path, step: str, when: str
) -> None:
    with connected_own(url) as engine:
        before = rows_of(engine)
    killed(url, tmp_path / "then.db", step, when)
    with connected_own(url) as engine:
        assert rows_of(engine) == before
    run = seventy("restore", tmp_path / "then.db", db=url)
    assert "Disabled since then, and again now: bob." in run.err
    assert "1 of 1 people erased here were in it, and are erased again" in run.err
    assert_held_back(url)
    assert seventy("verify", db=url).status == 0
    assert [file.name for file in tmp_path.iterdir() if "unfinished" in file.name] == []


def test_killed_after_the_swap_it_leaves_the_new_record_with_everybody_held_back(
    url: str, tmp_path: Path
) -> None:
    killed(url, tmp_path / "then.db", "write_anchor", "before")
    assert_held_back(url)
    assert seventy("verify", db=url).status == 0
    assert b"Featherstonehaugh" not in (tmp_path / "record.db").read_bytes()
    run = seventy("restore", tmp_path / "then.db", db=url)
    assert "Disabled since then, and again now: bob." in run.err
    assert_held_back(url)
    assert seventy("verify", db=url).status == 0
    assert f"{REPLACED}: " not in seventy("audit", db=url).out


def assert_held_back(url: str) -> None:
    with connected_own(url) as engine:
        assert [one.active for one in accounts(engine)] == [True, False]
        assert sessions_of(engine, 2, at=now(), limits=Limits()) == []
        rows = rows_of(engine)
    assert (len(rows["patient"]), len(rows["erasure"])) == (0, 1)
    assert rows["audit_event"][-1][3] == "restore"
