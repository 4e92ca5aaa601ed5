"""`seventy restore`: where to, what it says, and what it leaves alone."""

import json
from pathlib import Path

import pytest

from dashboard.cli.opening import now
from models.access.roles import Role
from models.store.accounts import account_of_link, add_account, new_setup_link
from models.store.backup import backup, verify_backup
from models.store.database import is_sqlite, open_engine, reading, writing
from models.store.identities import link
from models.store.migrate import newest, start
from models.store.sessions import Limits, open_session, sessions_of
from models.store.trail import entries
from tests.models.store.test_migrating import RECORDED_THEN, at_revision
from tests.support.builders import BY, NOW, record_patient
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.filled import filled, rows_of
from tests.support.tampering import tamper


@pytest.fixture(name="copy")
def _copy(sqlite_url: str, tmp_path: Path) -> Path:
    """A backup of a filled record."""
    with connected(sqlite_url) as engine:
        filled(engine)
    file = tmp_path / "copies" / "clinic.db"
    assert seventy("backup", file, db=sqlite_url).status == 0
    return file


def test_a_record_is_restored_in_its_place_and_what_stood_there_is_kept(copy: Path, sqlite_url: str) -> None:
    with connected(sqlite_url) as engine:
        before = rows_of(engine)
        record_patient(engine, "B2")
    run = seventy("restore", copy, db=sqlite_url)
    assert run.status == 0
    assert "4 assessments, " in run.out
    assert " events of the audit trail, 2 sessions, 2 advertised claim" in run.out
    kept = run.err.split("is kept in ")[1].splitlines()[0]
    assert Path(kept).exists()
    with connected(sqlite_url) as engine:
        after = rows_of(engine)
    changed = {table for table in before if after[table] != before[table]}
    assert changed == {"auth_session", "audit_event", "identity"}
    assert (after["identity"], "is linked at their next sign-in there" in run.err) == ([], True)


def test_nobody_enters_by_what_had_ended_since(copy: Path, sqlite_url: str) -> None:
    """In the backup two are signed in, and a link waits that by now was used."""
    with connected(sqlite_url) as engine:
        late = new_setup_link(engine, "roe", by=BY, at=now())
        open_session(engine, 1, proved_by="code", address="::1", browser="late", at=now())
    newer = copy.with_name("newer.db")
    assert seventy("backup", newer, db=sqlite_url).status == 0
    run = seventy("restore", newer, db=sqlite_url)
    assert "let everybody sign in again" in run.err
    with connected(sqlite_url) as engine:
        assert account_of_link(engine, late, at=now()) is None
        assert sessions_of(engine, 1, at=now(), limits=Limits()) == []


@pytest.mark.parametrize("prefix", ["", "sqlite:///"])
def test_a_trial_goes_to_a_file_or_an_address_of_its_own(copy: Path, tmp_path: Path, prefix: str) -> None:
    run = seventy("restore", copy, "--to", f"{prefix}{tmp_path}/trial.db")
    assert run.status == 0
    assert "is kept in" not in run.err
    with connected(f"sqlite:///{tmp_path}/trial.db") as engine:
        assert rows_of(engine)["patient"]


def test_a_backup_that_changed_is_refused(copy: Path, sqlite_url: str) -> None:
    copy.write_bytes(copy.read_bytes() + b" ")
    run = seventy("restore", copy, db=sqlite_url)
    assert run.status == 1
    assert "its SHA-256 differs" in run.err


def test_a_record_in_use_is_left_alone(copy: Path, sqlite_url: str) -> None:
    with connected(sqlite_url) as dashboard, reading(dashboard):
        run = seventy("restore", copy, db=sqlite_url)
    assert run.status == 1
    assert "Stop the dashboard and everything else that uses it" in run.err


@pytest.mark.parametrize("revision", ["0001", "0003"])
def test_a_backup_of_an_older_version_is_brought_up_to_this_one_and_the_trail_tells_of_it(
    database_url: str, tmp_path: Path, revision: str, request: pytest.FixtureRequest
) -> None:
    """0001 had neither accounts nor a trail; 0003 had both."""
    with connected(database_url) as engine:
        with writing(engine) as connection:
            at_revision(connection, revision)
            for row in RECORDED_THEN:
                connection.exec_driver_sql(f"INSERT INTO {row}")
        made = backup(engine, tmp_path / "copies" / "older", at=NOW)
        lite = is_sqlite(engine)
    url = f"sqlite:///{tmp_path}/new/clinic.db" if lite else request.getfixturevalue("postgres").new()
    run = seventy("restore", made.path, db=url)
    assert run.status == 0
    assert f"It was of an older version ({revision}) and is brought up to this one ({newest()})" in run.err
    assert (
        verify_backup(Path(run.err.split("as it was it is kept in ")[1].splitlines()[0])).revision == revision
    )
    with connected(url) as engine:
        told = [(entry.action, json.loads(entry.detail)) for entry in entries(engine)]
        assert rows_of(engine)["patient"]
    assert told[0] == ("restore", {"from": str(made.path)})
    assert "migrate" in [action for action, _ in told]


def test_a_misspelt_backup_begins_nothing(tmp_path: Path) -> None:
    run = seventy("restore", tmp_path / "clinc.db", "--to", tmp_path / "trial.db")
    assert run.status == 1
    assert "clinc.db has no readable manifest" in run.err
    assert list(tmp_path.iterdir()) == []


def test_trying_a_backup_beside_the_record_leaves_the_records_trail_whole(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/own.db", tmp_path / "copies" / "own.db"
    engine = open_engine(url)  # sealed with the clinic's own key
    start(engine, at=now())
    record_patient(engine, "A1")
    engine.dispose()
    assert seventy("backup", file, db=url).status == 0
    assert seventy("verify", db=url).status == 0
    assert seventy("restore", file, "--to", tmp_path / "trial.db", db=url).status == 0
    trial = f"sqlite:///{tmp_path}/trial.db"
    assert seventy("patient", "A1", "--to", tmp_path / "a1.html", db=trial).status == 0
    assert seventy("verify", db=url).status == 0
    assert seventy("verify", db=trial).status == 0
    tamper(open_engine(trial), "DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)")
    assert "cut off" in seventy("verify", db=trial).out


def test_what_a_restore_shut_and_somebody_opens_again_is_found(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/own.db", tmp_path / "copies" / "own.db"
    engine = open_engine(url)  # sealed with the clinic's own key
    start(engine, at=now())
    add_account(engine, "roe", "Dr Roe", Role.ADMINISTRATOR, by=BY, at=NOW)
    new_setup_link(engine, "roe", by=BY, at=NOW)
    link(engine, "roe", "https://id.example", "roe-1", by=BY, at=NOW)
    engine.dispose()
    assert seventy("backup", file, db=url).status == 0
    assert seventy("restore", file, db=url).status == 0
    assert seventy("verify", db=url).status == 0
    with connected(url) as opened, writing(opened) as connection:
        connection.exec_driver_sql("INSERT INTO identity VALUES ('https://id.example', 'roe-1', 1, 1)")
        connection.exec_driver_sql("UPDATE setup_link SET used_at = NULL")
    run = seventy("verify", db=url)
    assert run.status == 1
    for what in ("a link to an identity provider", "an open setup link"):
        assert f"Account roe: {what} stands here that no event tells of; last told by " in run.out


def test_another_clinics_record_is_replaced_only_when_that_is_said(copy: Path, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    with connected(other) as engine:
        start(engine, at=NOW)
        record_patient(engine, "Z9")
        before = rows_of(engine)
    run = seventy("restore", copy, "--to", other)
    assert (run.status, run.out) == (1, "")
    assert "holds the patients of another clinic" in run.err
    with connected(other) as engine:
        assert rows_of(engine) == before
    assert "is as of" in seventy("restore", copy, "--to", other, "--replace-clinic").out


def test_a_clinic_is_not_copied_over_another(sqlite_url: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    with connected(other) as engine:
        start(engine, at=NOW)
        record_patient(engine, "Z9")
        before = rows_of(engine)
    run = seventy("copy", "--from", sqlite_url, "--to", other)
    assert (run.status, run.out) == (1, "")
    assert "is not empty; nothing was copied" in run.err
    with connected(other) as engine:
        assert rows_of(engine) == before
