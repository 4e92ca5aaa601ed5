"""A record is encrypted, or its key changed, though the event at the end cannot be written: both are said."""

from pathlib import Path

import pytest

from models.access.keys import Keys
from models.store.engine.errors import StoreError
from tests.dashboard.key.test_encrypt_and_rotate import with_secret
from tests.support.clinic_key import CANARY, KEPT, alone, names_in
from tests.support.command import seventy

FULL = "The disk is full, nothing was saved."
UNTOLD = f"but the audit trail does not tell of it. Of this event alone it was said: {FULL}"


def full(*_: object, **__: object) -> None:
    raise StoreError(FULL)


@pytest.mark.parametrize("shred", [True, False])
def test_a_record_is_encrypted_though_the_trail_is_not_told(
    db: str, people: Path, key_file: Path, file: Path, monkeypatch: pytest.MonkeyPatch, *, shred: bool
) -> None:
    monkeypatch.setenv("SEVENTY_PLAIN", "1")
    seventy("import", people, db=db)
    assert alone("backup", "--keep", db=db).status == 0
    monkeypatch.delenv("SEVENTY_PLAIN")
    with monkeypatch.context() as patch:
        patch.setattr("dashboard.cli.opening.note", full)
        run = alone("key", "encrypt", KEPT, *(["--shred"] if shred else []), db=db)
    assert run.status == 3
    assert run.out.startswith(f"{file} is encrypted with the key in {key_file} (")
    assert run.err.splitlines()[-1] == f"{run.out.strip().removesuffix('.')}, {UNTOLD}"
    assert ("was written over" if shred else "What it was stands in") in run.err
    assert "is as plain as it was; they stand in" in run.err
    assert names_in(db, key_file) == [CANARY]
    assert seventy("verify", db=db).status == 0


def test_a_key_is_changed_though_the_trail_is_not_told_and_the_next_change_tells_of_both(
    encrypted: str, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Keys.read(key_file)
    with_secret(encrypted, old, old.derive("database"))
    assert alone("backup", "--keep", db=encrypted).status == 0
    with monkeypatch.context() as patch:
        patch.setattr("dashboard.cli.opening.note", full)
        run = alone("key", "rotate", KEPT, db=encrypted)
    new = Keys.read(key_file)
    assert run.status == 3
    assert new != old
    assert run.out.startswith(f"{key_file} holds the new key ({new.fingerprint()}) of ")
    assert f"{run.out.strip().removesuffix('.')}, {UNTOLD}" in run.err
    (former,) = key_file.parent.glob("seventy.key.until-*")
    assert f"is kept in {former}" in run.err
    assert "opens with the old key; they stand in" in run.err
    assert "Until the key is changed once more" in run.err
    found = seventy("verify", db=encrypted)
    assert found.status == 1
    assert "ada" in found.out
    assert alone("key", "rotate", KEPT, db=encrypted).status == 0
    assert seventy("verify", db=encrypted).status == 0
