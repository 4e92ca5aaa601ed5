"""The rules of a record in PostgreSQL: what the doctor says of one that is gone, other, disabled or new."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from models.store.engine import rules_of_server
from models.store.engine.database import open_engine, reading
from models.store.engine.found import Examined
from models.store.health.grants import grant, rights_found
from models.store.health.rules_check import rules_found
from tests.support.databases import Databases, connected
from tests.support.tampering import tamper

pytestmark = pytest.mark.postgres
ROLE = "rules_app"


@pytest.fixture(name="owner")
def _owner(postgres: Databases) -> Iterator[Engine]:
    with connected(postgres.its_own()) as engine:
        yield engine


@pytest.fixture(name="granted")
def _granted(owner: Engine) -> Iterator[Engine]:
    """With a role for the dashboard."""
    tamper(owner, f"DROP ROLE IF EXISTS {ROLE}", f"CREATE ROLE {ROLE} LOGIN")
    grant(owner, ROLE)
    yield owner
    tamper(owner, f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")


def rules(engine: Engine) -> Examined:
    with reading(engine) as connection:
        return rules_found(connection)


def rights(engine: Engine) -> Examined:
    with reading(engine) as connection:
        return rights_found(connection)


def test_what_the_migrations_say_is_what_they_made(owner: Engine) -> None:
    with reading(owner) as connection:
        assert rules_of_server.standing(connection) == rules_of_server.made()
    assert rules(owner) == Examined("rules", True, "All of them stand.", rules(owner).do)


ANYTHING = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
AGAIN = "DROP TRIGGER patient_kept ON patient; CREATE TRIGGER patient_kept BEFORE"
EACH = "ON patient FOR EACH ROW EXECUTE FUNCTION"
SOME = "ON patient FOR EACH ROW WHEN (OLD.id > 7) EXECUTE FUNCTION"
APART = f"CREATE SCHEMA apart; CREATE FUNCTION apart.seventy_patient_kept() {ANYTHING}"
MINE = f"CREATE FUNCTION mine() {ANYTHING}"
NOT_FIRED = (
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', "
    "current_database()); END $$"
)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ("DROP TRIGGER claim_unchanged ON claim", "claim_unchanged (gone)"),
        (f"CREATE OR REPLACE FUNCTION seventy_patient_kept() {ANYTHING}", "patient_kept (other)"),
        ("ALTER FUNCTION seventy_patient() SECURITY DEFINER", "patient_insert (other)"),
        ("ALTER TABLE patient DISABLE TRIGGER patient_kept", "patient_kept (disabled)"),
        ("ALTER TABLE patient ENABLE REPLICA TRIGGER patient_kept", "patient_kept (disabled)"),
        (f"{AGAIN} DELETE {EACH} seventy_patient_kept()", "patient_kept (other)"),
        (f"{AGAIN} DELETE OR UPDATE {EACH} seventy_patient_kept()", None),
        (f"{AGAIN} UPDATE OF mrn OR DELETE {EACH} seventy_patient_kept()", "patient_kept (other)"),
        (f"{AGAIN} UPDATE OR DELETE {SOME} seventy_patient_kept()", "patient_kept (other)"),
        (f"{APART}; {AGAIN} UPDATE OR DELETE {EACH} apart.seventy_patient_kept()", "patient_kept (other)"),
        (f"{MINE}; CREATE TRIGGER mine BEFORE INSERT {EACH} mine()", "mine on patient (new)"),
        ("CREATE RULE mine AS ON INSERT TO patient DO INSTEAD NOTHING", "mine on patient (new)"),
        (NOT_FIRED, "session_replication_role (set to replica)"),
    ],
)
def test_each_that_is_gone_other_disabled_or_new_is_named(
    owner: Engine, changes: str, named: str | None
) -> None:
    tamper(owner, changes)
    found = rules(owner)
    if named is None:
        assert found.fine
    else:
        assert (found.fine, found.says) == (False, f"Rules of the record are not as they were made: {named}.")


def test_references_that_nobody_looks_at_are_named(owner: Engine) -> None:
    tamper(owner, "ALTER TABLE recovery_code DISABLE TRIGGER ALL")
    assert "recovery_code" in rules(owner).says
    assert "(disabled)" in rules(owner).says


def test_the_dashboards_role_sees_it_too(granted: Engine) -> None:
    url = granted.url.set(username=ROLE).render_as_string(hide_password=False)
    app = open_engine(url)
    assert (rules(app).fine, rights(app).fine) == (True, True)
    tamper(granted, "ALTER TABLE claim DISABLE TRIGGER claim_unchanged")
    assert "claim_unchanged (disabled)" in rules(app).says
    app.dispose()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (f"GRANT DELETE ON patient TO {ROLE}", f"{ROLE} DELETE on patient"),
        (f"GRANT UPDATE (score) ON item_score TO {ROLE}", f"{ROLE} UPDATE on item_score"),
        (f"GRANT INSERT, TRIGGER ON erasing TO {ROLE}", f"{ROLE} INSERT on erasing, TRIGGER on erasing"),
        ("GRANT TRUNCATE ON audit_event TO PUBLIC", f"{ROLE} TRUNCATE on audit_event"),
    ],
)
def test_a_role_that_may_more_than_it_was_given_is_named_until_it_is_taken_back(
    granted: Engine, given: str, named: str
) -> None:
    assert rights(granted).fine
    tamper(granted, given)
    found = rights(granted)
    assert (found.fine, named in found.says) == (False, True)
    assert "`seventy migrate --grants ROLE`" in (found.do or "")
    tamper(granted, "REVOKE ALL ON audit_event FROM PUBLIC")
    grant(granted, ROLE)
    assert rights(granted).fine
