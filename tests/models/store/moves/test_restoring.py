"""The drill: a record is lost, its backup restored, and every row of every table is there again."""

import re
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from models.store.backups import dump
from models.store.backups.backup import Backup, backup, verify_backup
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, reading, writing
from models.store.engine.errors import BackupError, CannotOpenError, WrongVersionError
from models.store.moves import restore as restore_module
from models.store.moves.migrate import newest, start
from models.store.moves.restore import restore
from models.store.record import read
from models.tables.columns import moment_number
from tests.models.store.moves.test_migrating import RECORDED_THEN, at_revision
from tests.support.builders import NOW, after, record_patient
from tests.support.databases import connected
from tests.support.filled import filled, in_columns_of, rows_of


def test_the_drill_on_a_new_computer(
    record: Engine, made: Backup, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Nothing is left but the backup: the record it makes has every row, and goes on."""
    before = rows_of(record)
    lite = is_sqlite(record)
    url = f"sqlite:///{tmp_path}/new/clinic.db" if lite else request.getfixturevalue("postgres").new()
    with connected(url) as engine:
        assert restore(made.path, engine, at=after(61)) == (made, None)
        assert rows_of(engine) == before
        assert start(engine, at=after(62)).backup is None
        record_patient(engine, "B2")
        assert read.record(engine).patients.height == read.record(record).patients.height + 1


def test_the_drill_in_place_keeps_what_was_saved_since(record: Engine, made: Backup) -> None:
    before = rows_of(record)
    record_patient(record, "B2")
    since = rows_of(record)

    restored = restore(made.path, record, at=after(61))
    assert rows_of(record) == before
    assert restored.kept is not None
    assert verify_backup(restored.kept).counts == {table: len(rows) for table, rows in since.items()}

    again = restore(restored.kept, record, at=after(62))
    assert rows_of(record) == since
    assert again.kept != restored.kept


def test_a_restored_file_is_its_owners_only_and_nothing_is_left_beside_it(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    made = backup(filled(sqlite_engine), tmp_path / "elsewhere" / "copy", at=NOW)
    restore(made.path, sqlite_engine, at=NOW)
    file = sqlite.file_of(sqlite_engine.url)
    assert oct(file.stat().st_mode)[-3:] == "600"
    folder, kept, manifest, record = sorted(one.name for one in tmp_path.iterdir())
    assert (folder, manifest, record) == ("elsewhere", f"{kept}.json", "record-0.db")
    assert re.fullmatch(r"record-0\.before-restore\.20260601T120000-[0-9a-f]{8}\.db", kept)


def test_of_two_restores_in_one_second_both_keep_what_stood_there(record: Engine, made: Backup) -> None:
    kept = [restore(made.path, record, at=after(61)).kept for _ in range(2)]
    assert len({*kept}) == 2
    assert all(one is not None and verify_backup(one) for one in kept)


def test_the_rules_of_the_record_are_restored_with_it(record: Engine, made: Backup) -> None:
    restore(made.path, record, at=after(61))
    for table in ("patient", "item_score", "claim_look"):
        with pytest.raises(Exception, match="never changed"), writing(record) as connection:
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608


def test_one_changed_byte_is_not_restored(record: Engine, made: Backup) -> None:
    before = rows_of(record)
    content = bytearray(made.path.read_bytes())
    content[-100] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(BackupError, match="its SHA-256 differs"):
        restore(made.path, record, at=after(61))
    assert rows_of(record) == before


def test_what_stands_there_is_not_replaced_unless_it_is_backed_up(
    record: Engine, made: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_of(record)

    def fail(*_: object, **__: object) -> None:
        raise BackupError("The disk is full.")

    monkeypatch.setattr(restore_module, "backup", fail)
    with pytest.raises(BackupError, match=r"cannot be backed up, and is therefore not replaced: The disk is"):
        restore(made.path, record, at=after(61))
    assert rows_of(record) == before


def test_a_damaged_record_is_to_be_moved_away_first(sqlite_engine: Engine, tmp_path: Path) -> None:
    made = backup(filled(sqlite_engine), tmp_path / "copy", at=NOW)
    file = sqlite.file_of(sqlite_engine.url)
    sqlite_engine.dispose()
    file.write_text("not a database, but long enough to be taken for one" * 20)
    with pytest.raises(BackupError, match="Move it away, then restore again"):
        restore(made.path, sqlite_engine, at=NOW)
    file.rename(tmp_path / "damaged")
    restore(made.path, sqlite_engine, at=NOW)
    assert rows_of(sqlite_engine)["patient"]


def test_a_log_that_another_database_left_is_not_taken_over(tmp_path: Path, sqlite_engine: Engine) -> None:
    made = backup(filled(sqlite_engine), tmp_path / "copy", at=NOW)
    (tmp_path / "new.db-wal").write_bytes(b"of another")
    with (
        connected(f"sqlite:///{tmp_path}/new.db") as engine,
        pytest.raises(BackupError, match=r"new\.db-wal was left by another"),
    ):
        restore(made.path, engine, at=NOW)
    assert not (tmp_path / "new.db").exists()


def test_a_record_that_is_in_use_is_left_alone(record: Engine, made: Backup, url: str) -> None:
    before = rows_of(record)
    with connected(url) as dashboard:
        with reading(dashboard):
            pass  # its connection stays open, as that of a running dashboard does
        with pytest.raises(BackupError, match=r"is in use.* Stop the dashboard"):
            restore(made.path, record, at=after(61))
        assert rows_of(dashboard) == before
    restore(made.path, record, at=after(62))
    assert rows_of(record) == before


def test_what_someone_saves_while_the_backup_is_made_is_not_lost(
    record: Engine, made: Backup, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = restore_module.backup

    def slowly(engine: Engine, path: Path, *, at: object) -> Backup:
        done = kept(engine, path, at=after(61))
        look_from_another_program(url)
        return done

    monkeypatch.setattr(restore_module, "backup", slowly)
    with pytest.raises(BackupError, match="Someone saved while the record was backed up"):
        restore(made.path, record, at=after(61))
    assert [row[0] for row in rows_of(record)["claim_look"]] == [1, 99]


def look_from_another_program(url: str) -> None:
    """Which waits in no line of ours."""
    address = make_url(url)
    lite = address.get_backend_name() == "sqlite"
    plain = address.render_as_string(hide_password=False)
    opened = sqlite.opened(sqlite.file_of(address)) if lite else psycopg.connect(plain, autocommit=True)
    with closing(opened) as connection:
        connection.execute(
            f"INSERT INTO claim_look VALUES (99, 1, 1, 0, 0, {moment_number(after(61))})"  # noqa: S608
        )


def test_a_database_of_something_else_is_not_replaced(record: Engine, made: Backup, tmp_path: Path) -> None:
    if is_sqlite(record):
        with connected(f"sqlite:///{tmp_path}/other.db") as engine:
            with writing(engine) as connection:
                connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
            with pytest.raises(WrongVersionError, match="not made by Seventy"):
                restore(made.path, engine, at=NOW)


def test_a_backup_of_a_version_nobody_knows_is_not_restored(record: Engine, made: Backup) -> None:
    made.manifest.write_text(made.manifest.read_text().replace(f'"{made.revision}"', '"0099"'))
    with pytest.raises(WrongVersionError, match=r"revision 0099; this one knows \d+"):
        restore(made.path, record, at=after(61))
    assert issubclass(WrongVersionError, CannotOpenError)


@pytest.mark.postgres
def test_a_backup_of_one_engine_is_not_restored_into_another(
    record: Engine, made: Backup, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    lite = is_sqlite(record)
    url = request.getfixturevalue("postgres").new() if lite else f"sqlite:///{tmp_path}/new.db"
    whose = "SQLite" if lite else "PostgreSQL"
    with (
        connected(url) as engine,
        pytest.raises(BackupError, match=f"is a backup of {whose}: restore it into that.*`seventy copy`"),
    ):
        restore(made.path, engine, at=NOW)


def test_the_settings_of_a_servers_address_reach_its_programs() -> None:
    said = dump._server(make_url("postgresql://roe@db/record?sslmode=verify-full&sslrootcert=/etc/ca.pem"))
    assert (said["PGSSLMODE"], said["PGSSLROOTCERT"]) == ("verify-full", "/etc/ca.pem")


def test_a_backup_of_an_older_version_is_restored_and_then_brought_up_to_this_one(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with connected(database_url) as engine:
        with writing(engine) as connection:
            at_revision(connection, "0001")
            for row in RECORDED_THEN:
                connection.exec_driver_sql(f"INSERT INTO {row}")
        before = rows_of(engine)
        made = backup(engine, tmp_path / "copy", at=NOW)
        lite = is_sqlite(engine)
    url = f"sqlite:///{tmp_path}/new.db" if lite else request.getfixturevalue("postgres").new()
    with connected(url) as engine:
        restore(made.path, engine, at=NOW)
        assert rows_of(engine) == before
        done = start(engine, at=after(1))
        assert (done.before, done.after) == ("0001", newest())
        assert in_columns_of(before, engine) == before
