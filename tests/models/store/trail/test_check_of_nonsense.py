"""Whatever somebody writes over the record, the check says that something is wrong, and never breaks off."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.sessions import break_glass, open_session
from models.store.accounts.staff import add_account
from models.store.backups.proving import prove
from models.store.engine.asking import ask
from models.store.engine.database import reading
from models.store.engine.errors import StoreError
from models.store.erasure.erasing import erase
from models.store.record import read
from models.store.record.bulk import loading
from models.store.trail.audit_check import verify
from models.store.trail.erasures import erasures
from models.store.trail.glass import elevations
from tests.support.builders import BY, NOW, after, patient_facts
from tests.support.tampering import tamper

NESTED = "[" * 100_000
"""More than any reader of JSON goes down."""


def live(engine: Engine) -> None:
    """Somebody is erased from the record, and a glass broken."""
    with loading(engine, by=BY, at=NOW) as load:
        load.patients([patient_facts(f"P{number}") for number in range(1, 4)])
    add_account(engine, "mo", "Mo", Role.MANAGER, by=BY, at=NOW)
    token = open_session(engine, 1, proved_by="code", address="::1", browser="b", at=after(1))
    break_glass(engine, token_hash(token), "somebody was ill", at=after(2))
    erase(engine, 3, by=BY, at=after(3), reason="they asked for it in writing")
    assert verify(engine).findings == []


@pytest.fixture(name="lived")
def _lived(engine: Engine) -> Engine:
    """Such a record."""
    live(engine)
    return engine


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE elevation SET ends_at = 9000000000000000000",
            "Account mo: the glass is broken from 2026-06-01 12:02 UTC until 9999-12-30",
        ),
        (
            "UPDATE elevation SET started_at = 9000000000000000000",
            "Account mo: the glass is broken from 9999-12-30",
        ),
        (
            (
                """UPDATE audit_event SET detail = '{"reason": "x", "until": "0001-01-01T00:00:00+00:00"}' """
                "WHERE action = 'break glass'"
            ),
            "the glass is broken from 2026-06-01 12:02 UTC until 2026-06-01 13:02 UTC, which no event tells",
        ),
        ("UPDATE erasure SET erased_at = 9000000000000000000", "was changed"),
        ("UPDATE erasure SET numbers = 'nonsense'", "was changed"),
        ("UPDATE erasure SET numbers = '7'", "was changed"),
        ("""UPDATE erasure SET numbers = '{"3": []}'""", "was changed"),
        (
            """UPDATE audit_event SET detail = '{"left":[[99999,"patient",1,1,1,9,"x"]]}' WHERE id = 4""",
            "by event 99999, which is not there",
        ),
        *(
            (
                f"UPDATE audit_event SET detail = '{NESTED}' WHERE action = '{action}'",  # noqa: S608
                "is not as it was written",
            )
            for action in ("break glass", "erasure", "sign in")
        ),
        (
            """UPDATE audit_event SET detail = '{"events":[[Infinity,"x"]]}' WHERE action = 'erasure'""",
            "is not as it was written",
        ),
    ],
)
def test_what_makes_no_sense_is_a_finding(lived: Engine, statement: str, said: str) -> None:
    tamper(lived, statement)
    words = [finding.words for finding in verify(lived).findings]
    assert any(said in each for each in words), words
    assert len(elevations(lived, since=NOW)) == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "audit_event SET happened_by = {} WHERE id = 5",
            "Event 5 (add account, account 1, by \ufffd) is not",
        ),
        ("audit_event SET detail = {} WHERE action = 'sign in'", "is not as it was written"),
        ("audit_event SET action = 'restore', detail = {} WHERE id = 4", "Event 4 (restore by"),
        ("patient SET family_name = {} WHERE id = 2", "were changed"),
        ("account SET username = {}", "Account mo: its user name is \ufffd"),
        ("auth_session SET browser = {}", "of another browser or address than it began on"),
        ("elevation SET reason = {}", "which no event tells of"),
    ],
)
def test_what_is_no_text_any_more_is_a_finding(
    sqlite_engine: Engine, tmp_path: Path, statement: str, said: str
) -> None:
    live(sqlite_engine)
    no_text = "CAST(x'ff' AS TEXT)"
    if "elevation" in statement:
        no_text = "CAST(x'ff202020202020202020202020ff' AS TEXT)"
    tamper(sqlite_engine, f"UPDATE {statement.format(no_text)}")
    words = [finding.words for finding in prove(sqlite_engine, folder=tmp_path, at=after(4)).findings]
    assert any(said in each for each in words), words
    with pytest.raises(StoreError), reading(sqlite_engine) as connection:
        ask(connection, f"SELECT * FROM {statement.partition(' ')[0]}")  # noqa: S608


def test_a_name_that_is_no_text_any_more_hides_nobody_else(sqlite_engine: Engine) -> None:
    live(sqlite_engine)
    tamper(sqlite_engine, "UPDATE patient SET family_name = CAST(x'ff41' AS TEXT) WHERE id = 2")
    patients = read.record(sqlite_engine).patients.select("mrn", "family_name")
    assert patients.rows() == [("P1", None), ("P2", "\ufffdA")]


def test_who_is_erased_after_an_event_was_made_nonsense_is_erased(lived: Engine) -> None:
    nonsense = 'UPDATE audit_event SET detail = \'{"before":' + NESTED + "' WHERE action = 'sign in'"  # noqa: S608
    tamper(lived, nonsense)
    erase(lived, 2, by=BY, at=after(4), reason="they asked for it in writing")
    assert [one.patient_id for one in erasures(lived)] == [3, 2]
