"""Whoever was signed in before sessions were renewed still is, and is renewed from then on."""

from models.store.accounts.account_events import door_digest
from models.store.accounts.sessions import Limits, prove_again, session_opened_with
from models.store.engine.database import writing
from models.store.moves.migrate import migrate, newest
from models.tables.columns import moment_number
from tests.models.store.moves.test_migrating import RECORDED_THEN, at_revision
from tests.support.builders import NOW, after
from tests.support.databases import connected
from tests.support.filled import in_columns_of, rows_of

OPEN, ENDED = "a" * 64, "b" * 64
_AT = moment_number(NOW)
_THEN = f"1, {_AT}, {_AT}, {_AT}, 'code', '::1', 'Firefox'"
_ACCOUNT = "id, clinic_id, username, username_key, name, role, sees_names, active, created_at"
SIGNED_IN_THEN = (
    f"account ({_ACCOUNT}) VALUES (1, 1, 'ada', 'ada', 'Ada', 'clinician', false, true, {_AT})",
    f"auth_session VALUES ('{OPEN}', {_THEN}, NULL), ('{ENDED}', {_THEN}, {_AT})",
)


def test_every_session_stays_as_it_was_and_the_open_one_can_be_renewed(database_url: str) -> None:
    with connected(database_url) as engine:
        with writing(engine) as connection:
            at_revision(connection, "0001")
            for row in RECORDED_THEN:
                connection.exec_driver_sql(f"INSERT INTO {row}")
            at_revision(connection, "0008")
            for row in SIGNED_IN_THEN:
                connection.exec_driver_sql(f"INSERT INTO {row}")
        before = {table: rows for table, rows in rows_of(engine).items() if rows and table != "audit_event"}
        done = migrate(engine, at=after(1))
        assert (done.before, done.after) == ("0008", newest())
        stands = in_columns_of(before, engine)
        assert {table: stands[table] for table in before} == before

        def opens(hashed: str) -> bool:
            return session_opened_with(engine, hashed, at=after(2), limits=Limits()) is not None

        assert (opens(OPEN), opens(ENDED)) == (True, False)
        assert prove_again(engine, OPEN, "code", address="::1", at=after(2))
        assert not opens(OPEN)


def test_an_event_from_before_vouches_for_a_session_that_was_never_renewed() -> None:
    of_then, of_now = (door_digest(1, "session_digests", row) for row in ((OPEN,), (OPEN, None)))
    assert of_then == of_now
