"""A session that nobody signed in to, put into the record or opened again behind its rules, is found."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.doors import open_sessions
from models.store.accounts.sessions import (
    MOST_AT_ONCE,
    break_glass,
    end_session,
    end_sessions_of,
    open_session,
    prove_again,
    touch,
)
from models.store.accounts.staff import add_account, change_account, change_password, new_setup_link
from models.store.audit.events import Event, note
from models.store.backups.proving import prove
from models.store.engine.database import reading, writing
from models.store.engine.errors import RefusedError
from models.store.trail.audit_check import verify
from models.store.trail.session_check import seen_amiss
from models.tables.columns import moment_number
from tests.support.builders import BY, NOW, after

SESSION = "an open session stands here that no event tells of; last told"
PLANTED = token_hash("planted")


@pytest.fixture(name="staff")
def _staff(engine: Engine) -> Engine:
    """Accounts 1 and 2: ada and eve."""
    for username in ("ada", "eve"):
        add_account(engine, username, username.title(), Role.CLINICIAN, by=BY, at=NOW)
    return engine


def sign_in(engine: Engine, account_id: int = 1, minutes: int = 1) -> str:
    """The hash of the session's token."""
    at = after(minutes)
    return token_hash(
        open_session(engine, account_id, proved_by="password", address="::1", browser="b", at=at)
    )


def behind_the_rules(engine: Engine, sql: str) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql(sql)


def plant(engine: Engine) -> None:
    row = f"('{PLANTED}', 1, 1, 1, 1, 'password', '::1', 'b', NULL, NULL)"
    behind_the_rules(engine, f"INSERT INTO auth_session VALUES {row}")  # noqa: S608


def words(engine: Engine) -> list[str]:
    return [finding.words for finding in verify(engine).findings]


def found(engine: Engine) -> bool:
    said = words(engine)
    return len(said) == 1 and said[0].startswith(f"Account ada: {SESSION}")


@pytest.mark.parametrize("first", [True, False], ids=["nobody signed in before", "somebody did"])
def test_a_session_put_in_is_found_and_no_honest_one_covers_it_up(staff: Engine, *, first: bool) -> None:
    if not first:
        sign_in(staff)
    plant(staff)
    assert found(staff)
    sign_in(staff, minutes=2)
    assert found(staff)


def test_a_session_put_in_that_somebody_then_ended_stays_found(staff: Engine) -> None:
    sign_in(staff)
    plant(staff)
    end_session(staff, PLANTED, at=after(2))
    (said,) = words(staff)
    assert "an open session that no event told of was taken out" in said


def test_a_session_handed_to_another_account_is_found(staff: Engine) -> None:
    hashed = sign_in(staff, account_id=2)
    assert words(staff) == []
    behind_the_rules(staff, f"UPDATE auth_session SET account_id = 1 WHERE token_hash = '{hashed}'")  # noqa: S608
    assert found(staff)


ENDS: list[Callable[[Engine, str], object]] = [
    lambda engine, hashed: end_session(engine, hashed, at=after(2)),
    lambda engine, _: end_sessions_of(engine, 1, at=after(2)),
    lambda engine, _: change_password(engine, 1, "another", at=after(2)),
    lambda engine, _: change_account(engine, "ada", by=BY, at=after(2), active=True),
    lambda engine, _: new_setup_link(engine, "ada", by=BY, at=after(2)),
    lambda engine, _: [sign_in(engine, minutes=2 + nth) for nth in range(MOST_AT_ONCE)],
]


@pytest.mark.parametrize(
    "end", ENDS, ids=["sign out", "everywhere", "password", "account", "reset", "too many"]
)
def test_a_session_that_ended_and_is_opened_again_is_found(
    staff: Engine, end: Callable[[Engine, str], object]
) -> None:
    hashed = sign_in(staff)
    end(staff, hashed)
    assert words(staff) == []
    behind_the_rules(staff, f"UPDATE auth_session SET ended_at = NULL WHERE token_hash = '{hashed}'")  # noqa: S608
    assert found(staff)


def test_whatever_people_do_with_their_sessions_is_well(staff: Engine) -> None:
    kept = [sign_in(staff, minutes=nth) for nth in range(MOST_AT_ONCE + 2)][-1]
    sign_in(staff, account_id=2)
    end_sessions_of(staff, 1, at=after(9), but=kept)
    end_session(staff, sign_in(staff, minutes=10), at=after(11))
    end_session(staff, kept, at=after(12))
    with writing(staff) as connection:
        assert open_sessions(connection, 1) == []
    assert words(staff) == []


def test_a_session_renewed_by_the_rules_is_well_and_another_token_put_in_is_found(staff: Engine) -> None:
    session = sign_in(staff)
    prove_again(staff, session, "code", address="::1", at=after(2))
    break_glass(staff, session, REASON, at=after(3))
    prove_again(staff, sign_in(staff, minutes=4), "code", address="::1", at=after(5))
    assert words(staff) == []
    change = f"UPDATE auth_session SET renewed_hash = '{PLANTED}' WHERE token_hash = '{session}'"  # noqa: S608
    behind_the_rules(staff, change)
    assert found(staff)
    sign_in(staff, minutes=6)
    assert found(staff)


def test_two_sessions_that_were_given_each_others_account_are_found(staff: Engine) -> None:
    for account_id in (1, 2):
        prove_again(staff, sign_in(staff, account_id), "code", address="::1", at=after(2))
    behind_the_rules(staff, "UPDATE auth_session SET account_id = 3 - account_id")
    assert len(words(staff)) == 2


def test_a_session_put_in_stays_found_once_it_was_renewed(staff: Engine) -> None:
    sign_in(staff)
    plant(staff)
    prove_again(staff, PLANTED, "code", address="::1", at=after(2))
    assert any("an open session that no event told of was taken out" in said for said in words(staff))


def test_no_two_sessions_go_by_one_token(staff: Engine) -> None:
    one, two = sign_in(staff), sign_in(staff, account_id=2)
    change = f"UPDATE auth_session SET renewed_hash = '{one}' WHERE token_hash = '{two}'"  # noqa: S608
    with pytest.raises(RefusedError):
        behind_the_rules(staff, change)


LATE = moment_number(after(600))


@pytest.mark.parametrize("renewed", [False, True], ids=["as signed in", "renewed"])
def test_an_expired_session_that_was_given_another_beginning_is_found(
    staff: Engine, *, renewed: bool
) -> None:
    session = sign_in(staff)
    if renewed:
        prove_again(staff, session, "code", address="::1", at=after(2))
    sign_in(staff, minutes=590)
    change = f"UPDATE auth_session SET created_at = {LATE}, seen_at = {LATE} WHERE token_hash = '{session}'"  # noqa: S608
    behind_the_rules(staff, change)
    (said,) = words(staff)
    assert said == (
        "Account ada: an open session stands as begun on 2026-06-01 22:00 UTC, later than any event tells; "
        "told by ada on 2026-06-01 12:01 UTC (event 6)."
    )


@pytest.mark.parametrize("renewed", [False, True], ids=["as signed in", "renewed"])
def test_a_proof_that_nobody_gave_is_found(staff: Engine, *, renewed: bool) -> None:
    session = sign_in(staff)
    if renewed:
        prove_again(staff, session, "code", address="::1", at=after(2))
        break_glass(staff, session, REASON, at=after(3))
    sign_in(staff, account_id=2, minutes=590)
    behind_the_rules(staff, f"UPDATE auth_session SET proved_at = {LATE} WHERE token_hash = '{session}'")  # noqa: S608
    (said,) = words(staff)
    assert said.startswith(
        "Account ada: who it is stands as proved on 2026-06-01 22:00 UTC in an open session"
    )


def test_a_proof_given_when_no_token_was_renewed_yet_is_well(staff: Engine) -> None:
    """As by versions of before: the event tells of no token."""
    session = sign_in(staff)
    note(staff, Event("prove again", "account 1", detail={"proved_by": "code"}), by="ada", at=after(600))
    behind_the_rules(staff, f"UPDATE auth_session SET proved_at = {LATE} WHERE token_hash = '{session}'")  # noqa: S608
    assert words(staff) == []
    behind_the_rules(staff, f"UPDATE auth_session SET proved_at = {LATE} + 1 WHERE token_hash = '{session}'")  # noqa: S608
    assert len(words(staff)) == 1


def test_a_clock_that_went_back_makes_no_finding(staff: Engine) -> None:
    sign_in(staff, minutes=600)
    prove_again(staff, sign_in(staff, minutes=5), "code", address="::1", at=after(4))
    assert words(staff) == []


REASON = "a patient fell ill in the waiting room"


def test_the_glass_broken_by_the_rules_is_well(staff: Engine) -> None:
    break_glass(staff, sign_in(staff), REASON, at=after(1))
    assert words(staff) == []


@pytest.mark.parametrize(
    "change",
    [
        f"INSERT INTO elevation VALUES (2, 1, '{REASON}', 1, 4000000000000000)",  # noqa: S608
        "UPDATE elevation SET ends_at = 4000000000000000",
        "UPDATE elevation SET started_at = started_at - 86400000000",
        "UPDATE elevation SET account_id = 1",
    ],
    ids=["put in", "for longer", "backdated", "for another"],
)
def test_a_glass_that_no_event_tells_of_is_found(staff: Engine, change: str) -> None:
    break_glass(staff, sign_in(staff, account_id=2), REASON, at=after(1))
    with writing(staff) as connection:
        connection.exec_driver_sql(change)
    said, *gone = words(staff)
    assert said.endswith("which no event tells of.")
    assert "the glass is broken from" in said
    assert len(gone) == (0 if change.startswith("INSERT") else 1)


def test_a_glass_broken_while_a_clock_went_back_is_well(staff: Engine) -> None:
    break_glass(staff, sign_in(staff, minutes=5), REASON, at=after(4))
    assert words(staff) == []


def test_a_glass_that_was_broken_and_is_gone_is_found(staff: Engine) -> None:
    break_glass(staff, sign_in(staff), REASON, at=after(1))
    behind_the_rules(staff, "DELETE FROM elevation")
    (said,) = words(staff)
    assert said.startswith("The glass broken by ada on 2026-06-01 12:01 UTC (event ")
    assert said.endswith("does not stand here as it was told.")


SEEN = "Account ada: a session stands as last used on"
MINUTE = 60_000_000


def seen(engine: Engine) -> list[str]:
    """What is said of a proof two hours after the beginning of everything."""
    with reading(engine) as connection:
        return [finding.words for finding in seen_amiss(connection, at=after(120))]


def test_a_session_last_used_when_it_can_have_been_is_well(staff: Engine) -> None:
    touch(staff, sign_in(staff), at=after(100))
    ended = sign_in(staff, minutes=2)
    touch(staff, ended, at=after(3))
    end_session(staff, ended, at=after(3))
    assert seen(staff) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("seen_at = created_at - 1", "2026-06-01 12:00 UTC, and began on 2026-06-01 12:01 UTC."),
        (f"seen_at = created_at + {121 * MINUTE}", "2026-06-01 14:02 UTC, which is later than now."),
        ("seen_at = 9000000000000000000", "9999-12-30 23:59 UTC, which is later than now."),
    ],
    ids=["before it began", "not yet", "never"],
)
def test_a_session_last_used_when_it_cannot_have_been_is_found(staff: Engine, change: str, said: str) -> None:
    sign_in(staff)
    behind_the_rules(staff, f"UPDATE auth_session SET {change}")  # noqa: S608
    assert seen(staff) == [f"{SEEN} {said}"]


def test_a_session_last_used_after_its_end_is_found_and_one_used_as_it_ended_is_well(staff: Engine) -> None:
    end_session(staff, sign_in(staff), at=after(2))
    behind_the_rules(staff, f"UPDATE auth_session SET seen_at = ended_at + {MINUTE}")  # noqa: S608
    assert seen(staff) == []
    behind_the_rules(staff, "UPDATE auth_session SET seen_at = seen_at + 1")
    assert seen(staff) == [f"{SEEN} 2026-06-01 12:03 UTC, and ended on 2026-06-01 12:02 UTC."]


def test_the_whole_proof_says_so(staff: Engine, tmp_path: Path) -> None:
    sign_in(staff)
    assert prove(staff, folder=tmp_path, at=after(120)).is_well
    behind_the_rules(staff, "UPDATE auth_session SET seen_at = 9000000000000000000")
    assert [finding.words for finding in prove(staff, folder=tmp_path, at=after(120)).findings] == seen(staff)
