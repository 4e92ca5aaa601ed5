"""Who is signed in on which browser, and until when."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.access.tokens import new_token, token_hash
from models.store.accounts.account_events import subject_of
from models.store.accounts.doors import (
    ENDS,
    Opened,
    Stands,
    check_standing,
    open_sessions,
    sessions_told,
    sign_out,
)
from models.store.accounts.failures import count_failure
from models.store.accounts.staff import MEANWHILE, AccountError, StaffAccount, staff_account
from models.store.audit.events import NOTHING, Event, append
from models.store.audit.inserting import insert
from models.store.audit.reasons import reason_of
from models.store.engine.asking import ask, ask_first, tell
from models.store.engine.database import reading, writing
from models.store.engine.lookup import next_id
from models.tables.columns import moment_number, moment_of

MOST_AT_ONCE: Final = 5
"""Browsers on which one account may be signed in; a further sign-in ends the one longest unused."""
GLASS_LASTS: Final = timedelta(minutes=60)
SHORTEST_REASON: Final = 10
_OPENED_WITH: Final = "coalesce(renewed_hash, token_hash)"


class Limits(NamedTuple):
    """How long somebody who does nothing stays signed in, how long anybody does, how long a proof holds."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=12)
    proof: timedelta = timedelta(minutes=10)


class Session(NamedTuple):
    """One browser of one person. `elevated_until` is when the glass they broke closes again.

    `id` is the hash of its first token, and stays when it is renewed: it lets nobody in.
    """

    id: str
    account: StaffAccount
    created_at: datetime
    seen_at: datetime
    proved_at: datetime
    proved_by: str
    address: str
    browser: str
    elevated_until: datetime | None


class Ending(StrEnum):
    """What ended a session: nothing was done, its hours were over, or somebody ended it."""

    IDLE = "idle"
    ABSOLUTE = "absolute"
    ENDED = "ended"


def open_session(
    engine: Engine,
    account_id: int,
    *,
    proved_by: str,
    address: str,
    browser: str,
    at: datetime,
    stands: Stands | None = None,
) -> str:
    """Sign somebody in: the token for their cookie. The one longest unused ends where they have too many.

    `NotProvedError` when what they proved no longer `stands`.
    """
    token, moment = new_token(), moment_number(at)
    with writing(engine) as connection:
        check_standing(connection, stands)
        found, hashed = open_sessions(connection, account_id), token_hash(token)
        kept, too_many = found[: MOST_AT_ONCE - 1], found[MOST_AT_ONCE - 1 :]
        for old in too_many:
            _end(connection, old.id, at)
        moments = dict.fromkeys(("created_at", "seen_at", "proved_at"), moment)
        whose = {"token_hash": hashed, "account_id": account_id}
        row = whose | moments | {"proved_by": proved_by, "address": address, "browser": browser}
        insert(connection, "auth_session", tuple(row), [tuple(row.values())])
        told = sessions_told(account_id, [*kept, Opened(hashed)], found)
        detail = {"proved_by": proved_by, "browser": browser, **told}
        _tell(connection, "sign in", account_id, at, address=address, detail=detail)
    return token


def session_of(engine: Engine, session_id: str, *, at: datetime, limits: Limits) -> Session | None:
    """The session of an id, `None` when it has ended, expired, or its account is disabled."""
    with reading(engine) as connection:
        found = _open(connection, "s.token_hash = :id", at, limits, id=session_id)
    return found[0] if found else None


def session_opened_with(engine: Engine, hashed: str, *, at: datetime, limits: Limits) -> Session | None:
    """The same behind a token's hash: the token it goes by now, and none it had before."""
    with reading(engine) as connection:
        found = _open(connection, f"{_OPENED_WITH} = :hashed", at, limits, hashed=hashed)
    return found[0] if found else None


def ending_of(engine: Engine, hashed: str, *, at: datetime, limits: Limits) -> Ending | None:
    """What ended the session behind a token's hash first; `None` while it is open, or if it never was."""
    sql = f"SELECT seen_at, created_at, ended_at FROM auth_session WHERE {_OPENED_WITH} = :hashed"  # noqa: S608
    with reading(engine) as connection:
        found = ask_first(connection, sql, hashed=hashed)
    if found is None:
        return None
    seen, created, ended = found
    ends = [
        (moment_of(seen) + limits.idle, Ending.IDLE),
        (moment_of(created) + limits.absolute, Ending.ABSOLUTE),
    ]
    if ended is not None:
        ends.append((moment_of(ended), Ending.ENDED))
    ended_at, how = min(ends)
    return how if ended_at <= at else None


def sessions_of(engine: Engine, account_id: int, *, at: datetime, limits: Limits) -> list[Session]:
    """Where an account is signed in now, the last used first."""
    with reading(engine) as connection:
        found = _open(connection, "s.account_id = :id", at, limits, id=account_id)
    return sorted(found, key=lambda session: session.seen_at, reverse=True)


def touch(engine: Engine, session_id: str, *, at: datetime) -> None:
    """The person did something: their session stays open."""
    with writing(engine) as connection:
        sql = (
            "UPDATE auth_session SET seen_at = :at "
            "WHERE token_hash = :id AND seen_at < :at AND ended_at IS NULL"
        )
        tell(connection, sql, at=moment_number(at), id=session_id)


def prove_again(
    engine: Engine,
    session_id: str,
    proved_by: str,
    *,
    address: str,
    at: datetime,
    stands: Stands | None = None,
) -> str | None:
    """The person proved again who they are, as some actions ask: the token their session goes by from now on.

    The one before opens nothing any more. `None` when the session has ended, `NotProvedError` as above.
    """
    with writing(engine) as connection:
        sql = (
            "UPDATE auth_session SET proved_at = :at, proved_by = :how "
            "WHERE token_hash = :id AND ended_at IS NULL"
        )
        if not tell(connection, sql, at=moment_number(at), how=proved_by, id=session_id):
            return None
        check_standing(connection, stands)
        account_id = _whose(connection, session_id)
        token, told = _renew(connection, session_id, account_id, open_sessions(connection, account_id))
        detail = {"proved_by": proved_by, **told}
        _tell(connection, "prove again", account_id, at, address=address, detail=detail)
    return token


def note_failed_proof(
    engine: Engine, session_id: str, buckets: Iterable[str] = (), *, address: str, at: datetime
) -> None:
    """In an open session somebody failed to prove who they are: counted like a sign-in that failed."""
    with writing(engine) as connection:
        count_failure(connection, buckets, at)
        _tell(connection, "refuse proof", _whose(connection, session_id), at, address=address)


def end_session(engine: Engine, session_id: str, *, at: datetime) -> None:
    """Sign out one browser."""
    with writing(engine) as connection:
        account_id = _whose(connection, session_id)
        found = open_sessions(connection, account_id)
        if _end(connection, session_id, at):
            told = sessions_told(account_id, open_sessions(connection, account_id), found)
            _tell(connection, "sign out", account_id, at, detail=told)


def end_sessions_of(engine: Engine, account_id: int, *, at: datetime, but: str = "") -> None:
    """Sign an account out everywhere, or everywhere but on one browser; told also where nobody was in.

    A sign-in that is under way meanwhile sees by it that it is out too (`signed_out_since`).
    """
    with writing(engine) as connection:
        found = open_sessions(connection, account_id)
        ended = sign_out(connection, account_id, at=at, but=but)
        told = sessions_told(account_id, [each for each in found if each.id == but], found)
        _tell(connection, "sign out", account_id, at, detail={"sessions": ended, **told})


def break_glass(engine: Engine, session_id: str, reason: str, *, at: datetime) -> tuple[datetime, str]:
    """Names and scores for an hour, for a reason of ten characters or more; until when, and the new token.

    The glass is the account's. Whoever is signed in as them elsewhere is out, and did not prove who they are.
    `AccountError` when the session has ended meanwhile.
    """
    reason, ends_at = reason_of(reason, SHORTEST_REASON), at + GLASS_LASTS
    with writing(engine) as connection:
        account_id = _whose(connection, session_id)
        columns = ("id", "account_id", "reason", "started_at", "ends_at")
        new = next_id(connection, "elevation")
        row = (new, account_id, reason, moment_number(at), moment_number(ends_at))
        insert(connection, "elevation", columns, [row])
        found = open_sessions(connection, account_id)
        sign_out(connection, account_id, at=at, but=session_id)
        token, told = _renew(connection, session_id, account_id, found)
        detail = {"reason": reason, "until": ends_at, **told}
        _tell(connection, "break glass", account_id, at, detail=detail)
    return ends_at, token


def _renew(
    connection: Connection, session_id: str, account_id: int, found: Iterable[Opened]
) -> tuple[str, dict[str, Any]]:
    """Another token for an open session, and what the event of it tells; `found` are those open before."""
    token = new_token()
    sql = "UPDATE auth_session SET renewed_hash = :hashed WHERE token_hash = :id AND ended_at IS NULL"
    if not tell(connection, sql, hashed=token_hash(token), id=session_id):
        raise AccountError(MEANWHILE)
    return token, sessions_told(account_id, open_sessions(connection, account_id), found)


def _end(connection: Connection, session_id: str, at: datetime) -> bool:
    sql = f"UPDATE auth_session SET ended_at = {ENDS} WHERE token_hash = :id AND ended_at IS NULL"  # noqa: S608
    return tell(connection, sql, at=moment_number(at), id=session_id) == 1


def _whose(connection: Connection, session_id: str) -> int:
    sql = "SELECT account_id FROM auth_session WHERE token_hash = :id"
    ((account_id,),) = ask(connection, sql, id=session_id)
    return int(account_id)


def _tell(
    connection: Connection,
    action: str,
    account_id: int,
    at: datetime,
    *,
    address: str | None = None,
    detail: Mapping[str, Any] = NOTHING,
) -> None:
    ((username,),) = ask(connection, "SELECT username FROM account WHERE id = :id", id=account_id)
    event = Event(action, subject_of(account_id), address=address, detail=detail)
    append(connection, [event], by=username, at=at)


def _open(
    connection: Connection, condition: str, at: datetime, limits: Limits, **values: Any
) -> list[Session]:
    sql = (
        "SELECT s.token_hash, s.created_at, s.seen_at, s.proved_at, s.proved_by, s.address, s.browser, "  # noqa: S608
        "(SELECT e.ends_at FROM elevation e WHERE e.account_id = s.account_id AND e.ends_at > :now "
        "ORDER BY e.id DESC LIMIT 1), "  # the newest, also where one ends later: by a clock since set back
        "a.id, a.username, a.name, a.role, a.sees_names, a.active, a.password_hash IS NOT NULL, "
        "a.totp_secret IS NOT NULL, a.created_at "
        "FROM auth_session s JOIN account a ON a.id = s.account_id "
        f"WHERE {condition} AND s.ended_at IS NULL AND a.active "
        "AND s.seen_at > :idle AND s.created_at > :old"
    )
    values |= {
        "now": moment_number(at),
        "idle": moment_number(at - limits.idle),
        "old": moment_number(at - limits.absolute),
    }
    return [_session(row) for row in ask(connection, sql, **values)]


def _session(row: tuple[Any, ...]) -> Session:
    session_id, created, seen, proved, proved_by, address, browser, elevated, *account = row
    return Session(
        session_id,
        staff_account(tuple(account)),
        moment_of(created),
        moment_of(seen),
        moment_of(proved),
        proved_by,
        address,
        browser,
        None if elevated is None else moment_of(elevated),
    )
