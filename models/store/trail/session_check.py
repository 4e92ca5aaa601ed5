"""Whether open sessions began, where and when, and were proved, as events tell of it.

Not later, or they would last longer; and on that browser, or a thief's would look like its owner's own.

Each event of a session tells of the tokens it leaves open. The first that tells of a session's own is its
sign-in, the first that tells of the one it goes by now its last proof, or the glass broken after that. When
something was last done in it no event tells, so that is only held against what cannot be: before it began,
after it ended, or later than now.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from models.store.accounts.account_events import door_digest, subject_of
from models.store.audit.events import told_in
from models.store.engine.asking import ask, ask_first
from models.store.engine.clocks import when
from models.store.trail.finding_words import Finding, told_on
from models.tables.columns import moment_number

DOOR: Final = "session_digests"
_OPEN: Final = (
    "SELECT s.account_id, a.username, s.token_hash, s.renewed_hash, s.created_at, s.proved_at, "
    "s.address, s.browser FROM auth_session s JOIN account a ON a.id = s.account_id WHERE s.ended_at IS NULL "
    "ORDER BY s.account_id, s.token_hash"
)
_PROVED_THEN: Final = (
    "SELECT 1 FROM audit_event WHERE action = 'prove again' AND subject = :account AND happened_at >= :at "
    "AND detail NOT LIKE '%session_digests%'"
)
"""By a version that renewed no token."""


CROSSING: Final = timedelta(minutes=1)
"""So much later than a session's end, or than now, what was done in it may be written: by a clock beside this
one, or by somebody who had read their clock and waited for their turn to write."""
_SEEN: Final = (
    "SELECT a.username, s.created_at, s.seen_at, s.ended_at "
    "FROM auth_session s JOIN account a ON a.id = s.account_id ORDER BY s.account_id, s.token_hash"
)


class _Session(NamedTuple):
    """An open one, with its moments as numbers."""

    account_id: int
    username: str
    token: str
    renewed: str | None
    created_at: int
    proved_at: int
    address: str
    browser: str

    def digest(self, *, now: bool) -> str:
        """How events tell of it: as it goes by `now`, or as it began."""
        return door_digest(self.account_id, DOOR, (self.token, self.renewed if now else None))


class SessionsTold:
    """Which event was the first to tell of each session that is open, among those read so far."""

    def __init__(self, connection: Connection) -> None:
        self._open = [_Session(*row) for row in ask(connection, _OPEN)]
        self._wanted = {each.digest(now=now) for each in self._open for now in (False, True)}
        self._first: dict[str, int] = {}

    def take(self, event: int, digests: Any) -> None:
        """What one more event tells, in the order of their ids."""
        for digest in digests if isinstance(digests, list) else ():
            if isinstance(digest, str) and digest in self._wanted:
                self._first.setdefault(digest, event)

    def differing(self, connection: Connection) -> Iterator[Finding]:
        """The sessions that stand as begun, or proved, later than they were told of."""
        for one in self._open:
            began, went_on = (self._first.get(one.digest(now=now)) for now in (False, True))
            if began is not None and _later(connection, one.created_at, began):
                what = f"an open session stands as begun on {_moment(one.created_at)}"
                yield _finding(connection, one, what, began)
            if began is not None and not _from_there(connection, one, began):
                what = "an open session stands as of another browser or address than it began on"
                yield Finding("record", began, f"Account {one.username}: {what}; {_told(connection, began)}.")
            if went_on is not None and _later(connection, one.proved_at, went_on):
                account = subject_of(one.account_id)
                if one.renewed or not ask_first(connection, _PROVED_THEN, account=account, at=one.proved_at):
                    what = f"who it is stands as proved on {_moment(one.proved_at)} in an open session"
                    yield _finding(connection, one, what, went_on)


def _from_there(connection: Connection, one: _Session, event: int) -> bool:
    """Whether its sign-in tells of the browser and address by which its person knows a session for theirs."""
    sql = "SELECT address, detail FROM audit_event WHERE id = :id AND action = 'sign in'"
    told = ask_first(connection, sql, id=event)
    if told is None:
        return True
    return (told[0], told_in(told[1]).get("browser", one.browser)) == (one.address, one.browser)


def seen_amiss(connection: Connection, *, at: datetime) -> Iterator[Finding]:
    """The sessions in which something was last done when nothing can have been."""
    now, crossing = moment_number(at), CROSSING // timedelta(microseconds=1)
    for username, created, seen, ended in ask(connection, _SEEN):
        if seen < created:
            why = f"and began on {_moment(created)}"
        elif ended is not None and seen > ended + crossing:
            why = f"and ended on {_moment(ended)}"
        elif seen > now + crossing:
            why = "which is later than now"
        else:
            continue
        words = f"Account {username}: a session stands as last used on {_moment(seen)}, {why}."
        yield Finding("record", None, words)


def _later(connection: Connection, moment: int, event: int) -> bool:
    found = ask_first(connection, "SELECT happened_at FROM audit_event WHERE id = :event", event=event)
    return found is not None and moment > found[0]


def _finding(connection: Connection, one: _Session, what: str, event: int) -> Finding:
    words = f"Account {one.username}: {what}, later than any event tells; {_told(connection, event)}."
    return Finding("record", event, words)


def _told(connection: Connection, event: int) -> str:
    return f"told {told_on(connection, event)}"


def _moment(number: int) -> str:
    return f"{when(number):%Y-%m-%d %H:%M} UTC"
