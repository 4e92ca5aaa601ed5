"""A role of PostgreSQL that runs the dashboard reads and adds, and takes nothing back, rules or no rules."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine

from models.store.engine.database import open_engine, reading
from models.store.engine.errors import StoreError
from models.store.erasure.erasing import erase
from models.store.health.grants import ADDED_TO, CHANGES, PASSES, READ, GrantError, grant, rights_found
from models.store.record import write
from models.store.rows.digests import TABLES
from models.store.trail.audit_check import verify
from models.tables.recorded import Table
from tests.support.builders import BY, NOW, after, phq9_facts, record_patient
from tests.support.databases import AUDIT_KEY, Databases, connected
from tests.support.tampering import tamper

pytestmark = pytest.mark.postgres
ROLE = 'the"app'
QUOTED = '"the""app"'


@pytest.fixture(name="owner")
def _owner(postgres: Databases) -> Iterator[Engine]:
    """A record with a patient, by the tables' owner; a role that may do nothing yet."""
    with connected(postgres.its_own()) as engine:
        record_patient(engine)
        tamper(engine, f"DROP ROLE IF EXISTS {QUOTED}", f"CREATE ROLE {QUOTED} LOGIN")
        yield engine
        tamper(engine, f"DROP OWNED BY {QUOTED}", f"DROP ROLE {QUOTED}")


@pytest.fixture(name="app")
def _app(owner: Engine) -> Iterator[Engine]:
    """The same record as the role sees it."""
    tamper(owner, f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {QUOTED}")  # which is taken back
    assert len(grant(owner, ROLE)) == 7
    url = owner.url.set(username=ROLE).render_as_string(hide_password=False)
    engine = open_engine(url, audit_key=AUDIT_KEY)
    yield engine
    engine.dispose()


def test_the_role_records_corrects_and_withdraws(app: Engine, owner: Engine) -> None:
    first = write.record_assessment(app, phq9_facts(1, item_9=1), by=BY, at=NOW)
    second = write.correct_assessment(app, first.id, phq9_facts(1, item_9=2), by=BY, at=after(1), why="typo")
    write.void_assessment(app, second.id, by=BY, at=after(2), why="of another patient")
    assert verify(app).findings == []
    assert verify(owner).events == 7


@pytest.mark.parametrize("table", [*TABLES, "erasing", "audit_event"])
def test_the_role_can_change_delete_and_empty_nothing_recorded(
    app: Engine, owner: Engine, table: str
) -> None:
    tamper(owner, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    column = {"item_score": "score", "safety_alert": "level", "erasing": "never"}.get(table, "id")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",  # noqa: S608
        f"DELETE FROM {table}",  # noqa: S608
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table} CASCADE",
    ):
        url = app.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_it_is_said_who_could_drop_the_rules(app: Engine, owner: Engine) -> None:
    for engine, said in ((app, "cannot drop their rules"), (owner, "`seventy migrate --grants ROLE` gives")):
        with reading(engine) as connection:
            assert said in rights_found(connection).says


def test_every_table_is_granted_as_one_of_four_kinds() -> None:
    granted = [*ADDED_TO, *CHANGES, *PASSES, *READ]
    assert sorted(granted) == sorted(Table.metadata.tables)


def test_a_role_that_is_not_there_or_is_above_all_rules_is_refused(owner: Engine) -> None:
    with pytest.raises(GrantError, match="There is no role nobody"):
        grant(owner, "nobody")
    with pytest.raises(GrantError, match="postgres is a superuser"):
        grant(owner, "postgres")


def test_sqlite_knows_no_roles(sqlite_engine: Engine) -> None:
    with pytest.raises(StoreError, match="SQLite knows no roles"):
        grant(sqlite_engine, ROLE)


def test_the_role_cannot_erase_and_sees_who_was(app: Engine, owner: Engine) -> None:
    with pytest.raises(StoreError, match="permission denied"):
        erase(app, 1, by=BY, at=NOW, reason="asked for it in writing")
    erase(owner, 1, by=BY, at=after(1), reason="asked for it in writing")
    found = verify(app)
    assert (found.findings, [one.reason for one in found.erasures]) == ([], ["asked for it in writing"])
    assert record_patient(app, "B2") == 2


def test_whoever_may_become_the_owner_is_told_as_one(app: Engine, owner: Engine) -> None:
    with reading(owner) as connection:
        named = connection.exec_driver_sql("SELECT quote_ident(current_user)").scalar_one()
    tamper(owner, f"ALTER ROLE {QUOTED} NOINHERIT", f"GRANT {named} TO {QUOTED}")
    with reading(app) as connection:
        assert "owns the tables and could drop their rules" in rights_found(connection).says
