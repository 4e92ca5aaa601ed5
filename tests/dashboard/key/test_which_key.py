"""Which key every command opens a record with, and what is said when it is not the right one."""

import gc
from pathlib import Path

import pytest

from models.access.keys import Keys
from models.store.backups.backup import verify_backup
from models.store.engine import sqlite
from models.store.engine.sqlite import Kind, kind_of
from tests.support.clinic_key import CANARY, key_in
from tests.support.command import seventy
from tests.support.databases import connected


@pytest.mark.parametrize(
    "begin", [("import", "people.csv"), ("user", "add", "ada", "--role", "administrator"), ("migrate",)]
)
def test_a_record_is_begun_encrypted_and_every_command_opens_it(
    begin: tuple[str, ...], file: Path, db: str, key_file: Path, people: Path, tmp_path: Path
) -> None:
    words = [people if word == "people.csv" else word for word in begin]
    begun = seventy(*words, db=db)
    assert begun.status == 0
    assert str(key_file) in begun.err
    assert Keys.read(key_file).fingerprint() in begun.err
    assert kind_of(file) is Kind.ENCRYPTED
    assert seventy("user", "list", db=db).status == 0
    assert seventy("check", "--json", db=db).document["denominator"] == 0
    assert seventy("import", people, "--dry-run", db=db).status == 0
    copy = tmp_path / "copy.db"
    assert seventy("backup", copy, db=db).status == 0
    assert verify_backup(copy, key=key_in(key_file)).path == copy
    for path in [*file.parent.iterdir(), copy]:
        assert CANARY.encode() not in path.read_bytes()


def test_whoever_wants_a_plain_record_says_so(
    file: Path, db: str, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_PLAIN", "1")
    run = seventy("import", people, db=db)
    assert (run.status, kind_of(file)) == (0, Kind.PLAIN)
    assert "encrypt" not in run.err


def test_a_plain_record_keeps_working_and_is_said_to_be_plain(sqlite_url: str, people: Path) -> None:
    run = seventy("import", people, db=sqlite_url)
    assert run.status == 0
    assert "is not encrypted" in run.err
    assert "seventy key encrypt" in run.err
    assert kind_of(sqlite.file_of(connected_url(sqlite_url))) is Kind.PLAIN


def connected_url(url: str) -> object:
    with connected(url) as engine:
        return engine.url


def test_a_question_to_no_record_makes_no_key(db: str, key_file: Path) -> None:
    assert seventy("check", db=db).status == 3
    assert not key_file.exists()


def refused(db: str, file: Path) -> str:
    """What every command says of a record it cannot open; nothing is changed, and no key made."""
    gc.collect()  # earlier commands let go of the file
    before = file.read_bytes()
    runs = [
        seventy(*words, db=db)
        for words in (("check",), ("migrate",), ("user", "list"), ("serve", "--port", "8599"))
    ]
    assert [run.status for run in runs] == [3] * len(runs)
    assert len({run.err for run in runs}) == 1
    assert file.read_bytes() == before
    return runs[0].err


def test_without_its_key_a_record_is_left_alone_and_no_other_key_is_made(
    encrypted: str, file: Path, key_file: Path
) -> None:
    key_file.unlink()
    said = refused(encrypted, file)
    assert f"{file} is encrypted, and its key is not at {key_file}" in said
    assert "seventy key restore" in said
    assert not key_file.exists()


def test_another_key_is_named_by_its_fingerprint(encrypted: str, file: Path, key_file: Path) -> None:
    key_file.unlink()
    other = Keys.create(key_file)
    said = refused(encrypted, file)
    assert f"does not open with the key in {key_file} ({other.fingerprint()})" in said
    assert key_file.read_text().strip() not in said


def test_a_key_file_others_can_read_is_refused(encrypted: str, file: Path, key_file: Path) -> None:
    key_file.chmod(0o644)
    assert "its owner's alone" in refused(encrypted, file)
