"""A door opened behind the record's rules stays found, whatever honest change of it comes after."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.account_events import CREDENTIALS, FOUND, doors_shut
from models.store.accounts.doors import lock_every_door
from models.store.accounts.factors import use_recovery_code
from models.store.accounts.identities import account_of_identity, first_link, link
from models.store.accounts.sessions import open_session
from models.store.accounts.staff import add_account, finish_setup, new_setup_link
from models.store.audit.events import Event, append, note
from models.store.engine.database import reading, writing
from models.store.trail.audit_check import verify
from tests.support.builders import BY, NOW, after
from tests.support.tampering import events, tamper

ISSUER, ELSEWHERE = "https://id.clinic.example", "https://id.elsewhere.example"
CODES = ["first", "second", "third"]


@pytest.fixture(name="ada")
def _ada(engine: Engine) -> Engine:
    """Account 1, told by events 4 to 6."""
    add_account(engine, "ada", "Ada", Role.ADMINISTRATOR, by=BY, at=NOW)
    follow(engine, new_setup_link(engine, "ada", by=BY, at=after(1)), at=after(2))
    return engine


def follow(engine: Engine, token: str, *, at: datetime) -> None:
    chosen = {"password_hash": "hash", "totp_secret": "v1.sealed", "totp_step": 7}
    finish_setup(engine, token, code_hashes=CODES, at=at, **chosen)  # type: ignore[arg-type]


def plant(engine: Engine, issuer: str, subject: str = "stranger") -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql(f"INSERT INTO identity VALUES ('{issuer}', '{subject}', 1, 1)")  # noqa: S608


def words(engine: Engine) -> list[str]:
    return [finding.words for finding in verify(engine).findings]


def retold(engine: Engine, *without: str) -> None:
    """Every event about an account as it was told before events told of these."""
    told = events(engine)
    first = next(event.id for event in told if event.action == "add account")
    tamper(engine, f"DELETE FROM audit_event WHERE id >= {first}")  # noqa: S608
    for event in told[first - 1 :]:
        detail = {name: value for name, value in json.loads(event.detail).items() if name not in without}
        with writing(engine) as connection:
            append(connection, [Event(event.action, event.subject, detail=detail)], by=BY, at=after(9))


LINK, CODE = "Account ada: a link to an identity provider", "Account ada: a recovery code"


@pytest.mark.parametrize(
    "honest",
    [
        lambda engine: link(engine, "ada", ISSUER, "ada-1", by=BY, at=after(3)),
        lambda engine: first_link(engine, ISSUER, "ada-1", "ada", at=after(3)),
    ],
)
def test_an_honest_link_covers_no_other_up(ada: Engine, honest: Callable[[Engine], object]) -> None:
    plant(ada, ELSEWHERE)
    honest(ada)
    link(ada, "ada", ISSUER, "ada-2", by=BY, at=after(4))
    assert words(ada) == [
        f"{LINK} stands here that no event tells of; last told by Dr Roe on 2026-06-01 12:04 UTC (event 8)."
    ]
    new_setup_link(ada, "ada", by=BY, at=after(5))
    assert words(ada) == []


def test_a_link_that_an_honest_one_took_the_place_of_stays_found(ada: Engine) -> None:
    plant(ada, ISSUER)
    plant(ada, ISSUER, "another stranger")
    link(ada, "ada", ISSUER, "ada-1", by=BY, at=after(3))
    assert account_of_identity(ada, ISSUER, "stranger") is None
    gone = "was taken out by Dr Roe on 2026-06-01 12:03 UTC (event 7); it may have let somebody in."
    assert words(ada) == [f"{LINK} that no event told of {gone}"]


def test_a_link_that_somebody_then_makes_as_the_rules_say_is_told_of(ada: Engine) -> None:
    plant(ada, ISSUER, "ada-1")
    link(ada, "ada", ISSUER, "ada-1", by=BY, at=after(3))
    assert words(ada) == []


def test_links_changed_as_the_rules_say_are_well(ada: Engine) -> None:
    for issuer, subject in ((ISSUER, "1"), (ELSEWHERE, "1"), (ISSUER, "2"), (ISSUER, "2"), (ELSEWHERE, "3")):
        link(ada, "ada", issuer, subject, by=BY, at=after(3))
        assert words(ada) == []


@pytest.mark.parametrize("without", [(FOUND,), (FOUND, CREDENTIALS)])
def test_an_older_record_gives_no_false_finding(ada: Engine, without: tuple[str, ...]) -> None:
    link(ada, "ada", ISSUER, "ada-1", by=BY, at=after(3))
    link(ada, "ada", ELSEWHERE, "ada-1", by=BY, at=after(3))
    retold(ada, *without)
    assert words(ada) == []
    link(ada, "ada", ISSUER, "ada-2", by=BY, at=after(4))
    assert words(ada) == []
    assert use_recovery_code(ada, "first", at=after(4))
    assert words(ada) == []
    plant(ada, "https://third.example")
    link(ada, "ada", ISSUER, "ada-3", by=BY, at=after(5))
    tamper(ada, "UPDATE recovery_code SET used_at = NULL")
    assert [line.partition(" stands")[0] for line in words(ada)] == [LINK, CODE]


def test_a_recovery_code_made_good_again_is_found(ada: Engine) -> None:
    assert use_recovery_code(ada, "first", at=after(3))
    assert use_recovery_code(ada, "second", at=after(4))
    assert words(ada) == []
    tamper(ada, "UPDATE recovery_code SET used_at = NULL WHERE code_hash = 'first'")
    last = "last told by ada on 2026-06-01 12:04 UTC (event 8)."
    assert words(ada) == [f"{CODE} stands here that no event tells of; {last}"]
    assert use_recovery_code(ada, "third", at=after(5))
    assert [line.partition(";")[0] for line in words(ada)] == [f"{CODE} stands here that no event tells of"]


def test_a_recovery_code_used_twice_stays_found(ada: Engine) -> None:
    assert use_recovery_code(ada, "first", at=after(3))
    tamper(ada, "UPDATE recovery_code SET used_at = NULL WHERE code_hash = 'first'")
    assert use_recovery_code(ada, "first", at=after(4))
    gone = "was taken out by ada on 2026-06-01 12:04 UTC (event 8); it may have let somebody in."
    assert words(ada) == [f"{CODE} that no event told of {gone}"]


def test_a_code_used_is_told_without_the_code(ada: Engine) -> None:
    assert use_recovery_code(ada, "first", at=after(3))
    assert not use_recovery_code(ada, "first", at=after(3))
    newest = events(ada)[-1]
    assert (newest.action, newest.subject, newest.happened_by) == ("use recovery code", "account 1", "ada")
    assert json.loads(newest.detail)["codes left"] == 2
    assert "first" not in newest.detail


GONE = "that was told of opens nothing any more, and no event tells why"


@pytest.mark.parametrize(
    "behind", ["UPDATE recovery_code SET used_at = 1 WHERE", "DELETE FROM recovery_code WHERE"]
)
def test_a_recovery_code_used_up_behind_the_rules_stays_found(ada: Engine, behind: str) -> None:
    tamper(ada, f"{behind} code_hash = 'first'")
    assert words(ada) == [f"{CODE} {GONE}; last told by ada on 2026-06-01 12:02 UTC (event 6)."]
    assert use_recovery_code(ada, "second", at=after(3))
    assert words(ada) == [f"{CODE} {GONE}; found by ada on 2026-06-01 12:03 UTC (event 7)."]
    assert use_recovery_code(ada, "third", at=after(4))
    assert len(words(ada)) == 1


def test_a_link_taken_out_behind_the_rules_stays_found(ada: Engine) -> None:
    link(ada, "ada", ELSEWHERE, "ada-1", by=BY, at=after(3))
    link(ada, "ada", ISSUER, "ada-1", by=BY, at=after(3))
    tamper(ada, f"DELETE FROM identity WHERE issuer = '{ISSUER}'")  # noqa: S608
    assert words(ada) == [f"{LINK} {GONE}; last told by Dr Roe on 2026-06-01 12:03 UTC (event 8)."]
    assert first_link(ada, ISSUER, "mal", "ada", at=after(4))  # which its absence let happen
    assert words(ada) == [f"{LINK} {GONE}; found by ada on 2026-06-01 12:04 UTC (event 9)."]


def test_a_link_made_anew_as_it_was_is_well(ada: Engine) -> None:
    link(ada, "ada", ISSUER, "ada-1", by=BY, at=after(3))
    tamper(ada, "DELETE FROM identity")
    link(ada, "ada", ISSUER, "ada-1", by=BY, at=after(4))
    assert words(ada) == []


def test_a_session_or_setup_link_that_ended_is_well(ada: Engine) -> None:
    new_setup_link(ada, "ada", by=BY, at=after(3))
    open_session(ada, 1, proved_by="code", address="::1", browser="b", at=after(4))
    tamper(ada, "UPDATE setup_link SET used_at = 1", "UPDATE auth_session SET ended_at = 1")
    assert words(ada) == []


def test_a_setup_link_that_no_event_told_of_and_somebody_followed_stays_found(ada: Engine) -> None:
    columns, ours = "token_hash, account_id, expires_at", token_hash("ours")
    tamper(ada, f"INSERT INTO setup_link ({columns}) SELECT '{ours}', 1, expires_at FROM setup_link")  # noqa: S608
    follow(ada, "ours", at=after(3))
    gone = "was taken out by ada on 2026-06-01 12:03 UTC (event 7); it may have let somebody in."
    assert words(ada) == [f"Account ada: an open setup link that no event told of {gone}"]


def test_what_was_shut_at_a_restore_and_is_opened_again_is_found(ada: Engine) -> None:
    link(ada, "ada", ISSUER, "ada-1", by=BY, at=after(3))
    new_setup_link(ada, "ada", by=BY, at=after(3))
    link(ada, "ada", ISSUER, "ada-1", by=BY, at=after(3))
    lock_every_door(ada, at=after(4))
    with reading(ada) as connection:
        shut = doors_shut(connection)
    note(ada, Event("restore", detail=shut), by=BY, at=after(4))
    assert words(ada) == []
    plant(ada, ISSUER, "ada-1")
    tamper(ada, "UPDATE setup_link SET used_at = NULL")
    last = "stands here that no event tells of; last told by Dr Roe on 2026-06-01 12:04 UTC (event 10)."
    assert set(words(ada)) == {f"{LINK} {last}", f"Account ada: an open setup link {last}"}


@pytest.mark.parametrize("found", ["7", '{"account 1":7}', '{"account 1":{"role":[1],"link_digests":[{}]}}'])
def test_whatever_an_event_says_it_found_the_check_goes_on(ada: Engine, found: str) -> None:
    stands = '{"account 1":{"role":[],"link_digests":[]}}'
    detail = f'{{"{FOUND}":{found},"{CREDENTIALS}":{stands}}}'
    tamper(ada, f"UPDATE audit_event SET detail = '{detail}' WHERE id = 6")  # noqa: S608
    assert verify(ada).findings[0].event == 6
