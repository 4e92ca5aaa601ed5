"""A clinic moves between SQLite and PostgreSQL: every row, or none."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from models.store.engine import sqlite
from models.store.engine.database import reading, writing
from models.store.engine.errors import BackupError, RefusedError, StoreError, WrongVersionError
from models.store.moves import moving
from models.store.moves.migrate import newest, revision, start
from models.store.moves.moving import canonical, move, set_sequences
from models.store.record import read, write
from tests.support.builders import BY, NOW, after, phq9_facts, record_patient
from tests.support.databases import connected
from tests.support.filled import filled, rows_of

Rows = list[tuple[Any, ...]]


@pytest.fixture(name="target", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def _target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each engine to move to: with `engine`, every pair of them."""
    lite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/new/moved.db" if lite else request.getfixturevalue("postgres").new()
    with connected(url) as opened:
        yield opened


def test_every_row_of_every_table_is_as_it_was(engine: Engine, target: Engine) -> None:
    before = rows_of(filled(engine))
    moved = move(engine, target)
    assert rows_of(target) == rows_of(engine) == before
    assert {table: moved[table].rows for table in moved} == {table: len(before[table]) for table in before}
    with reading(target) as connection:
        assert revision(connection) == newest()


def test_the_hash_of_a_table_is_that_of_its_rows_on_every_engine(engine: Engine, target: Engine) -> None:
    """Of a table of whole numbers its canonical form is easily written by hand."""
    moved = move(filled(engine), target)
    lines = "".join(f"[{seen},{item},{score}]\n" for seen, item, score in rows_of(engine)["item_score"])
    assert moved["item_score"].sha256 == hashlib.sha256(lines.encode()).hexdigest()


def test_the_record_goes_on_where_it_stopped(engine: Engine, target: Engine) -> None:
    move(filled(engine), target)
    patients, scores = read.record(engine).patients.height, read.record(engine).assessments.height
    assert start(target, at=after(30)).backup is None
    last = max(row[0] for row in rows_of(engine)["patient"])
    patient = record_patient(target, "B2")
    write.record_assessment(target, phq9_facts(patient, item_9=2), by=BY, at=after(31))
    assert patient == last + 2  # the one between was erased, and its id is not given again
    assert (read.record(target).patients.height, read.record(target).assessments.height) == (
        patients + 1,
        scores + 1,
    )
    with pytest.raises(RefusedError, match="never changed"), writing(target) as connection:
        connection.execute(text("UPDATE patient SET mrn = 'X'"))


def test_there_and_back_again_nothing_has_changed(engine: Engine, target: Engine, tmp_path: Path) -> None:
    before = rows_of(filled(engine))
    move(engine, target)
    with connected(f"sqlite:///{tmp_path}/back.db") as back:
        move(target, back)
        assert rows_of(back) == before


def test_more_rows_than_travel_at_once_arrive_in_order(
    sqlite_engine: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 4)
    move(filled(sqlite_engine), target)
    assert rows_of(target) == rows_of(sqlite_engine)


def test_a_target_that_was_begun_is_refused_and_left_as_it_was(engine: Engine, target: Engine) -> None:
    start(target, at=NOW)
    before = rows_of(target)
    with pytest.raises(BackupError, match="is not empty; nothing was copied"):
        move(filled(engine), target)
    assert rows_of(target) == before


def test_a_record_is_not_moved_onto_itself(sqlite_engine: Engine) -> None:
    with pytest.raises(BackupError, match="is not empty"):
        move(filled(sqlite_engine), sqlite_engine)


def test_a_row_that_arrives_otherwise_is_named_and_nothing_is_copied(
    sqlite_engine: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = moving.insert_many

    def careless(connection: Connection, table: str, names: list[str], rows: Rows) -> None:
        if table == "item_score":
            rows[10] = (*rows[10][:2], 2 if rows[10][2] == 1 else 1)
        insert(connection, table, names, rows)

    monkeypatch.setattr(moving, "insert_many", careless)
    with pytest.raises(BackupError, match="item_score: row 11 is not what it was; nothing was copied"):
        move(filled(sqlite_engine), target)
    assert rows_of(target) == {}


def test_a_row_that_does_not_arrive_is_noticed(
    sqlite_engine: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = moving.insert_many

    def forgetful(connection: Connection, table: str, names: list[str], rows: Rows) -> None:
        insert(connection, table, names, rows[:-1] if table == "safety_alert" else rows)

    monkeypatch.setattr(moving, "insert_many", forgetful)
    with pytest.raises(BackupError, match="safety_alert: row 2 is not what it was"):
        move(filled(sqlite_engine), target)
    assert rows_of(target) == {}


@pytest.mark.postgres
def test_what_the_targets_rules_refuse_is_not_copied_nor_anything_else(
    sqlite_engine: Engine, target: Engine
) -> None:
    """A record someone wrote into past its own rules: the first version of nothing."""
    filled(sqlite_engine)
    with writing(sqlite_engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER patient_insert")
        connection.exec_driver_sql(
            "INSERT INTO patient SELECT 99, 99, 0, recorded_by, NULL, 0, NULL, NULL, clinic_id, 'C3', "
            "NULL, NULL, NULL, NULL, 0, NULL FROM patient WHERE id = 1"
        )
    with pytest.raises(StoreError, match="moments never go back"):
        move(sqlite_engine, target)
    assert rows_of(target) == {}


@pytest.mark.postgres
def test_rows_that_refer_to_nothing_are_not_copied(sqlite_engine: Engine, target: Engine) -> None:
    filled(sqlite_engine).dispose()
    with closing(sqlite.opened(sqlite.file_of(sqlite_engine.url))) as connection:
        connection.execute("INSERT INTO item_score VALUES (99, 1, 2)")
    with pytest.raises(StoreError, match=r"refer to nothing|fk_item_score_assessment_id"):
        move(sqlite_engine, target)
    assert rows_of(target) == {}


def test_a_record_of_an_older_version_is_migrated_first(
    sqlite_engine: Engine, target: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "newest", lambda: "9999")
    with pytest.raises(WrongVersionError, match="run `seventy migrate` on it first"):
        move(sqlite_engine, target)


def test_a_table_that_is_not_ours_is_not_left_out_in_silence(sqlite_engine: Engine, target: Engine) -> None:
    with writing(sqlite_engine) as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(BackupError, match="also holds recipes, which is not Seventy's"):
        move(sqlite_engine, target)
    assert rows_of(target) == {}


@pytest.mark.postgres
def test_a_counter_of_postgresql_goes_on_after_the_highest_number(database_url: str) -> None:
    key = "integer PRIMARY KEY" + (
        "" if database_url.startswith("sqlite") else " GENERATED BY DEFAULT AS IDENTITY"
    )
    with connected(database_url) as engine, writing(engine) as connection:
        for table, rows in (("visit", "(41), (42)"), ("nobody", None)):
            connection.exec_driver_sql(f"CREATE TABLE {table} (id {key}, name text)")
            if rows:
                connection.exec_driver_sql(f"INSERT INTO {table} (id) VALUES {rows}")  # noqa: S608
        set_sequences(connection)
        for table, expected in (("visit", 43), ("nobody", 1)):
            insert = f"INSERT INTO {table} (name) VALUES ('next') RETURNING id"  # noqa: S608
            assert connection.exec_driver_sql(insert).scalar_one() == expected


def test_the_canonical_form_tells_apart_what_is_not_the_same() -> None:
    assert canonical((1, True, None, 0.1 + 0.2, "Zoë\n", b"\x00\xff")) == (
        '[1,1,null,0.30000000000000004,"Zoë\\n",{"hex":"00ff"}]'.encode()
    )
    assert len({canonical((value,)) for value in (None, "", "null", 0, "0", b"", 0.0, 1, "1")}) == 9
