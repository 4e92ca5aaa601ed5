"""Which database is opened, how, and what is said when it cannot be."""

import stat
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from models.store.engine import sqlite
from models.store.engine.database import default_url, place_of, reading, writing
from models.store.engine.errors import CannotOpenError, StoreError
from models.store.moves.migrate import start
from models.store.record import read
from models.store.record.bulk import loading
from tests.support.builders import BY, NOW, record_patient, score_facts
from tests.support.databases import Databases, connected


def refused(url: str) -> str:
    """What is said of a database that cannot be opened."""
    with pytest.raises(CannotOpenError) as error, connected(url) as engine, reading(engine):
        pytest.fail("it was opened")
    return str(error.value)


def test_sqlite_is_set_up_so_that_nothing_acknowledged_is_lost(sqlite_engine: Engine) -> None:
    with reading(sqlite_engine) as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "recursive_triggers",
                "trusted_schema",
            )
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
    }


def test_the_sqlite_in_use_is_one_that_cannot_corrupt_its_log() -> None:
    assert sqlite.driver.sqlite_version_info >= (3, 51, 3)


def test_an_older_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "OLDEST", (99, 0, 0))
    assert "99.0.0 or later is needed" in refused(f"sqlite:///{tmp_path}/record.db")


@pytest.mark.parametrize("url", ["postgresql://ada:secret@[::1/x", "postgresql://ada:secret@db:port/x"])
def test_an_address_that_is_none_is_refused_without_what_it_says(url: str) -> None:
    said = refused(url)
    assert said.startswith("A database is named as in sqlite:///clinic.db")
    assert "secret" not in said


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Dr Roe, " * 100)
    assert "file is not a database" in refused(f"sqlite:///{tmp_path}/letter.db")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be opened" in refused(f"sqlite:///{tmp_path}/file/record.db")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite://", "would be lost"),
        ("sqlite:///:memory:", "would be lost"),
        ("sqlite:////nowhere/x.db?mode=ro&key=open", "by its file alone: leave out ? and mode, key."),
        ("mysql://someone@somewhere/something", "SQLite or PostgreSQL, not in mysql"),
        ("clinic.db", "sqlite:///clinic.db"),
        ("oracle9://x", "sqlite:///clinic.db"),
        ("postgresql://nobody@127.0.0.1:1/nothing", "127.0.0.1:1 does not answer: is the server running?"),
    ],
)
def test_a_database_that_cannot_be_opened_is_refused_in_words(url: str, words: str) -> None:
    assert words in refused(url)


def test_what_the_servers_driver_says_is_cut_to_a_clean_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def said(words: str) -> str:
        def fails(*_: object, **__: object) -> None:
            raise psycopg.OperationalError(words)

        monkeypatch.setattr(psycopg, "connect", fails)
        return refused("postgresql://nobody@db.clinic/nothing")

    assert said('connection failed: an "Ger\ufffdt" scheitert\n\tLäuft der Server?') == (
        "The database at db.clinic:5432 does not answer: is the server running? Nothing was changed. "
        '(an "Gert" scheitert)'
    )
    assert said('connection failed: FATAL:  role "nobody" does not exist\n') == (
        'The database at db.clinic:5432 does not let this program in: FATAL:  role "nobody" does not exist. '
        "Nothing was changed."
    )


def test_a_record_whose_folder_is_taken_away_is_not_begun_anew_and_is_there_once_it_is_back(
    tmp_path: Path,
) -> None:
    folder, aside = tmp_path / "disk", tmp_path / "elsewhere"
    with connected(f"sqlite:///{folder}/record.db") as engine:
        start(engine, at=NOW)
        engine.dispose()
        folder.rename(aside)
        with pytest.raises(CannotOpenError, match="is not there any more"), reading(engine):
            pass
        assert not folder.exists()
        aside.rename(folder)
        assert read.record(engine).patients.is_empty()


def test_only_its_owner_may_read_a_new_database(tmp_path: Path) -> None:
    with connected(f"sqlite:///{tmp_path}/made/record.db") as engine, reading(engine):
        mode = (tmp_path / "made" / "record.db").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are read as Linux tells them")
def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/share {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(sqlite, "MOUNTS", mounts)
    assert "network file system (nfs4)" in refused(f"sqlite:///{tmp_path}/record.db")


def test_seventy_db_names_the_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEVENTY_DB", "postgresql://clinic/record")
    assert default_url() == "postgresql://clinic/record"
    monkeypatch.delenv("SEVENTY_DB")
    assert make_url(default_url()).database is not None
    assert default_url().endswith("seventy.db")


def test_a_test_that_reaches_for_a_real_record_fails() -> None:
    elsewhere = Path.home() / "record.db"
    with pytest.raises(AssertionError, match="not temporary"), connected(f"sqlite:///{elsewhere}") as engine:
        engine.connect()
    assert not elsewhere.exists()


def test_what_the_database_says_is_told_without_the_values_it_was_about(engine: Engine) -> None:
    with pytest.raises(StoreError) as error, writing(engine) as connection:
        connection.exec_driver_sql("SELECT 'Canary' FROM nowhere")
    assert "nothing was saved" in str(error.value)
    assert "nowhere" in str(error.value)


def test_a_full_disk_is_said_and_loses_nothing(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = record_patient(sqlite_engine)
    monkeypatch.setitem(sqlite.SETTINGS, "max_page_count", "1")  # no more pages than there are
    facts = [score_facts(patient, 9, day=day, mode="self") for day in range(100)]

    def load_all() -> None:
        with connected(str(sqlite_engine.url)) as full, loading(full, by=BY, at=NOW) as load:
            load.assessments(facts)

    with pytest.raises(StoreError, match="disk is full, nothing was saved"):
        load_all()
    assert read.record(sqlite_engine).assessments.height == 0


def test_where_a_record_is_said_without_its_password(tmp_path: Path) -> None:
    with connected("postgresql://roe:secret@db.clinic:5433/record") as engine:
        assert place_of(engine) == "postgresql+psycopg://roe@db.clinic:5433/record"
    with connected(f"sqlite:///{tmp_path}/record.db") as engine:
        assert place_of(engine) == f"{tmp_path}/record.db"


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_in_which_not_every_name_can_be_written_is_refused(
    postgres: Databases, encoding: str
) -> None:
    said = refused(postgres.new(f"ENCODING {encoding} LOCALE 'C'"))
    assert f"encoded as {encoding}" in said
    assert "--encoding UTF8" in said
