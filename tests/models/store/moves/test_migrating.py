"""From an older shape to a newer one: with a verified backup, whole or not at all, and only of our own."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from platformdirs import user_data_path
from sqlalchemy import Connection, Engine, inspect

from models.outcomes.question.locked import PRIMARY
from models.store.backups.backup import verify_backup
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, reading, writing
from models.store.engine.errors import CannotOpenError, RefusedError, StoreError, WrongVersionError
from models.store.moves import migrate as migrate_module
from models.store.moves.migrate import Migrated, migrate, newest, start
from models.store.record import read, write
from models.store.trail.audit_check import verify
from models.tables.columns import moment_number
from tests.support.builders import BY, NOW, after, phq9_facts, record_patient
from tests.support.databases import connected
from tests.support.filled import in_columns_of, rows_of
from tests.support.tampering import events

NextRevision = Callable[[str], None]
HEAD = newest()
NEXT = f"{int(HEAD) + 1:04}"

ADDS_A_COLUMN = """
    with op.batch_alter_table("patient") as patient:
        patient.add_column(sa.Column("nickname", sa.Text))
"""
REBUILDS_AND_KEEPS_THE_RULES = """
    from models.store.migrations.triggers_0001 import for_sqlite
    op.drop_index("ix_patient_folded", "patient")  # of an expression, which a rebuilt table would lose
    with op.batch_alter_table("patient", recreate="always") as patient:
        patient.add_column(sa.Column("nickname", sa.Text))
    for trigger in for_sqlite():
        if " ON patient " in trigger:
            op.execute(sa.text(trigger))
    op.create_index("ix_patient_folded", "patient", ["clinic_id", sa.text("lower(mrn)")])
"""
REBUILDS_AND_FORGETS_THE_RULES = """
    op.drop_index("ix_patient_folded", "patient")
    with op.batch_alter_table("patient", recreate="always") as patient:
        patient.add_column(sa.Column("nickname", sa.Text))
"""
FAILS_HALF_WAY = f"{ADDS_A_COLUMN}\n    raise ValueError('half way')"
LOSES_WHAT_OTHERS_REFER_TO = """
    op.execute("DROP TRIGGER patient_no_delete")
    op.execute("DELETE FROM patient")
"""
DROPS_A_TABLE = '    op.drop_table("safety_alert")'

_THEN = f"1, 1, {moment_number(NOW)}, 'Dr Roe', NULL, false, NULL, NULL"
RECORDED_THEN = (
    f"clinic VALUES ({_THEN}, 'West', 'UTC', 'kg', 6, 'iv', 0.5, 40, 'Call 988.', false)",
    f"patient VALUES ({_THEN}, 1, 'A1', NULL, 'Roe', NULL, 'female')",
    f"course VALUES ({_THEN}, 1, 20454, 'depression', 6, 2, 3, NULL, NULL, NULL, NULL)",
    f"infusion VALUES ({_THEN}, 1, {moment_number(NOW)}, NULL, 'iv', 40.5, 80.25, 40, NULL)",
    f"assessment VALUES ({_THEN}, 1, 'phq9', '1', NULL, 20454, NULL, 14, NULL, 'complete', 9, 1)",
    "item_score VALUES (1, 1, 2), (1, 9, 1)",
    f"safety_alert VALUES (1, 'ideation', false, {moment_number(NOW)})",
)
"""One of everything, in the words of revision 0001."""


@pytest.fixture(name="next_revision")
def _next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NextRevision:
    """Makes a newer version of the product, whose revision after this one does this."""

    def make(upgrade: str) -> None:
        folder = tmp_path / "newer"
        folder.mkdir()
        (folder / f"{NEXT}_next.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = '{NEXT}'\ndown_revision = '{HEAD}'\n"
            f"def upgrade():\n{upgrade}\n"
        )
        config = migrate_module._config

        def newer() -> Config:
            made = config()
            made.set_main_option("version_locations", f"{migrate_module.FOLDER / 'versions'}:{folder}")
            return made

        monkeypatch.setattr(migrate_module, "_config", newer)
        monkeypatch.setattr(migrate_module, "_scripts", migrate_module._scripts.__wrapped__)

    return make


@pytest.fixture(name="recorded")
def _recorded(database_url: str) -> Iterator[Engine]:
    with connected(database_url) as engine:
        start(engine, at=NOW)
        record_a_score(engine)
        yield engine


def record_a_score(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_assessment(engine, phq9_facts(patient, item_9=1), by=BY, at=NOW)


def revision_of(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return migrate_module.revision(connection)


def test_a_first_start_makes_a_record_with_a_clinic_in_utc(database_url: str) -> None:
    with connected(database_url) as engine:
        assert start(engine, at=NOW) == Migrated(None, HEAD, None)
        assert start(engine, at=after(1)) == Migrated(HEAD, HEAD, None)
        assert read.record(engine).clinic.time_zone == "UTC"
        assert read.record(engine).known_until == NOW


def test_two_programs_that_start_at_once_make_one_record(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.store.engine.database.PATIENCE", 60.0)  # three wait for every migration

    def first_start(_: int) -> Migrated:
        with connected(database_url) as engine:
            return start(engine, at=NOW)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(first_start, range(4)))
    assert [one.before for one in made].count(None) == 1


def test_an_older_record_is_migrated_beside_its_verified_backup(
    recorded: Engine, next_revision: NextRevision
) -> None:
    next_revision(ADDS_A_COLUMN)
    done = start(recorded, at=after(1))

    assert (done.before, done.after) == (HEAD, NEXT)
    assert done.backup is not None
    kept = verify_backup(done.backup)
    assert (kept.revision, kept.counts["assessment"], kept.counts["item_score"]) == (HEAD, 1, 9)
    assert read.record(recorded).assessments["total"].to_list() == [9]
    assert start(recorded, at=after(2)).backup is None


def test_a_record_made_before_there_were_claims_keeps_every_row_and_gets_the_claim(
    database_url: str,
) -> None:
    with connected(database_url) as engine:
        with writing(engine) as connection:
            at_revision(connection, "0001")
            for row in RECORDED_THEN:
                connection.exec_driver_sql(f"INSERT INTO {row}")
        before = rows_of(engine)
        done = start(engine, at=after(1))

        assert (done.before, done.after) == ("0001", HEAD)
        assert done.backup is not None
        kept = verify_backup(done.backup)
        assert (kept.revision, kept.counts) == ("0001", {table: len(rows) for table, rows in before.items()})
        assert in_columns_of(before, engine) == before
        assert [(one.words, one.recorded_at) for one in read.claims(engine)] == [
            ("70 % of people who have received ketamine infusions have found relief", after(1))
        ]
        assert [(one.estimand, one.locked_by) for one in read.locks(engine)] == [(PRIMARY, "seventy")]
        assert read.locks(engine, known_at=NOW) == []
        assert start(engine, at=after(2)).backup is None
        assert (len(read.claims(engine)), len(read.locks(engine))) == (1, 1)
        assert [event.action for event in events(engine)] == ["begin", "migrate", "lock"]
        assert verify(engine).findings == []
        assert record_patient(engine, "B2") == 2


def test_a_migration_adds_no_second_claim_to_a_record_that_has_one(
    recorded: Engine, next_revision: NextRevision
) -> None:
    write.void_claim(recorded, 1, by=BY, at=after(1), why="not ours any more")
    next_revision(ADDS_A_COLUMN)
    migrate(recorded, at=after(2))
    assert [one.current for one in read.claims(recorded)] == [False, False]
    assert len(read.locks(recorded)) == 1


def at_revision(connection: Connection, revision: str) -> None:
    """An empty database as an older version of the product made it."""
    config = migrate_module._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_without_a_backup_nothing_is_migrated(
    recorded: Engine, next_revision: NextRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_revision(ADDS_A_COLUMN)

    def not_verified(*_: object) -> None:
        raise StoreError("not verified")

    monkeypatch.setattr("models.store.backups.backup.check", not_verified)
    with pytest.raises(StoreError, match="not verified"):
        migrate(recorded, at=NOW)
    assert_unchanged(recorded, monkeypatch)


@pytest.mark.parametrize(
    ("upgrade", "words"),
    [(FAILS_HALF_WAY, "half way"), (DROPS_A_TABLE, "number of rows in safety_alert")],
    ids=["fails half way", "loses rows"],
)
def test_a_migration_that_goes_wrong_leaves_everything_as_it_was(
    recorded: Engine, next_revision: NextRevision, monkeypatch: pytest.MonkeyPatch, upgrade: str, words: str
) -> None:
    next_revision(upgrade)
    with pytest.raises((StoreError, ValueError), match=words):
        migrate(recorded, at=NOW)
    assert_unchanged(recorded, monkeypatch)


def test_rebuilding_a_table_that_scores_refer_to_keeps_every_score(
    sqlite_engine: Engine, next_revision: NextRevision
) -> None:
    record_a_score(sqlite_engine)
    next_revision(REBUILDS_AND_KEEPS_THE_RULES)
    migrate(sqlite_engine, at=NOW)

    assert read.record(sqlite_engine).assessments["total"].to_list() == [9]
    with pytest.raises(RefusedError, match="never changed"), writing(sqlite_engine) as connection:
        connection.exec_driver_sql("UPDATE patient SET mrn = 'X'")
    with reading(sqlite_engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_rebuilding_a_table_without_its_rules_is_undone(
    sqlite_engine: Engine, next_revision: NextRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_a_score(sqlite_engine)
    next_revision(REBUILDS_AND_FORGETS_THE_RULES)
    with pytest.raises(StoreError, match="lost the rules patient_insert"):
        migrate(sqlite_engine, at=NOW)
    assert_unchanged(sqlite_engine, monkeypatch)


def test_a_migration_that_leaves_rows_referring_to_nothing_is_undone(
    sqlite_engine: Engine, next_revision: NextRevision, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_a_score(sqlite_engine)
    next_revision(LOSES_WHAT_OTHERS_REFER_TO)
    with pytest.raises(StoreError, match="rows that refer to nothing"):
        migrate(sqlite_engine, at=NOW)
    assert_unchanged(sqlite_engine, monkeypatch)


def assert_unchanged(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Still the old shape, with every row, and in use."""
    monkeypatch.undo()
    assert revision_of(engine) == HEAD
    assert read.record(engine).assessments["total"].to_list() == [9]
    with reading(engine) as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("patient")}
    assert "nickname" not in columns
    record_patient(engine, "B2")


def test_a_record_of_a_newer_version_is_not_touched(recorded: Engine) -> None:
    with writing(recorded) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(WrongVersionError, match=rf"revision 0099; this one knows {HEAD}"):
        start(recorded, at=NOW)
    assert issubclass(WrongVersionError, CannotOpenError)


def test_a_database_of_something_else_is_not_touched(database_url: str) -> None:
    with connected(database_url) as engine:
        with writing(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
        with pytest.raises(WrongVersionError, match="not made by Seventy"):
            start(engine, at=NOW)
        with reading(engine) as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM recipes").scalar_one() == 0


def test_the_backup_of_a_migration_stands_beside_the_file_or_among_those_of_the_server(
    recorded: Engine, next_revision: NextRevision
) -> None:
    next_revision(ADDS_A_COLUMN)
    done = migrate(recorded, at=NOW)
    name, kind, folder = "record", "db", sqlite.file_of(recorded.url).parent if is_sqlite(recorded) else None
    if folder is None:
        name, kind, folder = recorded.url.database, "dump", user_data_path("seventy") / "backups"
    assert done.backup is not None
    assert done.backup.parent == folder
    note = rf"before-{NEXT}\.{HEAD}\.20260601T120000-[0-9a-f]{{8}}"
    assert re.fullmatch(rf"{name}\.{note}\.{kind}", done.backup.name)
