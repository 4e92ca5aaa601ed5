"""`seventy key encrypt` and `seventy key rotate`: a record under a key, and under another one."""

import gc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.cli.keeping import copies, key
from models.access.keys import Keys, trail_key_file
from models.access.roles import Role
from models.access.totp import sealed_about
from models.store.accounts.staff import add_account
from models.store.backups.backup import verify_backup
from models.store.engine.database import open_engine, reading, writing
from models.store.engine.sqlite import opens
from models.store.moves.encrypting import change_key
from tests.support.builders import BY, NOW, record_patient
from tests.support.clinic_key import CANARY, KEPT, alone, key_in, names_in
from tests.support.command import seventy
from tests.support.databases import connected


@pytest.mark.parametrize("shred", [True, False])
def test_a_plain_record_is_encrypted_by_command(
    db: str, people: Path, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, shred: bool
) -> None:
    monkeypatch.setenv("SEVENTY_PLAIN", "1")
    seventy("import", people, db=db)
    monkeypatch.delenv("SEVENTY_PLAIN")
    run = alone("key", "encrypt", KEPT, *(["--shred"] if shred else []), db=db)
    assert run.status == 0
    assert names_in(db, key_file) == [CANARY]
    assert seventy("import", people, "--json", db=db).status == 0
    plain = [path for path in tmp_path.rglob("*.db") if CANARY.encode() in path.read_bytes()]
    assert len(plain) == (0 if shred else 1)
    assert ("was written over" if shred else str(plain[0])) in run.err
    assert seventy("verify", db=db).status == 0
    again = seventy("key", "encrypt", KEPT, db=db)
    assert again.status == 3
    assert "not a plain record" in again.err


def with_secret(db: str, keys: Keys, key: bytes | None) -> None:
    """An account whose authenticator's secret is sealed."""
    engine = open_engine(db, key=key)
    account = add_account(engine, "ada", "Ada", Role.ADMINISTRATOR, by=BY, at=NOW)
    sealed = keys.seal("secrets", b"BASE32", sealed_about(account.id))
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE account SET totp_secret = ?", (sealed,))
    engine.dispose()


def secret_in(engine: Engine, keys: Keys) -> bytes:
    with reading(engine) as connection:
        account, sealed = connection.exec_driver_sql("SELECT id, totp_secret FROM account").one()
    return keys.open("secrets", sealed, sealed_about(account))


def test_the_key_is_changed_with_the_record_and_the_secrets_and_the_old_one_is_kept(
    encrypted: str, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Keys.read(key_file)
    with_secret(encrypted, old, old.derive("database"))
    copy = tmp_path / "copy.db"
    seventy("backup", copy, db=encrypted)
    run = alone("key", "rotate", KEPT, db=encrypted)
    assert run.status == 0
    new = Keys.read(key_file)
    assert new != old
    assert names_in(encrypted, key_file) == [CANARY]
    with connected(encrypted, key=new.derive("database")) as engine:
        assert secret_in(engine, new) == b"BASE32"
    (former,) = key_file.parent.glob("seventy.key.until-*")
    assert str(former) in run.err
    assert Keys.read(former) == old
    assert verify_backup(copy, key=key_in(former)).path == copy
    assert not list(key_file.parent.glob("*.new"))
    assert Keys.read(trail_key_file()) == old
    assert seventy("verify", db=encrypted).status == 0
    assert "change key" in seventy("audit", "--json", db=encrypted).out
    assert seventy("check", db=encrypted).status == 0
    assert alone("restore", copy, "--to", tmp_path / "old.db", db=encrypted).status == 3
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(former))
    again = ("restore", copy, "--to", tmp_path / "old.db", "--despite-findings")  # no event tells of BASE32
    assert alone(*again, db=encrypted).status == 0
    assert names_in(f"sqlite:///{tmp_path}/old.db", former) == [CANARY]


def test_the_key_of_a_plain_record_is_changed_with_its_secrets(sqlite_url: str, key_file: Path) -> None:
    with_secret(sqlite_url, Keys.read(key_file), None)
    assert alone("key", "rotate", KEPT, db=sqlite_url).status == 0
    with connected(sqlite_url) as engine:
        assert secret_in(engine, Keys.read(key_file)) == b"BASE32"


def test_a_change_of_keys_that_fails_leaves_the_old_key(
    encrypted: str, key_file: Path, tmp_path: Path
) -> None:
    old = Keys.read(key_file)
    with_secret(encrypted, Keys.create(tmp_path / "other.key"), old.derive("database"))
    run = alone("key", "rotate", KEPT, db=encrypted)
    assert run.status == 3
    assert "The key was not changed" in run.err
    assert Keys.read(key_file) == old
    assert names_in(encrypted, key_file) == [CANARY]
    assert not list(key_file.parent.glob("*until*"))


def test_a_change_of_keys_that_broke_off_is_brought_to_its_end(encrypted: str, key_file: Path) -> None:
    following = key_file.with_name("seventy.key.new")
    new = Keys.create(following)
    gc.collect()
    with connected(encrypted, key=key_in(key_file)) as engine:
        change_key(engine, new.derive("database"), lambda _account, sealed: sealed)
    run = seventy("check", db=encrypted)
    assert run.status == 0
    assert "was interrupted" in run.err
    assert Keys.read(key_file) == new
    assert not following.exists()


def test_two_changes_of_keys_in_one_second_overwrite_nothing(
    encrypted: str, file: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.now(UTC)
    for module in (key, copies):
        monkeypatch.setattr(module, "now", lambda: moment)
    keys = []
    for _ in range(2):
        keys.append(Keys.read(key_file))
        assert alone("backup", "--keep", db=encrypted).status == 0
        assert alone("key", "rotate", KEPT, db=encrypted).status == 0
    former = [Keys.read(path) for path in key_file.parent.glob("seventy.key.until-*")]
    assert {one.fingerprint() for one in former} == {one.fingerprint() for one in keys}
    apart = list(file.parent.glob("backups/until-*/*.db"))
    assert len(apart) == 2
    for one in keys:
        assert sum(opens(copy, one.derive("database")) for copy in apart) == 1


def test_a_change_of_keys_says_to_print_the_sheet_once(encrypted: str) -> None:
    said = alone("key", "rotate", db=encrypted).err
    assert said.count("Print") == 1
    assert "The sheet of the new one also bears the audit trail's key" in said


def test_a_record_in_use_keeps_its_key(encrypted: str, key_file: Path) -> None:
    old = Keys.read(key_file)
    with connected(encrypted, key=old.derive("database")) as engine, reading(engine):
        run = alone("key", "rotate", KEPT, db=encrypted)
    assert run.status == 3
    assert "Stop the dashboard" in run.err
    assert Keys.read(key_file) == old
    with connected(encrypted, key=old.derive("database")) as engine:
        record_patient(engine, "B2")
