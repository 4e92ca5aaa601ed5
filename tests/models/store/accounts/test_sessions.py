"""A session lasts while its person does something, no longer than a day's work, and ends when it is ended."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.throttle import ACCOUNT
from models.access.tokens import token_hash
from models.store.accounts.failures import failures, forget_failures, note_failure
from models.store.accounts.sessions import (
    Ending,
    Limits,
    break_glass,
    end_session,
    end_sessions_of,
    ending_of,
    open_session,
    prove_again,
    session_of,
    session_opened_with,
    sessions_of,
    touch,
)
from models.store.accounts.staff import AccountError, add_account
from models.store.engine.asking import ask
from models.store.engine.database import reading
from models.store.trail.glass import elevations
from models.tables.facts import FactsError
from tests.support.builders import BY, NOW
from tests.support.tampering import tamper

LIMITS = Limits()
MINUTE = timedelta(minutes=1)


@pytest.fixture(name="account")
def _account(engine: Engine) -> int:
    return add_account(engine, "cy", "Cy", Role.MANAGER, by=BY, at=NOW).id


def signed_in(engine: Engine, account: int, at: timedelta = timedelta()) -> str:
    return open_session(
        engine, account, proved_by="password", address="10.0.0.9", browser="Firefox", at=NOW + at
    )


def test_a_session_is_found_by_the_hash_of_its_token_which_is_all_that_is_kept(
    engine: Engine, account: int
) -> None:
    token = signed_in(engine, account)
    found = session_of(engine, token_hash(token), at=NOW, limits=LIMITS)
    assert found is not None
    assert (found.account.username, found.address, found.browser) == ("cy", "10.0.0.9", "Firefox")
    with reading(engine) as connection:
        assert token not in str(ask(connection, "SELECT * FROM auth_session"))
    assert session_of(engine, token, at=NOW, limits=LIMITS) is None


def test_who_does_nothing_is_signed_out(engine: Engine, account: int) -> None:
    hashed = token_hash(signed_in(engine, account))
    assert session_of(engine, hashed, at=NOW + LIMITS.idle - MINUTE, limits=LIMITS)
    assert session_of(engine, hashed, at=NOW + LIMITS.idle, limits=LIMITS) is None
    touch(engine, hashed, at=NOW + LIMITS.idle - MINUTE)
    assert session_of(engine, hashed, at=NOW + LIMITS.idle, limits=LIMITS)


def test_nobody_stays_signed_in_for_ever(engine: Engine, account: int) -> None:
    hashed = token_hash(signed_in(engine, account))
    touch(engine, hashed, at=NOW + LIMITS.absolute - MINUTE)
    assert session_of(engine, hashed, at=NOW + LIMITS.absolute - MINUTE, limits=LIMITS)
    touch(engine, hashed, at=NOW + LIMITS.absolute)
    assert session_of(engine, hashed, at=NOW + LIMITS.absolute, limits=LIMITS) is None


def test_a_person_ends_one_session_or_all_but_their_own(engine: Engine, account: int) -> None:
    one, two, own = (token_hash(signed_in(engine, account, number * MINUTE)) for number in range(3))
    end_session(engine, one, at=NOW)
    assert {each.id for each in sessions_of(engine, account, at=NOW + MINUTE, limits=LIMITS)} == {
        two,
        own,
    }
    end_sessions_of(engine, account, at=NOW, but=own)
    assert [each.id for each in sessions_of(engine, account, at=NOW, limits=LIMITS)] == [own]


def test_a_sixth_browser_signs_the_oldest_out(engine: Engine, account: int) -> None:
    tokens = [token_hash(signed_in(engine, account, number * MINUTE)) for number in range(6)]
    found = sessions_of(engine, account, at=NOW + 6 * MINUTE, limits=LIMITS)
    assert [each.id for each in found] == tokens[:0:-1]


def test_whoever_signs_in_anew_again_and_again_elsewhere_stays_in_where_they_work(
    engine: Engine, account: int
) -> None:
    desk = token_hash(signed_in(engine, account))
    for minutes in range(0, 120, 10):
        touch(engine, desk, at=NOW + minutes * MINUTE)
        if minutes % 20 == 0:  # nothing is done there, and each session runs out
            signed_in(engine, account, minutes * MINUTE)
    assert session_of(engine, desk, at=NOW + 120 * MINUTE, limits=LIMITS)


def opens(engine: Engine, token: str | None) -> str | None:
    """The id of the session a browser with this cookie is in."""
    found = session_opened_with(engine, token_hash(token or ""), at=NOW + MINUTE, limits=LIMITS)
    return found.id if found else None


def test_a_proof_gives_the_session_another_token_and_the_one_before_opens_nothing(
    engine: Engine, account: int
) -> None:
    first, other = signed_in(engine, account), signed_in(engine, account)
    session, theirs = token_hash(first), token_hash(other)
    assert opens(engine, first) == session
    second = prove_again(engine, session, "code", address="::1", at=NOW)
    third = prove_again(engine, session, "code", address="::1", at=NOW)
    assert second is not None
    assert third is not None
    assert len({first, second, third}) == 3
    assert [opens(engine, token) for token in (first, second, third)] == [None, None, session]
    assert opens(engine, other) == theirs
    assert ending_of(engine, token_hash(second), at=NOW + LIMITS.idle, limits=LIMITS) is None
    assert ending_of(engine, token_hash(third), at=NOW + LIMITS.idle, limits=LIMITS) is Ending.IDLE
    assert {each.id for each in sessions_of(engine, account, at=NOW, limits=LIMITS)} == {session, theirs}


def test_so_does_breaking_the_glass(engine: Engine, account: int) -> None:
    first = signed_in(engine, account)
    _, second = break_glass(engine, token_hash(first), "A patient called in crisis", at=NOW)
    assert [opens(engine, token) for token in (first, second)] == [None, token_hash(first)]


def test_a_session_that_has_ended_is_not_renewed(engine: Engine, account: int) -> None:
    session = token_hash(signed_in(engine, account))
    end_session(engine, session, at=NOW)
    assert prove_again(engine, session, "code", address="::1", at=NOW) is None
    with pytest.raises(AccountError, match="signed out meanwhile"):
        break_glass(engine, session, "A patient called in crisis", at=NOW)
    assert elevations(engine, since=NOW) == []


def test_proving_again_is_kept(engine: Engine, account: int) -> None:
    hashed = token_hash(signed_in(engine, account))
    prove_again(engine, hashed, "code", address="::1", at=NOW + 5 * MINUTE)
    found = session_of(engine, hashed, at=NOW + 5 * MINUTE, limits=LIMITS)
    assert found is not None
    assert (found.proved_at, found.proved_by) == (NOW + 5 * MINUTE, "code")


@pytest.mark.parametrize(
    "reason", ["\u200b" * 12, "\u202e a  b \n\n\n\n\n\n\n", "A patient called\0", "x" * 1001]
)
def test_no_glass_is_broken_for_a_reason_that_nobody_can_read(
    engine: Engine, account: int, reason: str
) -> None:
    hashed = token_hash(signed_in(engine, account))
    with pytest.raises(FactsError, match="The reason"):
        break_glass(engine, hashed, reason, at=NOW)
    assert elevations(engine, since=NOW) == []


def test_the_glass_is_broken_for_an_hour_and_with_a_reason(engine: Engine, account: int) -> None:
    hashed = token_hash(signed_in(engine, account))
    with pytest.raises(FactsError, match="10 characters or more"):
        break_glass(engine, hashed, " too few ", at=NOW)
    until, _ = break_glass(engine, hashed, "A patient called in crisis", at=NOW)
    assert until == NOW + timedelta(hours=1)
    touch(engine, hashed, at=until - MINUTE)
    for moment, expected in ((until - MINUTE, until), (until, None)):
        found = session_of(engine, hashed, at=moment, limits=LIMITS)
        assert found is not None
        assert found.elevated_until == expected


def test_a_glass_broken_anew_after_a_clock_was_set_back_lasts_its_own_hour(
    engine: Engine, account: int
) -> None:
    hashed = token_hash(signed_in(engine, account))
    before = NOW - timedelta(hours=2)
    for moment in (NOW, before):
        break_glass(engine, hashed, "A patient called in crisis", at=moment)
    found = session_of(engine, hashed, at=before, limits=LIMITS)
    assert found is not None
    assert found.elevated_until == before + timedelta(hours=1)


def test_failures_are_counted_by_bucket_until_they_are_forgotten(engine: Engine) -> None:
    note_failure(engine, ["account cy", "address ::1"], at=NOW)
    note_failure(engine, ["account cy"], at=NOW + MINUTE)
    note_failure(engine, ["account cy at home", "account cyd at home"], at=NOW)
    assert failures(engine, "account cy", since=NOW) == [NOW, NOW + MINUTE]
    assert failures(engine, "account cy", since=NOW + MINUTE) == [NOW + MINUTE]
    forget_failures(engine, "account cy")
    assert failures(engine, "account cy", since=NOW) == []
    assert failures(engine, "account cy at home", since=NOW) == []
    assert failures(engine, "account cyd at home", since=NOW) == [NOW]
    assert failures(engine, "address ::1", since=NOW) == [NOW]
    note_failure(engine, ["account di"], at=NOW + ACCOUNT.remembered + MINUTE)
    assert failures(engine, "address ::1", since=NOW) == []  # nobody remembers it any more


def test_a_session_of_an_account_that_is_not_active_opens_nothing_though_nobody_ended_it(
    engine: Engine, account: int
) -> None:
    """Disabling one ends its sessions; who is let in rests on the account all the same."""
    hashed = token_hash(signed_in(engine, account))
    tamper(engine, "UPDATE account SET active = false")
    assert session_of(engine, hashed, at=NOW, limits=LIMITS) is None
    assert session_opened_with(engine, hashed, at=NOW, limits=LIMITS) is None
    assert sessions_of(engine, account, at=NOW, limits=LIMITS) == []
