"""The ways into a record, and the closing of them: sessions, setup links, links to a provider."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.store.accounts.account_events import credentials_told, subject_of
from models.store.engine.asking import ask, ask_first, tell
from models.store.engine.database import writing
from models.store.engine.errors import StoreError
from models.tables.columns import moment_number

ENDS: Final = "CASE WHEN seen_at > :at THEN seen_at ELSE :at END"
"""When a session ends that is ended at a moment: not before it was last used, though a clock went back."""

Stands = Callable[[Connection], bool]
"""Whether what somebody proved holds still, asked inside the transaction that rests on it."""


class NotProvedError(StoreError):
    """What somebody proved was ended or changed before anything was made of it."""

    def __init__(self) -> None:
        super().__init__("What was proved no longer stands; nothing was changed.")


class Doors(NamedTuple):
    """How people get in where the record is served: by password, through the provider `issuer`, or both."""

    passwords: bool = True
    issuer: str | None = None


class Opened(NamedTuple):
    """An open session as events tell of it: its id, and the hash of the token it was renewed with."""

    id: str
    renewed: str | None = None


def check_standing(connection: Connection, stands: Stands | None) -> None:
    """Raise `NotProvedError` unless what was proved stands; `None` where nothing had to be proved."""
    if stands is not None and not stands(connection):
        raise NotProvedError


def open_sessions(connection: Connection, account_id: int) -> list[Opened]:
    """An account's sessions that nobody ended, expired ones too, the last used first."""
    sql = (
        "SELECT token_hash, renewed_hash FROM auth_session WHERE account_id = :id AND ended_at IS NULL "
        "ORDER BY seen_at DESC, created_at DESC, token_hash"
    )
    return [Opened(*row) for row in ask(connection, sql, id=account_id)]


def sessions_told(account_id: int, left: Iterable[Opened], found: Iterable[Opened]) -> dict[str, Any]:
    """What an event tells of the sessions it left open, and of those it found."""
    doors = ({"session_digests": each} for each in (left, found))
    return credentials_told(account_id, *doors)


def sign_out(connection: Connection, account_id: int, *, at: datetime, but: str = "") -> int:
    """End every session of an account `but` one, inside an open transaction; how many there were."""
    sql = (
        f"UPDATE auth_session SET ended_at = {ENDS} "  # noqa: S608
        "WHERE account_id = :id AND ended_at IS NULL AND token_hash <> :but"
    )
    return tell(connection, sql, at=moment_number(at), id=account_id, but=but)


def newest_event(connection: Connection) -> int:
    """The number of the newest event, from which on `signed_out_since` looks."""
    ((number,),) = ask(connection, "SELECT coalesce(max(id), 0) FROM audit_event")
    return int(number)


def signed_out_since(connection: Connection, account_id: int, event: int) -> bool:
    """Whether an account was signed out everywhere, or everywhere but on one browser, after an event."""
    sql = (
        "SELECT 1 FROM audit_event WHERE id > :event AND subject = :account "
        "AND (action = 'break glass' OR (action = 'sign out' AND detail LIKE '%\"sessions\":%'))"
    )
    return ask_first(connection, sql, event=event, account=subject_of(account_id)) is not None


def unlink(connection: Connection, condition: str, **values: Any) -> list[str]:
    """Take back the links to providers a condition holds for; their issuers. Inside an open transaction."""
    found = ask(connection, f"SELECT DISTINCT issuer FROM identity WHERE {condition}", **values)  # noqa: S608
    if found:
        tell(connection, f"DELETE FROM identity WHERE {condition}", **values)  # noqa: S608
    return sorted(row[0] for row in found)


def lock_every_door(engine: Engine, *, at: datetime) -> list[str]:
    """End every session, every setup link and every link to a provider; the providers linked to.

    For a record that goes back to an earlier day: some that have ended since would let somebody in again.
    """
    with writing(engine) as connection:
        for table, ended, when in (("auth_session", "ended_at", ENDS), ("setup_link", "used_at", ":at")):
            sql = f"UPDATE {table} SET {ended} = {when} WHERE {ended} IS NULL"  # noqa: S608
            tell(connection, sql, at=moment_number(at))
        return unlink(connection, "true")
