"""Accounts are added, set up once behind a link, changed and disabled; who is signed in notices at once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.factors import credentials_of, recovery_hashes, take_step, use_recovery_code
from models.store.accounts.sessions import Limits, open_session, session_of
from models.store.accounts.staff import (
    AccountError,
    account_named,
    account_of_link,
    accounts,
    add_account,
    change_account,
    change_password,
    finish_setup,
    new_setup_link,
)
from models.store.engine.asking import tell
from models.store.engine.database import writing
from models.store.engine.errors import RefusedError
from models.store.trail.entries import entries
from tests.support.builders import BY, NOW, after, named_before

LIMITS = Limits()


def added(
    engine: Engine, username: str = "ada", role: Role = Role.ADMINISTRATOR, *, ready: bool = True
) -> int:
    account = add_account(engine, username, "Ada Able", role, by=BY, at=NOW)
    if ready:
        token = new_setup_link(engine, username, by=BY, at=NOW)
        set_up(engine, token)
    return account.id


def set_up(engine: Engine, token: str, codes: tuple[str, ...] = ()) -> None:
    chosen = {"password_hash": "hash", "totp_secret": "sealed", "totp_step": 7}
    finish_setup(engine, token, code_hashes=list(codes), at=after(1), **chosen)


def signed_in(engine: Engine, account_id: int) -> str:
    return token_hash(
        open_session(engine, account_id, proved_by="password", address="::1", browser="b", at=NOW)
    )


def test_a_new_record_has_no_account(engine: Engine) -> None:
    assert accounts(engine) == []


def test_a_new_account_waits_for_its_link(engine: Engine) -> None:
    added(engine, ready=False)
    (account,) = accounts(engine)
    assert (account.username, account.role, account.active, account.ready) == (
        "ada",
        Role.ADMINISTRATOR,
        True,
        False,
    )


@pytest.mark.parametrize("same", ["ada", "ADA", "\N{FULLWIDTH LATIN SMALL LETTER A}da"])
def test_no_two_names_look_alike(engine: Engine, same: str) -> None:
    added(engine, ready=False)
    with pytest.raises(AccountError, match="already"):
        add_account(engine, same, "Another", Role.CLINICIAN, by=BY, at=NOW)


@pytest.mark.parametrize("username", ["", "  ", " ada", "two words", "ad\N{ZERO WIDTH SPACE}a", "x" * 65])
def test_a_name_that_cannot_be_typed_is_refused(engine: Engine, username: str) -> None:
    with pytest.raises(AccountError, match="user name has 1 to 64"):
        add_account(engine, username, "Somebody", Role.CLINICIAN, by=BY, at=NOW)
    assert accounts(engine) == []


def test_a_name_is_kept_as_it_was_typed_and_composed(engine: Engine) -> None:
    add_account(engine, "Zoe\N{COMBINING DIAERESIS}", "Zoë", Role.CLINICIAN, by=BY, at=NOW)
    assert [account.username for account in accounts(engine)] == ["Zoë"]


def test_who_has_an_odd_name_from_before_keeps_it(engine: Engine) -> None:
    odd = "ad\N{ZERO WIDTH SPACE}a/bo"
    named_before(engine, odd, "Ada", Role.ADMINISTRATOR, by=BY, at=NOW)
    set_up(engine, new_setup_link(engine, odd, by=BY, at=NOW))
    found = credentials_of(engine, odd.upper())
    assert found is not None
    assert (found.account.username, found.account.ready) == (odd, True)
    assert change_account(engine, odd, by=BY, at=NOW, sees_names=True).username == odd


def test_the_right_to_names_is_a_managers(engine: Engine) -> None:
    with pytest.raises(AccountError, match="practice manager"):
        add_account(engine, "bo", "Bo", Role.AUDITOR, by=BY, at=NOW, sees_names=True)
    assert add_account(engine, "bo", "Bo", Role.MANAGER, by=BY, at=NOW, sees_names=True).sees_names
    assert not change_account(engine, "bo", by=BY, at=NOW, role=Role.CLINICIAN).sees_names


def test_a_link_works_once(engine: Engine) -> None:
    added(engine, ready=False)
    token = new_setup_link(engine, "ADA", by=BY, at=NOW)
    assert account_of_link(engine, token, at=NOW) is not None
    set_up(engine, token)
    assert account_of_link(engine, token, at=NOW) is None
    with pytest.raises(AccountError, match="used already"):
        set_up(engine, token)
    found = credentials_of(engine, "Ada")
    assert found is not None
    assert (found.password_hash, found.totp_secret, found.totp_last_step) == ("hash", "sealed", 7)
    assert found.account.ready


def test_a_link_expires_and_a_new_one_ends_the_one_before(engine: Engine) -> None:
    added(engine, ready=False)
    first = new_setup_link(engine, "ada", by=BY, at=NOW)
    assert account_of_link(engine, first, at=NOW + timedelta(hours=24, seconds=-1)) is not None
    assert account_of_link(engine, first, at=NOW + timedelta(hours=24)) is None
    second = new_setup_link(engine, "ada", by=BY, at=NOW)
    assert account_of_link(engine, first, at=NOW) is None
    assert account_of_link(engine, second, at=NOW) is not None
    assert account_of_link(engine, "made up", at=NOW) is None


def test_a_reset_lets_nobody_in_with_what_they_had(engine: Engine) -> None:
    hashed = signed_in(engine, added(engine))
    new_setup_link(engine, "ada", by=BY, at=NOW)
    found = credentials_of(engine, "ada")
    assert found is not None
    assert (found.password_hash, found.totp_secret) == (None, None)
    assert session_of(engine, hashed, at=NOW, limits=LIMITS) is None


@pytest.mark.parametrize(("ready", "cleared"), [(False, "nothing"), (True, "password, authenticator")])
def test_what_a_reset_cleared_is_told(engine: Engine, cleared: str, *, ready: bool) -> None:
    account = added(engine, ready=ready)
    if ready:
        signed_in(engine, account)
    change_account(engine, "ada", by=BY, at=NOW, active=True)
    new_setup_link(engine, "ada", by=BY, at=NOW)
    link, change = (json.loads(entry.detail) for entry in entries(engine)[:2])
    assert (change["sessions ended"], link["cleared"]) == (int(ready), cleared)


def test_a_step_of_the_second_factor_is_taken_once(engine: Engine) -> None:
    account = added(engine)
    assert not take_step(engine, account, 7, at=NOW)
    assert take_step(engine, account, 8, at=NOW)
    assert not take_step(engine, account, 8, at=NOW)
    assert not take_step(engine, account, 6, at=NOW)


def test_a_recovery_code_is_used_once(engine: Engine) -> None:
    account = added(engine, ready=False)
    set_up(engine, new_setup_link(engine, "ada", by=BY, at=NOW), codes=("one", "two"))
    assert sorted(recovery_hashes(engine, account)) == ["one", "two"]
    assert use_recovery_code(engine, "one", at=NOW)
    assert not use_recovery_code(engine, "one", at=NOW)
    assert recovery_hashes(engine, account) == ["two"]


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.AUDITOR}, {"sees_names": True}])
def test_a_change_signs_its_person_out(engine: Engine, change: dict[str, object]) -> None:
    added(engine)
    account = added(engine, "bo", Role.MANAGER)
    hashed = signed_in(engine, account)
    assert session_of(engine, hashed, at=NOW, limits=LIMITS) is not None
    change_account(engine, "bo", by=BY, at=NOW, **change)  # type: ignore[arg-type]
    assert session_of(engine, hashed, at=NOW, limits=LIMITS) is None


def test_a_new_password_signs_its_person_out(engine: Engine) -> None:
    account = added(engine)
    hashed = signed_in(engine, account)
    change_password(engine, account, "another", at=NOW)
    assert session_of(engine, hashed, at=NOW, limits=LIMITS) is None


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.CLINICIAN}])
def test_the_last_administrator_stays(engine: Engine, change: dict[str, object]) -> None:
    added(engine)
    add_account(engine, "eve", "Eve", Role.ADMINISTRATOR, by=BY, at=NOW)  # cannot sign in yet
    with pytest.raises(AccountError, match="last administrator"):
        change_account(engine, "ada", by=BY, at=NOW, **change)  # type: ignore[arg-type]
    added(engine, "bo")
    change_account(engine, "ada", by=BY, at=NOW, **change)  # type: ignore[arg-type]


def test_an_account_is_never_deleted(engine: Engine) -> None:
    added(engine)
    with pytest.raises(RefusedError), writing(engine) as connection:
        tell(connection, "DELETE FROM account")


def test_a_name_nobody_has_is_said(engine: Engine) -> None:
    with pytest.raises(AccountError, match="no account 'nobody'"):
        change_account(engine, "nobody", by=BY, at=NOW + timedelta(1), active=False)
    assert credentials_of(engine, "nobody") is None


@pytest.mark.parametrize("username", ["a\0da", "\0", "ad\ud800a", "ada\udcff"])
def test_what_no_database_can_keep_is_nobodys_name(engine: Engine, username: str) -> None:
    add_account(engine, "ada", "Ada", Role.CLINICIAN, by=BY, at=NOW)
    assert credentials_of(engine, username) is None
    with pytest.raises(AccountError, match="There is no account"):
        account_named(engine, username)
