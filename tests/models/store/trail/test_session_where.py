"""The browser and address of a session, by which its person tells on My account whether it is theirs."""

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.sessions import open_session, prove_again
from models.store.accounts.staff import add_account
from models.store.engine.database import writing
from models.store.trail.audit_check import verify
from tests.support.builders import BY, NOW, after


@pytest.mark.parametrize("change", ["address = '10.0.0.9'", "browser = 'the one at the desk'"])
def test_a_session_that_was_given_another_browser_or_address_is_found(engine: Engine, change: str) -> None:
    ada = add_account(engine, "ada", "Ada Able", Role.CLINICIAN, by=BY, at=NOW).id
    token = open_session(engine, ada, proved_by="code", address="::1", browser="b", at=after(1))
    prove_again(engine, token_hash(token), "code", address="10.0.0.7", at=after(2))
    assert verify(engine).is_well
    with writing(engine) as connection:
        connection.exec_driver_sql(f"UPDATE auth_session SET {change}")  # noqa: S608
    (found,) = verify(engine).findings
    assert found.words.startswith(
        "Account ada: an open session stands as of another browser or address than it began on; told by ada"
    )
