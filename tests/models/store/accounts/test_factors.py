"""Somebody signed in makes other recovery codes and brings another authenticator; both are told."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.factors import (
    change_authenticator,
    credentials_of,
    make_recovery_codes,
    recovery_hashes,
    take_step,
)
from models.store.accounts.sessions import Limits, end_session, open_session, session_of
from models.store.accounts.staff import AccountError, add_account, finish_setup, new_setup_link
from models.store.trail.audit_check import verify
from models.store.trail.entries import entries
from tests.support.builders import BY, NOW, after
from tests.support.tampering import tamper

LIMITS = Limits()
NEW = {"totp_secret": "v1.new", "totp_step": 9}


def account_of(engine: Engine, username: str) -> int:
    account = add_account(engine, username, username.title(), Role.CLINICIAN, by=BY, at=NOW)
    token = new_setup_link(engine, username, by=BY, at=NOW)
    chosen = {"password_hash": "hash", "totp_secret": "v1.old", "totp_step": 7}
    codes = [f"first of {username}", f"second of {username}"]
    finish_setup(engine, token, code_hashes=codes, at=after(1), **chosen)  # type: ignore[arg-type]
    return account.id


def signed_in(engine: Engine, account_id: int) -> str:
    token = open_session(engine, account_id, proved_by="code", address="::1", browser="b", at=after(2))
    return token_hash(token)


@pytest.fixture(name="staff")
def _staff(engine: Engine) -> Engine:
    """Ada and eve, account 1 and 2."""
    for username in ("ada", "eve"):
        account_of(engine, username)
    return engine


def test_the_codes_before_are_gone_and_nobody_elses_are(staff: Engine) -> None:
    make_recovery_codes(staff, signed_in(staff, 1), ["another", "one more", "a third"], at=after(3))
    assert sorted(recovery_hashes(staff, 1)) == ["a third", "another", "one more"]
    assert sorted(recovery_hashes(staff, 2)) == ["first of eve", "second of eve"]


def test_codes_are_told_by_their_number_alone(staff: Engine) -> None:
    make_recovery_codes(staff, signed_in(staff, 1), ["another", "one more"], at=after(3))
    newest = entries(staff)[0]
    assert (newest.by, newest.action, newest.subject) == ("ada", "make recovery codes", "account 1")
    assert json.loads(newest.detail)["made"] == 2
    assert "another" not in newest.detail
    assert verify(staff).findings == []


def test_another_authenticator_counts_from_its_first_code_on(staff: Engine) -> None:
    change_authenticator(staff, signed_in(staff, 1), at=after(3), **NEW)  # type: ignore[arg-type]
    found = credentials_of(staff, "ada")
    assert found is not None
    assert (found.totp_secret, found.totp_last_step) == ("v1.new", 9)
    assert not take_step(staff, 1, 9, at=NOW)
    assert take_step(staff, 1, 10, at=NOW)
    assert sorted(recovery_hashes(staff, 1)) == ["first of ada", "second of ada"]


def test_whoever_else_is_signed_in_as_them_is_out(staff: Engine) -> None:
    here, there, eves = signed_in(staff, 1), signed_in(staff, 1), signed_in(staff, 2)
    change_authenticator(staff, here, at=after(3), **NEW)  # type: ignore[arg-type]
    open_ones = [session_of(staff, each, at=after(3), limits=LIMITS) for each in (here, there, eves)]
    assert [each is not None for each in open_ones] == [True, False, True]
    newest = entries(staff)[0]
    assert (newest.by, newest.action) == ("ada", "change authenticator")
    assert json.loads(newest.detail)["sessions ended"] == 1
    assert "v1.new" not in newest.detail


def test_another_authenticator_put_in_afterwards_is_found_out(staff: Engine) -> None:
    change_authenticator(staff, signed_in(staff, 1), at=after(3), **NEW)  # type: ignore[arg-type]
    assert verify(staff).findings == []
    tamper(staff, "UPDATE account SET totp_secret = 'v1.old' WHERE id = 1")
    (finding,) = verify(staff).findings
    assert "Account ada: its authenticator was changed behind the trail's back" in finding.words


@pytest.mark.parametrize(
    "change",
    [
        lambda engine, session: make_recovery_codes(engine, session, ["another"], at=after(5)),
        lambda engine, session: change_authenticator(engine, session, at=after(5), **NEW),
    ],
)
@pytest.mark.parametrize(
    "out",
    [
        lambda engine, session: end_session(engine, session, at=after(4)),
        lambda engine, _session: new_setup_link(engine, "ada", by=BY, at=after(4)),
    ],
)
def test_whoever_was_signed_out_meanwhile_changes_nothing(
    staff: Engine, change: Callable[[Engine, str], None], out: Callable[[Engine, str], object]
) -> None:
    session = signed_in(staff, 1)
    out(staff, session)
    before = (credentials_of(staff, "ada"), recovery_hashes(staff, 1), len(entries(staff)))
    with pytest.raises(AccountError, match="signed out meanwhile; nothing was changed"):
        change(staff, session)
    assert (credentials_of(staff, "ada"), recovery_hashes(staff, 1), len(entries(staff))) == before
