"""What a lost key leaves of an encrypted record: nothing, or all of it, when only the trail's own is lost."""

from pathlib import Path

import pytest

from models.access.keys import Keys
from models.store.engine.database import reading
from tests.support.clinic_key import CANARY, KEPT, alone
from tests.support.databases import connected

REPLACE = ("key", "replace-lost", "--reason", "the disk with the key burnt")


def test_an_encrypted_record_has_no_other_key(
    encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.key"
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(other))
    run = alone(*REPLACE, db=encrypted)
    assert run.status == 3
    assert "An encrypted record opens with its own key alone" in run.err
    assert not other.exists()


def test_the_trails_own_key_is_replaced_when_no_file_holds_it(encrypted: str, key_file: Path) -> None:
    assert alone("key", "rotate", KEPT, db=encrypted).status == 0
    trail = key_file.with_name("seventy.key.trail")
    trail.unlink()
    run = alone(*REPLACE, db=encrypted)
    assert run.status == 2
    assert "Nothing is lost: another file holds the key. Run `cp -p" in run.err
    (former,) = key_file.parent.glob("seventy.key.until-*")
    former.write_text("ab" * 32)
    kept = Keys.read(key_file)
    assert alone(*REPLACE, db=encrypted).status == 0
    assert Keys.read(trail) != kept
    assert "were sealed with a key that was lost" in alone("verify", db=encrypted).out
    with connected(encrypted, key=kept.derive("database")) as engine, reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT family_name FROM patient").scalar_one() == CANARY
