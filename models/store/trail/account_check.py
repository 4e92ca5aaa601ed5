"""Whether the accounts are what the audit trail says was made of them.

An account's row changes, so no digest of rows holds it. Each event tells of the columns that it wrote, and
the newest that tells of a column is what the column is held against. What a change found before it is held
against the events until then, so that no later change covers up for what no event told. In a record from
before events told them, password and authenticator are checked from their next change on, and the last code
that was used from the next one on.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from models.store.accounts.account_events import (
    CREDENTIALS,
    DIGESTED,
    DOORS,
    FOUND,
    KEPT,
    STEP,
    digest_of,
    subject_of,
)
from models.store.accounts.staff import username_key
from models.store.audit.events import told_in
from models.store.engine.asking import ask
from models.store.trail.door_check import Passing, about_passing, doors_differing, vouched
from models.store.trail.finding_words import Finding, told_on
from models.store.trail.session_check import DOOR, SessionsTold

_NAMES: Final = {"username": "user name", "sees_names": "right to names", "active": "state"}
_FLAGS: Final = {"sees_names": ("not given", "given"), "active": ("disabled", "active")}
_SECRETS: Final = {
    "password_digest": "password",
    "authenticator_digest": "authenticator",
    STEP: "last used code",
}
_TOLD: Final = (*KEPT, *_SECRETS, *DOORS)
_COLUMNS: Final = ("id", "username_key", *KEPT, *DIGESTED, "totp_last_step")


class _Said(NamedTuple):
    """What was told of a column, and by which event."""

    value: Any
    event: int


class _Found(NamedTuple):
    """An event that found a column before it otherwise than it had been left."""

    account: str
    column: str
    value: Any
    event: int
    said: _Said


class AccountsTold:
    """What the events read so far tell of accounts."""

    def __init__(self, sessions: SessionsTold) -> None:
        self._sessions = sessions
        self._said: dict[str, dict[str, _Said]] = {}
        self._found: list[_Found] = []
        self._passing: list[Passing] = []
        self._again: list[tuple[str, int]] = []

    def take(self, event: int, detail: str) -> None:
        """One more event, in the order of their ids; of one tampered with, what still makes sense."""
        if '"account ' not in detail:
            return
        told = told_in(detail)
        for account, columns in _accounts(told.get("before")):
            self._hold_against(account, columns, event)
        found = dict(_accounts(told.get(FOUND)))
        for side in ("after", CREDENTIALS):
            for account, columns in _accounts(told.get(side)):
                self._say(account, columns, found.get(account, {}), event)
                self._sessions.take(event, columns.get(DOOR))

    def differing(self, connection: Connection) -> Iterator[Finding]:
        """What stands otherwise than it was told, which accounts nobody told of, and which are gone."""
        for found in self._found:
            yield _about_found(connection, found)
        for passing in self._passing:
            yield about_passing(connection, passing)
        for account, event in self._again:
            again = f"a code that was used up was taken again {told_on(connection, event)}"
            yield Finding("record", event, f"Account {account}: {again}.")
        sql = f"SELECT {', '.join(_COLUMNS)} FROM account ORDER BY id"  # noqa: S608
        rows = {subject_of(row[0]): dict(zip(_COLUMNS, row, strict=True)) for row in ask(connection, sql)}
        for account, row in rows.items():
            said = self._said.get(account)
            if said is None or "username" not in said:
                words = f"Account {row['username']}: stands here, and no event tells that it was added."
                yield Finding("record", None, words)
            else:
                yield from _compared(connection, row, said)
                yield from doors_differing(connection, row["id"], said["username"].value, said)
        yield from self._sessions.differing(connection)
        for account, said in self._said.items():
            if account not in rows:
                event = max(one.event for one in said.values())
                words = (
                    f"Account {_called(account, said)}: last told of {told_on(connection, event)}, is gone."
                )
                yield Finding("record", event, words)

    def _say(self, account: str, columns: dict[str, Any], found: dict[str, Any], event: int) -> None:
        said = self._said.setdefault(account, {})
        for column, value in columns.items():
            before, stands = said.get(column), value
            if column == STEP and "authenticator_digest" not in columns and not _is_later(value, before):
                self._again.append((_called(account, said), event))
            if before is not None and column in DOORS and column in found:
                stands, passing = vouched(column, value, found[column], before.value)
                called = _called(account, said)
                self._passing += (Passing(called, column, event, gone) for gone in passing)
            if before is None or before.value != stands:
                said[column] = _Said(stands, event)

    def _hold_against(self, account: str, columns: dict[str, Any], event: int) -> None:
        said = self._said.get(account, {})
        for column, value in columns.items():
            if column in said and said[column].value != value:
                self._found.append(_Found(_called(account, said), column, value, event, said[column]))


def _accounts(side: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The accounts on one side of an event, with their columns."""
    for name, columns in side.items() if isinstance(side, dict) else ():
        if name.startswith("account ") and isinstance(columns, dict):
            yield name, {column: value for column, value in columns.items() if column in _TOLD}


def _compared(connection: Connection, row: dict[str, Any], said: dict[str, _Said]) -> Iterator[Finding]:
    who = f"Account {said['username'].value}"
    for column in KEPT:
        stands = bool(row[column]) if column in _FLAGS and row[column] in (0, 1) else row[column]
        told = said.get(column)
        if told is not None and stands != told.value:
            what = f"its {_NAMES.get(column, column)} is {_word(column, stands)}"
            yield Finding("record", told.event, f"{who}: {what}; {_trail(connection, column, told)}.")
    if row["username_key"] != username_key(row["username"]):
        words = f"{who}: signs in as {row['username_key']}, which no event tells of."
        yield Finding("record", said["username"].event, words)
    stand = {digest: digest_of(row["id"], column, row[column]) for column, digest in DIGESTED.items()}
    for secret, value in {**stand, STEP: row["totp_last_step"]}.items():
        told = said.get(secret)
        if told is not None and value != told.value:
            what = f"its {_SECRETS[secret]} was changed behind the trail's back"
            words = f"{who}: {what}, which last told of it {told_on(connection, told.event)}."
            yield Finding("record", told.event, words)


def _is_later(step: Any, before: _Said | None) -> bool:
    """Whether a step is of a code that could still be used; of one tampered with the seal tells."""
    steps = (step, None if before is None else before.value)
    return not all(isinstance(each, int) for each in steps) or steps[0] > steps[1]


def _about_found(connection: Connection, found: _Found) -> Finding:
    what = f"its {_NAMES.get(found.column, found.column)} was {_word(found.column, found.value)}"
    before = f"before it was changed {told_on(connection, found.event)}"
    said = _trail(connection, found.column, found.said)
    return Finding("record", found.event, f"Account {found.account}: {before}, {what}; {said}.")


def _trail(connection: Connection, column: str, said: _Said) -> str:
    return f"the trail says {_word(column, said.value)}, set {told_on(connection, said.event)}"


def _called(account: str, said: dict[str, _Said]) -> str:
    return str(said["username"].value) if "username" in said else account.removeprefix("account ")


def _word(column: str, value: Any) -> str:
    return _FLAGS[column][value] if column in _FLAGS and isinstance(value, bool) else str(value)
