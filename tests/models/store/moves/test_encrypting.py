"""A plain record is encrypted, and an encrypted one put under another key: every row, or nothing at all."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.totp import sealed_about
from models.store.accounts.staff import add_account
from models.store.backups.backup import backup, verify_backup
from models.store.engine import sqlite
from models.store.engine.database import open_engine, reading, writing
from models.store.engine.errors import BackupError, EncryptedError, StoreError
from models.store.engine.sqlite import Kind, kind_of
from models.store.moves import encrypting
from models.store.moves.encrypting import change_key, encrypt, protection, reseal_secrets
from models.store.record.write import record_assessment
from tests.support.builders import BY, NOW, phq9_facts, record_patient
from tests.support.databases import connected

CANARY = "Qanarrio"
KEY, OTHER_KEY = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture(name="plain")
def _plain(sqlite_engine: Engine) -> Engine:
    patient = record_patient(sqlite_engine, family_name=CANARY)
    record_assessment(sqlite_engine, phq9_facts(patient, item_9=0), by=BY, at=NOW)
    add_account(sqlite_engine, "ada", "Ada", Role.ADMINISTRATOR, by=BY, at=NOW)
    with writing(sqlite_engine) as connection:
        connection.exec_driver_sql("UPDATE account SET totp_secret = 'old'")
    return sqlite_engine


def rows(engine: Engine) -> dict[str, list[object]]:
    with reading(engine) as connection:
        every = "SELECT name, sql FROM sqlite_schema ORDER BY name"
        found = {"": list(connection.exec_driver_sql(every).all())}
        for name, sql in found[""]:
            if sql is not None and sql.startswith("CREATE TABLE"):
                found[name] = list(connection.exec_driver_sql(f'SELECT * FROM "{name}"').all())  # noqa: S608
    return found


def files(engine: Engine) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sqlite.file_of(engine.url).parent.iterdir()}


def test_a_plain_record_is_encrypted_row_for_row_and_what_it_was_is_kept_beside_it(plain: Engine) -> None:
    before, file = rows(plain), sqlite.file_of(plain.url)
    kept = encrypt(plain, KEY, at=NOW)
    assert kind_of(file) is Kind.ENCRYPTED
    assert CANARY.encode() not in file.read_bytes()
    with connected(str(plain.url), key=KEY) as engine:
        assert rows(engine) == before
    assert kept is not None
    assert kind_of(kept) is Kind.PLAIN
    assert verify_backup(kept).counts["patient"] == 1
    assert set(files(plain)) == {file.name, kept.name, f"{kept.name}.json"}


def test_with_shred_no_plain_copy_stays(plain: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sqlite.file_of(plain.url)
    link = file.with_name("another name of the plain file")
    link.hardlink_to(file)
    assert encrypt(plain, KEY, at=NOW, shred=True) is None
    assert set(files(plain)) == {file.name, link.name}
    assert set(link.read_bytes()) == {0}
    assert kind_of(file) is Kind.ENCRYPTED


def unchanged_by(engine: Engine, act: Callable[[], object], words: str) -> None:
    before = rows(engine)
    with pytest.raises(StoreError, match=words):
        act()
    assert kind_of(sqlite.file_of(engine.url)) is Kind.PLAIN
    assert rows(engine) == before
    assert not [name for name in files(engine) if "unfinished" in name or "given-up" in name]


@pytest.mark.parametrize("shred", [True, False])
def test_a_record_somebody_has_open_is_not_encrypted(plain: Engine, *, shred: bool) -> None:
    with closing(sqlite.connect(plain.url)) as other:
        other.execute("SELECT count(*) FROM patient").fetchall()
        with pytest.raises(StoreError, match=r"is in use\. Stop the dashboard"):
            encrypt(plain, KEY, at=NOW, shred=shred)
    assert kind_of(sqlite.file_of(plain.url)) is Kind.PLAIN
    assert set(files(plain)) == {sqlite.file_of(plain.url).name}


@pytest.mark.parametrize("shred", [True, False])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("UPDATE encrypted.account SET name = 'Roe'", "differs in account"),
        ("DELETE FROM encrypted.account", "differs in account"),
        ("DROP INDEX encrypted.uq_patient_save_key", "the tables and rules"),
    ],
)
def test_a_copy_that_differs_is_not_put_in_its_place(
    plain: Engine, monkeypatch: pytest.MonkeyPatch, spoil: str, words: str, *, shred: bool
) -> None:
    compared = encrypting._compared

    def spoilt(connection: object) -> dict[str, int]:
        connection.executescript(spoil)  # type: ignore[attr-defined]
        return compared(connection)

    monkeypatch.setattr(encrypting, "_compared", spoilt)
    unchanged_by(plain, lambda: encrypt(plain, KEY, at=NOW, shred=shred), words)


def test_a_full_disk_changes_nothing(plain: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _counts: object, _key: object) -> None:
        raise BackupError("The disk is full.")

    monkeypatch.setattr(encrypting, "check", full)
    unchanged_by(plain, lambda: encrypt(plain, KEY, at=NOW, shred=True), "disk is full")


def test_what_is_encrypted_already_is_not_encrypted_again(plain: Engine) -> None:
    encrypt(plain, KEY, at=NOW, shred=True)
    with (
        connected(str(plain.url), key=KEY) as engine,
        pytest.raises(EncryptedError, match="not a plain record"),
    ):
        encrypt(engine, OTHER_KEY, at=NOW)


def test_another_key_takes_the_place_of_the_first_and_secrets_are_sealed_anew(plain: Engine) -> None:
    encrypt(plain, KEY, at=NOW, shred=True)
    with connected(str(plain.url), key=KEY) as engine:
        before = rows(engine)
        change_key(engine, OTHER_KEY, lambda account, sealed: f"{sealed} {sealed_about(account)} new")
        with pytest.raises(EncryptedError, match="does not open"), reading(engine):
            pytest.fail("the first key opens it still")
    with connected(str(plain.url), key=OTHER_KEY) as engine:
        after = rows(engine)
        with reading(engine) as connection:
            found = connection.exec_driver_sql("SELECT totp_secret FROM account").scalar_one()
    assert found == "old account:totp:1 new"
    del before["account"], after["account"]
    assert after == before


def test_a_secret_that_cannot_be_sealed_anew_leaves_the_first_key(plain: Engine) -> None:
    encrypt(plain, KEY, at=NOW, shred=True)

    def refusing(_account: int, _sealed: str) -> str:
        raise StoreError("It was sealed with another key.")

    with connected(str(plain.url), key=KEY) as engine:
        before = rows(engine)
        with pytest.raises(StoreError, match="sealed with another key"):
            change_key(engine, OTHER_KEY, refusing)
        assert rows(engine) == before


def test_secrets_of_a_record_without_encryption_are_sealed_anew(engine: Engine) -> None:
    account = add_account(engine, "ada", "Ada", Role.ADMINISTRATOR, by=BY, at=NOW)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE account SET totp_secret = 'old'")
    reseal_secrets(engine, lambda account, sealed: f"{sealed} {account} new")
    with reading(engine) as connection:
        found = connection.exec_driver_sql("SELECT totp_secret FROM account").scalar_one()
    assert found == f"old {account.id} new"


def test_it_is_said_how_a_record_is_protected(engine: Engine, tmp_path: Path) -> None:
    found = protection(engine)
    if engine.dialect.name == "postgresql":
        assert found.fine
        assert "volume" in found.says
        with pytest.raises(EncryptedError, match="PostgreSQL does not encrypt"):
            encrypt(engine, KEY, at=NOW)
        return
    assert not found.fine
    assert "seventy key encrypt" in found.do
    encrypt(engine, KEY, at=NOW, shred=True)
    assert protection(open_engine(str(engine.url), key=KEY)).fine


def test_a_backup_under_the_first_key_opens_with_the_first_key(plain: Engine, tmp_path: Path) -> None:
    encrypt(plain, KEY, at=NOW, shred=True)
    with connected(str(plain.url), key=KEY) as engine:
        made = backup(engine, tmp_path / "copies" / "monday.db", at=NOW)
        change_key(engine, OTHER_KEY, lambda _account, sealed: sealed)
    assert verify_backup(made.path, key=KEY) == made
    with pytest.raises(BackupError, match="does not open with the key"):
        verify_backup(made.path, key=OTHER_KEY)
