"""`seventy restore`: where to, what it says, and what it leaves alone."""

import json
from pathlib import Path

import pytest

from dashboard.cli.keeping import restoring
from dashboard.cli.opening import now
from models.access.roles import Role
from models.store.accounts.identities import link
from models.store.accounts.sessions import Limits, open_session, sessions_of
from models.store.accounts.staff import (
    account_of_link,
    accounts,
    accounts_where,
    add_account,
    change_account,
    changed_to,
    new_setup_link,
)
from models.store.backups.backup import backup, verify_backup
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, open_engine, reading, writing
from models.store.engine.errors import StoreError
from models.store.moves.migrate import newest, start
from models.store.trail.entries import Wanted, entries
from tests.models.store.moves.test_migrating import RECORDED_THEN, at_revision
from tests.support.builders import BY, NOW, record_patient
from tests.support.command import seventy
from tests.support.databases import connected, connected_own
from tests.support.filled import filled, rows_of
from tests.support.tampering import tamper


@pytest.fixture(name="copy")
def _copy(sqlite_url: str, tmp_path: Path) -> Path:
    """A backup of a filled record, whose trail is sealed with the key that the command finds."""
    with connected_own(sqlite_url) as engine:
        sqlite.file_of(engine.url).unlink()
        start(engine, at=NOW)
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
    assert "5 assessments, " in run.out
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
    with connected_own(sqlite_url) as engine:
        late = new_setup_link(engine, "roe", by=BY, at=now())
        open_session(engine, 1, proved_by="code", address="::1", browser="late", at=now())
    newer = copy.with_name("newer.db")
    assert seventy("backup", newer, db=sqlite_url).status == 0
    run = seventy("restore", newer, db=sqlite_url)
    assert "let everybody sign in again" in run.err
    with connected(sqlite_url) as engine:
        assert account_of_link(engine, late, at=now()) is None
        assert sessions_of(engine, 1, at=now(), limits=Limits()) == []


@pytest.fixture(name="staffed")
def _staffed(begun: str, tmp_path: Path) -> str:
    """An administrator, and four who may more in its backup `then.db` than they may now."""
    engine = open_engine(begun)  # sealed with the clinic's own key
    for name, role in (("ada", Role.ADMINISTRATOR), ("bob", Role.CLINICIAN), ("cyd", Role.ADMINISTRATOR)):
        add_account(engine, name, name, role, by=BY, at=now())
    for name in ("dan", "eve"):
        add_account(engine, name, name, Role.MANAGER, by=BY, at=now(), sees_names=True)
    change_account(engine, "eve", by=BY, at=now(), active=False)
    engine.dispose()
    assert seventy("backup", tmp_path / "then.db", db=begun).status == 0
    change_account(engine, "bob", by=BY, at=now(), active=False)
    change_account(engine, "cyd", by=BY, at=now(), role=Role.CLINICIAN)
    change_account(engine, "dan", by=BY, at=now(), sees_names=False)
    change_account(engine, "eve", by=BY, at=now(), active=True)
    engine.dispose()
    return begun


def test_whoever_was_disabled_since_stays_so_and_is_named(staffed: str, tmp_path: Path) -> None:
    run = seventy("restore", tmp_path / "then.db", db=staffed)
    assert run.status == 0
    assert "Disabled since then, and again now: bob." in run.err
    assert "Without the right to names since then, and again now: dan." in run.err
    assert "cyd is administrator again, as then; last it was clinician." in run.err
    with connected_own(staffed) as engine:
        stand = {one.username: (one.role, one.sees_names, one.active) for one in accounts(engine)}
        told = [(entry.action, entry.subject) for entry in entries(engine, Wanted(action="change account"))]
    assert stand == {
        "ada": (Role.ADMINISTRATOR, False, True),
        "bob": (Role.CLINICIAN, False, False),
        "cyd": (Role.ADMINISTRATOR, False, True),
        "dan": (Role.MANAGER, False, True),
        "eve": (Role.MANAGER, True, False),  # what was given since is not given again
    }
    assert told == [("change account", f"account {number}") for number in (4, 2, 5)]
    assert seventy("verify", db=staffed).status == 0


def test_what_was_taken_is_known_of_a_record_that_an_older_version_left(staffed: str, tmp_path: Path) -> None:
    """The program is newer, nothing has opened the record since: who was disabled or erased then still is."""
    connection = sqlite.opened(Path(staffed.removeprefix("sqlite:///")))
    connection.execute("DROP TABLE kept_scale")
    connection.execute("UPDATE alembic_version SET version_num = '0009'")
    connection.close()
    run = seventy("restore", tmp_path / "then.db", db=staffed)
    assert run.status == 0
    assert "Disabled since then, and again now: bob." in run.err


@pytest.mark.parametrize("step", ["lock_every_door", "start", "hold_back", "erase_again", "append", "unmark"])
def test_a_restore_that_cannot_be_ended_leaves_what_stood_there(
    staffed: str, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    with connected_own(staffed) as engine:
        before = rows_of(engine)
    with monkeypatch.context() as patch:
        patch.setattr(restoring, step, full)
        run = seventy("restore", tmp_path / "then.db", db=staffed)
    assert (run.status, "the disk is full" in run.err) == (3, True)
    assert (run.out, "what stood there before stands there again" in run.err) == ("", True)
    with connected_own(staffed) as engine:
        assert rows_of(engine) == before
    assert "again now: bob." in seventy("restore", tmp_path / "then.db", db=staffed).err


def test_replacing_a_clinic_by_itself_lets_nobody_in_again(staffed: str, tmp_path: Path) -> None:
    run = seventy("restore", tmp_path / "then.db", "--replace-clinic", db=staffed)
    assert "Disabled since then, and again now: bob." in run.err


def test_a_program_reads_whom_a_restore_held_back(staffed: str, tmp_path: Path) -> None:
    then = tmp_path / "then.db"
    document = seventy("restore", then, "--json", db=staffed).document
    assert document["accounts"] == {
        "disabled": ["bob"],
        "without_names": ["dan"],
        "roles": [{"username": "cyd", "role": "administrator", "was": "clinician"}],
        "administrators": 2,
    }
    assert document["rows"]["account"] == 5
    assert Path(document["kept"]).exists()
    beside = seventy("restore", then, "--to", tmp_path / "trial.db", "--json", db=staffed)
    assert (beside.document["accounts"], beside.document["kept"]) == (None, None)
    assert "Accounts, roles and passwords are as of " in beside.err


def test_no_administrator_is_let_in_again_to_have_one(staffed: str, tmp_path: Path) -> None:
    """The operator, who restores, adds another."""
    with connected_own(staffed) as engine, writing(engine) as connection:
        for account in accounts_where(connection, "a.username IN ('ada', 'cyd')"):
            changed_to(connection, account._replace(active=False), by=BY, at=now())
    run = seventy("restore", tmp_path / "then.db", db=staffed)
    assert "Disabled since then, and again now: ada, bob, cyd." in run.err
    assert "No administrator is active any more: `seventy user add` makes one." in run.err


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
