"""Who somebody is at an identity provider: issuer and subject, linked once by e-mail or by hand."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.account_events import door_digest
from models.store.accounts.identities import account_of_identity, end_sessions_of_identity, first_link, link
from models.store.accounts.sessions import Limits, open_session, session_of
from models.store.accounts.staff import AccountError, add_account, change_account
from models.store.trail.entries import Wanted, entries
from tests.support.builders import BY, NOW

ISSUER = "https://id.clinic.example"
OTHER = "https://id.elsewhere.example"
EMAIL = "ada@clinic.example"


def added(engine: Engine, username: str = EMAIL) -> int:
    return add_account(engine, username, "Ada Able", Role.CLINICIAN, by=BY, at=NOW).id


def signed_in(engine: Engine, account_id: int) -> str:
    opened = open_session(engine, account_id, proved_by="provider", address="::1", browser="b", at=NOW)
    return token_hash(opened)


def is_open(engine: Engine, hashed: str) -> bool:
    return session_of(engine, hashed, at=NOW + timedelta(seconds=1), limits=Limits()) is not None


def test_nobody_is_linked_at_first(engine: Engine) -> None:
    added(engine)
    assert account_of_identity(engine, ISSUER, "s1") is None


@pytest.mark.parametrize("email", [EMAIL, "Ada@Clinic.Example"])
def test_the_first_link_is_to_the_account_called_like_the_email(engine: Engine, email: str) -> None:
    ada = added(engine)
    assert first_link(engine, ISSUER, "s1", email, at=NOW) == ada
    assert account_of_identity(engine, ISSUER, "s1") == ada
    assert account_of_identity(engine, OTHER, "s1") is None
    assert account_of_identity(engine, ISSUER, "S1") is None


@pytest.mark.parametrize(
    "email", ["bob@clinic.example", "ada", "", "ａda@clinic.example", "ada@\N{KELVIN SIGN}linic.example"]
)
def test_another_email_links_nobody(engine: Engine, email: str) -> None:
    added(engine)
    added(engine, "ada@klinic.example")
    assert first_link(engine, ISSUER, "s1", email, at=NOW) is None
    assert account_of_identity(engine, ISSUER, "s1") is None


def test_the_same_email_under_another_subject_is_somebody_else(engine: Engine) -> None:
    ada = added(engine)
    first_link(engine, ISSUER, "s1", EMAIL, at=NOW)
    assert first_link(engine, ISSUER, "s2", EMAIL, at=NOW) is None
    assert account_of_identity(engine, ISSUER, "s2") is None
    assert account_of_identity(engine, ISSUER, "s1") == ada


def test_a_subject_keeps_its_account_when_its_email_becomes_that_of_another(engine: Engine) -> None:
    ada = added(engine)
    added(engine, "bob@clinic.example")
    first_link(engine, ISSUER, "s1", EMAIL, at=NOW)
    assert first_link(engine, ISSUER, "s1", "bob@clinic.example", at=NOW) == ada


def test_a_disabled_account_is_not_opened_nor_linked(engine: Engine) -> None:
    added(engine)
    change_account(engine, EMAIL, by=BY, at=NOW, active=False)
    assert first_link(engine, ISSUER, "s1", EMAIL, at=NOW) is None
    change_account(engine, EMAIL, by=BY, at=NOW, active=True)
    first_link(engine, ISSUER, "s1", EMAIL, at=NOW)
    change_account(engine, EMAIL, by=BY, at=NOW, active=False)
    assert account_of_identity(engine, ISSUER, "s1") is None
    assert first_link(engine, ISSUER, "s1", EMAIL, at=NOW) is None


def test_an_administrator_links_any_name_and_the_earlier_subject_opens_nothing(engine: Engine) -> None:
    ada = added(engine, "ada")
    hashed = signed_in(engine, ada)
    link(engine, "Ada", ISSUER, "s1", by=BY, at=NOW)
    assert account_of_identity(engine, ISSUER, "s1") == ada
    assert not is_open(engine, hashed)
    link(engine, "ada", OTHER, "s1", by=BY, at=NOW)
    link(engine, "ada", ISSUER, "s2", by=BY, at=NOW)
    found = [account_of_identity(engine, *who) for who in ((ISSUER, "s1"), (ISSUER, "s2"), (OTHER, "s1"))]
    assert found == [None, ada, ada]


def test_the_trail_is_told_who_was_linked_where_and_not_as_whom(engine: Engine) -> None:
    ada = added(engine)
    first_link(engine, ISSUER, "s1", EMAIL, at=NOW)
    (entry,) = entries(engine, Wanted(action="link account"))
    told = json.loads(entry.detail)
    assert (entry.by, entry.subject, told["issuer"]) == (EMAIL, f"account {ada}", ISSUER)
    digest = door_digest(ada, "link_digests", (ISSUER, "s1"))
    assert told["credentials"] == {f"account {ada}": {"link_digests": [digest]}}
    assert "s1" not in entry.detail


def test_a_link_that_cannot_be_is_refused_in_words(engine: Engine) -> None:
    ada = added(engine, "ada")
    added(engine, "bob")
    link(engine, "ada", ISSUER, "s1", by=BY, at=NOW)
    with pytest.raises(AccountError, match="linked to another account already"):
        link(engine, "bob", ISSUER, "s1", by=BY, at=NOW)
    with pytest.raises(AccountError, match="There is no account 'eve'"):
        link(engine, "eve", ISSUER, "s9", by=BY, at=NOW)
    with pytest.raises(AccountError, match="needs an issuer and a subject"):
        link(engine, "bob", ISSUER, "  ", by=BY, at=NOW)
    assert account_of_identity(engine, ISSUER, "s1") == ada


def test_signing_out_at_the_provider_ends_the_sessions_of_that_subject_only(engine: Engine) -> None:
    ada, bob = added(engine, "ada"), added(engine, "bob")
    link(engine, "ada", ISSUER, "s1", by=BY, at=NOW)
    link(engine, "bob", ISSUER, "s2", by=BY, at=NOW)
    adas, bobs = signed_in(engine, ada), signed_in(engine, bob)
    end_sessions_of_identity(engine, OTHER, "s1", at=NOW)
    assert is_open(engine, adas)
    end_sessions_of_identity(engine, ISSUER, "s1", at=NOW)
    assert not is_open(engine, adas)
    assert is_open(engine, bobs)
