"""Who could still enter, and what lets nobody in any more: by password, through a provider, or by neither."""

import json

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.store.accounts.doors import Doors, lock_every_door
from models.store.accounts.identities import account_of_identity, first_link, link, linked_at
from models.store.accounts.sessions import Limits, open_session, sessions_of
from models.store.accounts.staff import (
    AccountError,
    account_of_link,
    add_account,
    administrators_who_enter,
    change_account,
    finish_setup,
    new_setup_link,
)
from models.store.trail.entries import entries
from tests.support.builders import BY, NOW

HERE, ELSEWHERE = "https://id.clinic.example", "https://id.elsewhere.example"


def administrator(engine: Engine, username: str, *ways: str) -> int:
    """An administrator who has a password, or a link at a provider, or both."""
    account = add_account(engine, username, username.title(), Role.ADMINISTRATOR, by=BY, at=NOW)
    if "password" in ways:
        chosen = {"password_hash": "p", "totp_secret": "t", "totp_step": 0, "code_hashes": []}
        token = new_setup_link(engine, username, by=BY, at=NOW)
        finish_setup(engine, token, at=NOW, **chosen)  # type: ignore[arg-type]
    for issuer in set(ways) - {"password"}:
        link(engine, username, issuer, f"subject of {username}", by=BY, at=NOW)
    return account.id


BOTH, PASSWORDS, PROVIDER = Doors(issuer=HERE), Doors(), Doors(passwords=False, issuer=HERE)


@pytest.mark.parametrize(
    ("other", "doors", "stays"),
    [
        ("password", None, False),
        ("password", PASSWORDS, False),
        ("password", BOTH, False),
        ("password", PROVIDER, True),
        (HERE, None, False),
        (HERE, PASSWORDS, True),
        (HERE, BOTH, False),
        (HERE, PROVIDER, False),
        (ELSEWHERE, None, False),
        (ELSEWHERE, PASSWORDS, True),
        (ELSEWHERE, BOTH, True),
        (ELSEWHERE, PROVIDER, True),
    ],
)
def test_the_last_administrator_who_can_enter_where_it_is_served_stays(
    engine: Engine, other: str, doors: Doors | None, *, stays: bool
) -> None:
    administrator(engine, "ada", "password", HERE)
    administrator(engine, "eve", other)
    if not stays:
        change_account(engine, "ada", by=BY, at=NOW, active=False, doors=doors)
        return
    with pytest.raises(AccountError, match="'ada' is the last administrator who can sign in"):
        change_account(engine, "ada", by=BY, at=NOW, active=False, doors=doors)
    assert "ada" in [each.username for each in administrators_who_enter(engine, doors or BOTH)]


def test_one_who_cannot_enter_there_keeps_nobody(engine: Engine) -> None:
    administrator(engine, "ada", HERE)
    administrator(engine, "eve", "password")
    change_account(engine, "eve", by=BY, at=NOW, role=Role.AUDITOR, doors=PROVIDER)
    with pytest.raises(AccountError, match="last administrator"):
        change_account(engine, "ada", by=BY, at=NOW, active=False, doors=PROVIDER)


def test_a_new_link_takes_the_links_to_providers_back_and_tells_it(engine: Engine) -> None:
    ada = administrator(engine, "ada@clinic.example", "password", HERE, ELSEWHERE)
    administrator(engine, "eve", HERE)
    assert linked_at(engine, "ada@clinic.example") == [HERE, ELSEWHERE]
    new_setup_link(engine, "ada@clinic.example", by=BY, at=NOW)
    assert linked_at(engine, "ada@clinic.example") == []
    assert account_of_identity(engine, HERE, "subject of ada@clinic.example") is None
    assert linked_at(engine, "eve") == [HERE]
    assert json.loads(entries(engine)[0].detail)["unlinked"] == [HERE, ELSEWHERE]
    assert first_link(engine, HERE, "another subject", "ada@clinic.example", at=NOW) == ada


def test_a_record_of_an_earlier_day_lets_nobody_in_whom_it_let_in_then(engine: Engine) -> None:
    ada = administrator(engine, "ada", "password", HERE)
    token = new_setup_link(engine, "ada", by=BY, at=NOW)
    link(engine, "ada", HERE, "subject of ada", by=BY, at=NOW)
    open_session(engine, ada, proved_by="code", address="::1", browser="b", at=NOW)
    assert lock_every_door(engine, at=NOW) == [HERE]
    assert account_of_link(engine, token, at=NOW) is None
    assert account_of_identity(engine, HERE, "subject of ada") is None
    assert sessions_of(engine, ada, at=NOW, limits=Limits()) == []
    assert lock_every_door(engine, at=NOW) == []
