"""A record with a key: nothing of it can be read on the disk without the key, and no other key opens it."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.access.keys import key_file
from models.store.backups.backup import backup, verify_backup
from models.store.engine import sqlite
from models.store.engine.database import key_of, open_engine, reading
from models.store.engine.errors import BackupError, CannotOpenError, EncryptedError
from models.store.engine.sqlite import Kind, kind_of
from models.store.moves.migrate import start
from models.store.record import read
from models.store.record.bulk import loading
from models.store.record.write import record_assessment
from tests.models.store.backups.test_backup import fit
from tests.support.builders import BY, NOW, after, patient_facts, phq9_facts, record_patient, score_facts
from tests.support.databases import connected
from tests.support.programs import Program

CANARY = "Qanarrio"
KEY = bytes(range(32))


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "clinic" / "record.db"


@pytest.fixture(name="encrypted")
def _encrypted(file: Path, some_key: None) -> Iterator[Engine]:
    with connected(f"sqlite:///{file}", key=KEY) as engine:
        start(engine, at=NOW)
        patient = record_patient(engine, family_name=CANARY)
        record_assessment(engine, phq9_facts(patient, item_9=0), by=CANARY, at=NOW)
        yield engine


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_of_it_can_be_read_on_the_disk_while_it_is_open(
    encrypted: Engine, file: Path, tmp_path: Path
) -> None:
    backup(encrypted, file.with_name("copy.db"), at=NOW)
    with reading(encrypted) as connection:
        assert connection.exec_driver_sql("SELECT family_name FROM patient").scalar_one() == CANARY
        found = contents(tmp_path)
    assert set(found) == {"record.db", "record.db-wal", "record.db-shm", "copy.db", "copy.db.json"}
    assert len(found["record.db-wal"]) > 4096
    for name, content in found.items():
        assert CANARY.encode() not in content, name
        assert KEY not in content, name
        assert KEY.hex().encode() not in content.lower(), name
        assert (b"CREATE TABLE" in content, b"SQLite format" in content) == (False, False), name


@pytest.mark.parametrize("key", [KEY, None])
def test_nothing_of_it_can_be_read_in_the_journal_of_one_that_keeps_no_log(
    file: Path, monkeypatch: pytest.MonkeyPatch, key: bytes | None
) -> None:
    monkeypatch.setitem(sqlite.SETTINGS, "journal_mode", "DELETE")
    with connected(f"sqlite:///{file}", key=key) as engine:
        start(engine, at=NOW)
        record_patient(engine, "A1", family_name=CANARY)
        with loading(engine, by=BY, at=NOW) as load:
            load.patients([patient_facts("A2")])
            journal = Path(f"{file}-journal").read_bytes()
    assert (CANARY.encode() in journal) == (key is None)


def test_the_same_record_without_a_key_is_plain(file: Path) -> None:
    with connected(f"sqlite:///{file}") as engine:
        start(engine, at=NOW)
        record_patient(engine, family_name=CANARY)
        assert key_of(engine) is None
        made = backup(engine, file.with_name("copy.db"), at=NOW)
    assert kind_of(file) is kind_of(made.path) is Kind.PLAIN
    assert CANARY.encode() in made.path.read_bytes()
    assert verify_backup(made.path) == made


def refusal(file: Path, key: bytes | None) -> str:
    """What is said of a file that does not open; it and its folder stay as they are."""
    before = contents(file.parent)
    with (
        pytest.raises(EncryptedError) as error,
        connected(f"sqlite:///{file}", key=key) as engine,
        reading(engine),
    ):
        pytest.fail("it was opened")
    assert contents(file.parent) == before
    return str(error.value)


def test_without_its_key_it_is_left_alone_and_said_where_the_key_is_looked_for(
    encrypted: Engine, file: Path
) -> None:
    encrypted.dispose()
    assert kind_of(file) is Kind.ENCRYPTED
    said = refusal(file, None)
    assert f"{file} is encrypted" in said
    assert str(key_file()) in said


def test_another_key_does_not_open_it_and_is_not_told(encrypted: Engine, file: Path) -> None:
    encrypted.dispose()
    other = secrets.token_bytes(32)
    said = refusal(file, other)
    assert "does not open with the key it was tried with" in said
    assert other.hex() not in said.lower()


def test_a_plain_record_is_not_opened_with_a_key(sqlite_engine: Engine) -> None:
    file = sqlite.file_of(sqlite_engine.url)
    sqlite_engine.dispose()
    assert "is not encrypted" in refusal(file, KEY)


def test_a_key_of_another_length_is_refused(file: Path) -> None:
    with (
        pytest.raises(ValueError, match="32 bytes; got 4"),
        connected(f"sqlite:///{file}", key=b"four") as engine,
    ):
        engine.connect()


def test_neither_the_engine_nor_its_errors_tell_the_key(
    encrypted: Engine, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    with pytest.raises(Exception, match="nowhere") as error, reading(encrypted) as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    out = capfd.readouterr()
    told = "".join((repr(encrypted), str(encrypted.url), repr(error.value), caplog.text, out.out, out.err))
    assert KEY.hex() not in told.lower()
    assert repr(KEY) not in told


def test_a_copy_is_encrypted_and_verified_with_the_same_key(encrypted: Engine, tmp_path: Path) -> None:
    made = backup(encrypted, tmp_path / "copy.db", at=NOW)
    assert kind_of(made.path) is Kind.ENCRYPTED
    assert verify_backup(made.path, key=key_of(encrypted)) == made
    for other in (None, KEY[::-1]):
        with pytest.raises(BackupError, match="cannot be read"):
            verify_backup(made.path, key=other)
    with connected(f"sqlite:///{made.path}", key=KEY) as engine:
        assert read.record(engine).patients["family_name"].to_list() == [CANARY]


def test_one_flipped_bit_of_a_copy_is_found_though_the_manifest_fits(
    encrypted: Engine, tmp_path: Path
) -> None:
    made = backup(encrypted, tmp_path / "copy.db", at=NOW)
    whole, damaged = made.path.read_bytes(), "a page is not as it was encrypted"
    places = {
        20: "does not open with the key",
        4096: damaged,
        len(whole) // 2: damaged,
        len(whole) - 1: damaged,
    }
    for place, words in places.items():
        content = bytearray(whole)
        content[place] ^= 1
        made.path.write_bytes(content)
        fit(made)
        with pytest.raises(BackupError, match=words):
            verify_backup(made.path, key=KEY)


def saves(url: str, days: range) -> None:
    engine = open_engine(url, key=KEY)
    for day in days:
        record_assessment(engine, score_facts(1, 14, day=day), by=BY, at=after(1))


def begins(url: str) -> None:
    start(open_engine(url, key=KEY), at=datetime.now(UTC))


def test_two_programs_with_the_key_save_at_once_and_lose_nothing(encrypted: Engine, file: Path) -> None:
    others = [Program(saves, f"sqlite:///{file}", range(first, first + 15)) for first in (1, 16)]
    assert [other.ended() for other in others] == [0, 0]
    assert read.record(encrypted).assessments.height == 1 + 30


def test_two_programs_that_begin_it_at_once_begin_one(file: Path) -> None:
    others = [Program(begins, f"sqlite:///{file}") for _ in range(2)]
    assert [other.ended() for other in others] == [0, 0]
    with connected(f"sqlite:///{file}", key=KEY) as engine:
        assert read.record(engine).patients.height == 0


def test_what_another_program_stored_is_noticed(encrypted: Engine, file: Path) -> None:
    version = read.data_version(encrypted)
    assert Program(saves, f"sqlite:///{file}", range(1, 2)).ended() == 0
    assert read.data_version(encrypted) != version
    encrypted.dispose()


def test_a_record_that_was_swapped_while_it_was_opened_is_opened_anew(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.parent.mkdir()
    other, bare, opened = file.with_name("other.db"), sqlite.opened, []
    for path in (file, other):
        connection = bare(path)
        connection.execute(f'CREATE TABLE "{path.stem}" (x)')
        connection.close()

    def swapping(path: Path, *, key: bytes | None = None) -> object:
        opened.append(bare(path, key=key))
        if other.exists():
            other.replace(file)
        return opened[-1]

    monkeypatch.setattr(sqlite, "opened", swapping)
    engine = open_engine(f"sqlite:///{file}")
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT name FROM sqlite_schema").scalars().all() == ["other"]
    assert len(opened) == 2
    engine.dispose()


def test_what_is_no_whole_number_of_pages_is_no_encrypted_record(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Dr Roe, " * 100)
    assert kind_of(tmp_path / "letter.db") is Kind.OTHER
    assert kind_of(tmp_path) is Kind.OTHER
    assert kind_of(tmp_path / "nothing.db") is Kind.NOTHING
    with pytest.raises(CannotOpenError), connected(f"sqlite:///{tmp_path}", key=KEY) as engine:
        engine.connect()
