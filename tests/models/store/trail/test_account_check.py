"""Whoever makes themselves an administrator behind the record's rules is found out, and it is said how."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.account_events import authenticators_told, doors_shut
from models.store.accounts.doors import lock_every_door
from models.store.accounts.factors import change_authenticator, credentials_of, take_step, use_recovery_code
from models.store.accounts.failures import forget_failures, note_failure
from models.store.accounts.identities import first_link, link
from models.store.accounts.sessions import open_session
from models.store.accounts.staff import (
    add_account,
    change_account,
    change_password,
    finish_setup,
    new_setup_link,
)
from models.store.audit.events import Event, append, note
from models.store.engine.database import reading, writing
from models.store.moves.encrypting import reseal_secrets
from models.store.trail.audit_check import verify
from tests.support.builders import BY, NOW, after
from tests.support.tampering import events, tamper

HASH, SEALED = "$argon2id$v=19$m=65536$salt$hash", "v1.sealed"


@pytest.fixture(name="staff")
def _staff(engine: Engine) -> Engine:
    """Two of the staff, told by events 4 to 9: ada, an administrator, and eve, a clinician."""
    for username, role in (("ada", Role.ADMINISTRATOR), ("eve", Role.CLINICIAN)):
        add_account(engine, username, username.title(), role, by=BY, at=NOW)
        set_up(engine, username)
    return engine


def set_up(engine: Engine, username: str) -> None:
    token = new_setup_link(engine, username, by=BY, at=after(1))
    chosen = {"password_hash": HASH, "totp_secret": SEALED, "totp_step": 7}
    finish_setup(engine, token, code_hashes=[f"code of {username}"], at=after(2), **chosen)  # type: ignore[arg-type]


def words(engine: Engine) -> list[str]:
    return [finding.words for finding in verify(engine).findings]


ADDED = "by Dr Roe on 2026-06-01 12:02 UTC (event 7)"
SET_UP = "by eve on 2026-06-01 12:02 UTC (event 9)"
BEHIND = f"was changed behind the trail's back, which last told of it {SET_UP}."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("role = 'administrator'", f"its role is administrator; the trail says clinician, set {ADDED}."),
        ("active = false", f"its state is disabled; the trail says active, set {ADDED}."),
        ("sees_names = true", f"its right to names is given; the trail says not given, set {ADDED}."),
        ("name = 'Ada'", f"its name is Ada; the trail says Eve, set {ADDED}."),
        ("username = 'bo'", f"its user name is bo; the trail says eve, set {ADDED}."),
        ("username_key = 'bo'", "signs in as bo, which no event tells of."),
        ("password_hash = 'y'", f"its password {BEHIND}"),
        ("password_hash = NULL", f"its password {BEHIND}"),
        ("totp_secret = 'x'", f"its authenticator {BEHIND}"),
        ("totp_last_step = 6", f"its last used code {BEHIND}"),
        ("totp_last_step = NULL", f"its last used code {BEHIND}"),
    ],
)
def test_an_account_changed_behind_the_rules_is_named(staff: Engine, change: str, said: str) -> None:
    lite = staff.dialect.name == "sqlite"
    change = change.replace("false", "0").replace("true", "1") if lite else change
    tamper(staff, f"UPDATE account SET {change} WHERE username = 'eve'")  # noqa: S608
    assert f"Account eve: {said}" in words(staff)
    assert len(words(staff)) == (2 if change == "username = 'bo'" else 1)


def test_a_state_that_is_neither_of_two_is_named(sqlite_engine: Engine) -> None:
    """PostgreSQL knows no third."""
    add_account(sqlite_engine, "eve", "Eve", Role.CLINICIAN, by=BY, at=NOW)
    tamper(sqlite_engine, "UPDATE account SET active = 2")
    assert [line.partition(";")[0] for line in words(sqlite_engine)] == ["Account eve: its state is 2"]


def test_what_one_account_knows_fits_no_other(staff: Engine) -> None:
    change_password(staff, 2, "another", at=after(3))
    tamper(staff, "UPDATE account SET password_hash = (SELECT password_hash FROM account WHERE id = 1)")
    assert [line.partition(" was")[0] for line in words(staff)] == ["Account eve: its password"]


def test_an_account_no_event_tells_of_is_named(staff: Engine) -> None:
    rest = "clinic_id, name, sees_names, active, created_at"
    tamper(
        staff,
        f"INSERT INTO account (id, username, username_key, role, {rest}) "  # noqa: S608
        f"SELECT 3, 'mal', 'mal', 'administrator', {rest} FROM account WHERE id = 1",
    )
    assert words(staff) == ["Account mal: stands here, and no event tells that it was added."]


def test_an_account_that_vanished_is_named(staff: Engine) -> None:
    tamper(staff, "DELETE FROM account WHERE username = 'eve'")
    assert words(staff) == [f"Account eve: last told of {SET_UP}, is gone."]


def test_a_later_change_covers_nothing_up(staff: Engine) -> None:
    tamper(staff, "UPDATE account SET role = 'administrator', password_hash = 'y' WHERE username = 'eve'")
    change_account(staff, "eve", by="ada", at=after(5), active=True)
    change_password(staff, 2, HASH, at=after(6))
    changed = "before it was changed by ada on 2026-06-01 12:05 UTC (event 10), its role was administrator"
    assert words(staff) == [f"Account eve: {changed}; the trail says clinician, set {ADDED}."]


def test_whatever_the_program_does_to_accounts_is_well(staff: Engine) -> None:
    open_session(staff, 2, proved_by="code", address="::1", browser="b", at=after(3))
    note_failure(staff, ["account eve"], at=after(3), account_id=2)
    forget_failures(staff, "account eve")
    assert take_step(staff, 2, 8, at=after(3))
    assert use_recovery_code(staff, "code of eve", at=after(3))
    change_password(staff, 2, "another", at=after(4))
    change_account(staff, "eve", by="ada", at=after(5), role=Role.MANAGER, sees_names=True)
    link(staff, "eve", "https://id.clinic.example", "17", by="ada", at=after(6))
    assert words(staff) == []
    new_setup_link(staff, "eve", by="ada", at=after(7))
    change_account(staff, "eve", by="ada", at=after(8), active=False)
    first_link(staff, "https://id.clinic.example", "18", "ada", at=after(8))
    lock_every_door(staff, at=after(9))
    with reading(staff) as connection:
        shut = doors_shut(connection)
    note(staff, Event("restore", detail=shut), by=BY, at=after(9))
    assert words(staff) == []
    set_up(staff, "ada")
    assert words(staff) == []


@pytest.mark.parametrize("kept", [8, 7], ids=["the same code", "one before it"])
def test_a_code_used_a_second_time_stays_found(staff: Engine, kept: int) -> None:
    assert take_step(staff, 2, 9, at=after(3))
    tamper(staff, f"UPDATE account SET totp_last_step = {kept} WHERE id = 2")  # noqa: S608
    assert take_step(staff, 2, kept + 1, at=after(3))
    tamper(staff, "UPDATE account SET totp_last_step = 9 WHERE id = 2")
    assert take_step(staff, 2, 10, at=after(4))
    again = "a code that was used up was taken again by eve on 2026-06-01 12:03 UTC (event 11)"
    assert words(staff) == [f"Account eve: {again}."]


def test_another_authenticator_has_codes_of_its_own(staff: Engine) -> None:
    assert take_step(staff, 2, 9, at=after(3))
    token = open_session(staff, 2, proved_by="code", address="::1", browser="b", at=after(3))
    change_authenticator(staff, token_hash(token), totp_secret="another", totp_step=8, at=after(4))
    assert words(staff) == []
    tamper(staff, "UPDATE account SET totp_last_step = 7 WHERE id = 2")
    (said,) = words(staff)
    assert said.startswith("Account eve: its last used code was changed behind the trail's back")


def test_secrets_sealed_anew_are_told_and_hide_no_other_password(staff: Engine) -> None:
    reseal_secrets(staff, lambda account, sealed: f"{sealed} {account} new")
    tamper(staff, "UPDATE account SET password_hash = 'y' WHERE username = 'eve'")
    with reading(staff) as connection:
        detail = authenticators_told(connection)
    note(staff, Event("change key", detail=detail), by=BY, at=after(4))
    assert words(staff) == [f"Account eve: its password {BEHIND}"]


def test_no_event_holds_what_somebody_signs_in_with(staff: Engine) -> None:
    found = credentials_of(staff, "eve")
    assert found is not None
    assert (found.password_hash, found.totp_secret) == (HASH, SEALED)
    told = " ".join(event.detail for event in events(staff))
    assert HASH not in told
    assert SEALED not in told


def test_of_a_record_from_before_role_and_rights_are_checked_and_the_rest_from_the_next_change(
    engine: Engine,
) -> None:
    add_account(engine, "eve", "Eve", Role.CLINICIAN, by=BY, at=NOW)
    set_up(engine, "eve")
    old = [(event.action, event.subject, event.detail) for event in events(engine)[3:]]
    tamper(engine, "DELETE FROM audit_event WHERE id > 3")
    for action, subject, detail in old:  # as they were told then
        kept = {name: value for name, value in json.loads(detail).items() if name != "credentials"}
        with writing(engine) as connection:
            append(connection, [Event(action, subject, detail=kept)], by=BY, at=NOW + timedelta(minutes=1))
    assert words(engine) == []
    tamper(engine, "UPDATE account SET password_hash = 'y'")
    assert words(engine) == []
    tamper(engine, "UPDATE account SET role = 'administrator'")
    assert words(engine)[0].startswith("Account eve: its role is administrator; the trail says clinician")
    tamper(engine, "UPDATE account SET role = 'clinician'")
    change_password(engine, 1, HASH, at=after(3))
    assert words(engine) == []
    tamper(engine, "UPDATE account SET password_hash = 'y'")
    assert [line.partition(" was")[0] for line in words(engine)] == ["Account eve: its password"]


@pytest.mark.parametrize(
    "detail",
    ['{"after":{"account 2":7}}', '{"after":["account 2"]}', '"account 2"', '["account 2', '{"account 2'],
)
def test_whatever_somebody_writes_into_an_event_the_check_goes_on(staff: Engine, detail: str) -> None:
    escaped = detail.replace("'", "''")
    tamper(staff, f"UPDATE audit_event SET detail = '{escaped}' WHERE id = 7")  # noqa: S608
    found = verify(staff).findings
    assert (found[0].kind, found[0].event) == ("changed", 7)
    assert "Account eve: stands here, and no event tells that it was added." in words(staff)


ANOTHER = "stands here that no event tells of; last told"


@pytest.mark.parametrize(
    ("put", "what"),
    [
        (
            "INSERT INTO identity VALUES ('https://id.example', 'stranger', 1, 1)",
            "a link to an identity provider",
        ),
        (
            f"INSERT INTO setup_link (token_hash, account_id, expires_at) VALUES ('{'a' * 64}', 1, 9)",  # noqa: S608
            "an open setup link",
        ),
        ("UPDATE setup_link SET used_at = NULL WHERE account_id = 1", "an open setup link"),
        ("INSERT INTO recovery_code (code_hash, account_id) VALUES ('mine', 1)", "a recovery code"),
        ("UPDATE recovery_code SET code_hash = 'mine' WHERE account_id = 1", "a recovery code"),
    ],
)
def test_a_door_opened_behind_the_rules_is_named(staff: Engine, put: str, what: str) -> None:
    assert words(staff) == []
    with writing(staff) as connection:
        connection.exec_driver_sql(put)
    said, *gone = words(staff)
    assert said.startswith(f"Account ada: {what} {ANOTHER}")
    assert len(gone) == put.startswith("UPDATE recovery_code")  # the code that was told of


def test_a_subject_changed_behind_the_rules_is_named(staff: Engine) -> None:
    link(staff, "ada", "https://id.example", "ada-1", by=BY, at=after(3))
    assert words(staff) == []
    with writing(staff) as connection:
        connection.exec_driver_sql("UPDATE identity SET subject = 'stranger'")
    assert ["a link to an identity provider" in line for line in words(staff)] == [True, True]
