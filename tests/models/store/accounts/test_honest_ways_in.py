"""Whatever honest people do at the door, in whatever order and by whatever clock, nothing is found."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.doors import lock_every_door
from models.store.accounts.factors import (
    change_authenticator,
    make_recovery_codes,
    take_step,
    use_recovery_code,
)
from models.store.accounts.identities import first_link, link
from models.store.accounts.sessions import (
    break_glass,
    end_session,
    end_sessions_of,
    open_session,
    prove_again,
    touch,
)
from models.store.accounts.staff import (
    add_account,
    change_account,
    change_password,
    finish_setup,
    new_setup_link,
)
from models.store.backups.proving import prove
from models.store.engine.errors import StoreError
from tests.support.builders import BY, NOW, after

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("ada", "eve")
ISSUER = "https://login.example"


def signed_in(engine: Engine, account_id: int, at: datetime) -> str:
    """The id of a session."""
    given = {"proved_by": "password", "address": "::1", "browser": "b"}
    return token_hash(open_session(engine, account_id, at=at, **given))


class People:
    """Two managers who may do anything at any time; what is refused them changes nothing."""

    def __init__(self, engine: Engine, dice: Random) -> None:
        self._engine, self._dice = engine, dice
        self._sessions = [""]
        self._codes, self._links = [""], [""]
        for username in NAMES:
            add_account(engine, username, username.title(), Role.MANAGER, by=BY, at=NOW)

    def do(self, at: datetime) -> None:
        """Something."""
        pick, on = self._dice.choice, self._engine
        username, session, subject = pick(NAMES), pick(self._sessions), f"s{pick((1, 2, 3))}"
        account_id, step = NAMES.index(username) + 1, pick(range(100))
        codes = [token_hash(f"{at}{number}") for number in range(3)]
        ways: list[Callable[[], object]] = [
            lambda: self._sessions.append(signed_in(on, account_id, at)),
            lambda: self._sessions.append(signed_in(on, account_id, at)),
            partial(touch, on, session, at=at),
            partial(take_step, on, account_id, step, at=at),
            partial(change_password, on, account_id, f"password {at}", at=at),
            partial(end_sessions_of, on, account_id, at=at),
            partial(change_account, on, username, active=pick((True, True, False)), by=BY, at=at),
            partial(change_account, on, username, sees_names=pick((True, False)), by=BY, at=at),
            partial(link, on, username, ISSUER, subject, by=BY, at=at),
            partial(first_link, on, ISSUER, subject, username, at=at),
            partial(use_recovery_code, on, pick(self._codes), at=at),
            lambda: self._links.append(new_setup_link(on, username, by=BY, at=at)),
            lambda: self._set_up(pick(self._links), step, codes, at),
        ]
        if session:
            ways += [
                partial(prove_again, on, session, "password", address="::1", at=at),
                partial(break_glass, on, session, "a fall in the hall", at=at),
                partial(end_session, on, session, at=at),
                partial(change_authenticator, on, session, totp_secret=f"s {at}", totp_step=step, at=at),
                lambda: self._make_codes(session, codes, at),
            ]
        try:
            pick(ways)()
        except StoreError:
            return

    def _set_up(self, token: str, step: int, codes: list[str], at: datetime) -> None:
        chosen = {"password_hash": f"p {at}", "totp_secret": f"t {at}", "totp_step": step}
        finish_setup(self._engine, token, code_hashes=codes, at=at, **chosen)  # type: ignore[arg-type]
        self._codes += codes

    def _make_codes(self, session: str, codes: list[str], at: datetime) -> None:
        make_recovery_codes(self._engine, session, codes, at=at)
        self._codes += codes


def found(engine: Engine, folder: Path, at: datetime) -> list[str]:
    return [finding.words for finding in prove(engine, folder=folder, at=at).findings]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_honest_is_found(engine: Engine, tmp_path: Path, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    people, at, latest = People(engine, dice), NOW, NOW
    for done in range(60):
        back = timedelta(minutes=30) if seed % 2 and dice.random() < 0.1 else timedelta()
        at += timedelta(seconds=dice.choice((1, 20, 200, 2000)), microseconds=done) - back
        latest = max(latest, at)
        people.do(at)
        assert found(engine, tmp_path, latest) == []


@pytest.mark.parametrize("by", ["themselves", "everywhere", "a restore"])
def test_who_is_signed_out_by_a_clock_that_went_back_was_not_there_after_it(
    engine: Engine, tmp_path: Path, by: str
) -> None:
    add_account(engine, "ada", "Ada Able", Role.CLINICIAN, by=BY, at=NOW)
    session = signed_in(engine, 1, NOW)
    touch(engine, session, at=after(9))
    if by == "themselves":
        end_session(engine, session, at=after(2))
    elif by == "everywhere":
        end_sessions_of(engine, 1, at=after(2))
    else:
        lock_every_door(engine, at=after(2))
    assert found(engine, tmp_path, after(10)) == []


def test_what_is_done_in_a_session_once_it_has_ended_counts_for_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    add_account(engine, "ada", "Ada Able", Role.CLINICIAN, by=BY, at=NOW)
    session = signed_in(engine, 1, NOW)
    end_session(engine, session, at=after(2))
    touch(engine, session, at=after(9))
    assert found(engine, tmp_path, after(10)) == []
