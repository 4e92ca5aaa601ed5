"""What was proved and then ended, while the password was read or the provider asked, opens nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from sqlalchemy import Engine

from dashboard.signin.door import NOT_PRESENT, NOT_PROVED, REFUSED
from dashboard.signin.places import PROVE
from models.access import passwords
from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts import identities
from models.store.accounts.doors import open_sessions
from models.store.accounts.factors import change_authenticator, credentials_of
from models.store.accounts.sessions import (
    Limits,
    break_glass,
    end_session,
    end_sessions_of,
    open_session,
    sessions_of,
)
from models.store.accounts.staff import add_account, change_account, change_password, new_setup_link
from models.store.engine.database import reading
from models.store.trail.audit_check import verify
from models.store.trail.entries import Wanted, entries
from tests.dashboard.signin.conftest import EMAIL, ISSUER, Clinic
from tests.support.builders import BY, NOW
from tests.support.way_in import CHEAP, HASH, PASSWORD, WayIn, ready_account

ADA = 1
ANOTHER = CHEAP.hash("eight tall mountains")
Change = Callable[[Engine], object]


def another_authenticator(engine: Engine) -> None:
    """Ada's, brought with a browser that stays signed in: the one there is, or one more."""
    found = [each.id for each in sessions_of(engine, ADA, at=NOW, limits=Limits())]
    given = {"proved_by": "code", "address": "::1", "browser": "b"}
    session = found[0] if found else token_hash(open_session(engine, ADA, at=NOW, **given))
    change_authenticator(engine, session, totp_secret="another", totp_step=0, at=NOW)


def signed_out_at_the_provider(engine: Engine) -> None:
    """Ada, who has not signed in yet, so that no session ends."""
    identities.end_sessions_of_identity(engine, ISSUER, "subject-1", at=NOW)


def glass_broken_elsewhere(engine: Engine) -> None:
    given = {"proved_by": "code", "address": "::1", "browser": "b"}
    session = token_hash(open_session(engine, ADA, at=NOW, **given))
    break_glass(engine, session, "covers for Bo today", at=NOW)


CHANGES: dict[str, Change] = {
    "reset": lambda engine: new_setup_link(engine, "ada", by=BY, at=NOW),
    "disabled": lambda engine: change_account(engine, "ada", by=BY, at=NOW, active=False),
    "password": lambda engine: change_password(engine, ADA, ANOTHER, at=NOW),
    "authenticator": another_authenticator,
    "signed out": lambda engine: end_sessions_of(engine, ADA, at=NOW),
    "glass": glass_broken_elsewhere,
}
STAYS: Final = ("authenticator", "glass")
"""Of these the browser they were done on stays signed in, and no other."""


@pytest.fixture(name="way")
def _way(engine: Engine) -> WayIn:
    assert ready_account(engine).id == ADA
    return WayIn(engine)


@contextmanager
def meanwhile(
    patch: pytest.MonkeyPatch, where: object, name: str, change: Callable[[], object]
) -> Iterator[None]:
    """Once, as soon as something was found to be right, it is changed."""
    real = getattr(where, name)

    def and_then(*given: object) -> object:
        found = real(*given)
        change()
        return found

    with patch.context() as patched:
        patched.setattr(where, name, and_then)
        yield


def opened(engine: Engine, account_id: int = ADA) -> int:
    """How many sessions of an account nobody ended."""
    with reading(engine) as connection:
        return len(open_sessions(connection, account_id))


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_who_signs_in_with_what_was_changed_meanwhile_is_refused_and_not_counted(
    engine: Engine, way: WayIn, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    with meanwhile(monkeypatch, passwords, "verify_password", lambda: CHANGES[what](engine)):
        answered = way.sign_in()
    assert (answered.status_code, REFUSED in answered.text) == (401, True)
    assert opened(engine) == (what in STAYS)
    assert entries(engine, Wanted(action="refuse sign-in")) == []
    assert verify(engine).findings == []


def test_who_proves_anew_with_an_authenticator_changed_meanwhile_is_refused(
    engine: Engine, way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert way.sign_in().status_code == 303
    way.clock.forward(minutes=10)
    kept = way.browser.cookies["seventy"]
    with meanwhile(monkeypatch, passwords, "verify_password", lambda: another_authenticator(engine)):
        answered = way.post(PROVE, password=PASSWORD, code=way.code())
    assert (answered.status_code, NOT_PROVED in answered.text) == (401, True)
    assert way.browser.cookies["seventy"] == kept
    (session,) = sessions_of(engine, ADA, at=way.clock(), limits=Limits())
    assert session.proved_at == NOW


@pytest.mark.parametrize("what", ["disabled", "password", "reset"])
def test_a_password_chosen_while_the_present_one_was_changed_is_not_kept(
    engine: Engine, way: WayIn, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    assert way.sign_in().status_code == 303
    chosen = dict.fromkeys(("password", "again"), "nine tall mountains")
    with meanwhile(monkeypatch, passwords, "verify_password", lambda: CHANGES[what](engine)):
        answered = way.post("/account/password", present=PASSWORD, **chosen)
    assert NOT_PRESENT in answered.text
    found = credentials_of(engine, "ada")
    assert found is not None
    assert found.password_hash == {"disabled": HASH, "password": ANOTHER, "reset": None}[what]


@pytest.mark.parametrize(
    "change",
    [
        lambda engine: new_setup_link(engine, EMAIL, by=BY, at=NOW),
        lambda engine: change_account(engine, EMAIL, by=BY, at=NOW, active=False),
        lambda engine: identities.link(engine, EMAIL, ISSUER, "subject-2", by=BY, at=NOW),
        signed_out_at_the_provider,
    ],
    ids=["reset", "disabled", "linked to another", "signed out there"],
)
def test_whom_the_provider_knows_is_refused_once_that_opens_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    ada = add_account(engine, EMAIL, "Ada Able", Role.CLINICIAN, by=BY, at=NOW).id
    identities.link(engine, EMAIL, ISSUER, "subject-1", by=BY, at=NOW)
    clinic = Clinic(engine)
    with meanwhile(monkeypatch, identities, "account_of_identity", lambda: change(engine)), clinic.browser:
        assert clinic.sign_in().status_code == 401
    assert opened(engine, ada) == 0


def test_one_browser_that_signs_out_keeps_nobody_out_who_signs_in_on_another(
    engine: Engine, way: WayIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = open_session(engine, ADA, proved_by="code", address="::1", browser="b", at=NOW)
    with meanwhile(
        monkeypatch, passwords, "verify_password", lambda: end_session(engine, token_hash(token), at=NOW)
    ):
        assert way.sign_in().status_code == 303
    assert opened(engine) == 1


def test_who_was_signed_out_before_signs_in_again_at_once(engine: Engine, way: WayIn) -> None:
    assert way.sign_in().status_code == 303
    end_sessions_of(engine, ADA, at=NOW)
    way.clock.forward(minutes=1)
    assert way.sign_in().status_code == 303
