"""Whether each row that lets somebody in as an account is one that the audit trail told of.

The newest event that tells of a door says which rows may stand; where it says which it found there too, it
vouches for those alone that it put in itself or that were told of before. A row that is gone lets nobody in,
and is no finding, but for one that such an event took out and nobody had told of: it may have let somebody
in. Where no event told of a door, as in a record from before they did, it is checked from its next on.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from models.store.account_events import door_digest
from models.store.asking import ask
from models.store.finding_words import Finding, told_on

_ROWS: Final = MappingProxyType(
    {
        "link_digests": (
            "a link to an identity provider",
            "SELECT issuer, subject FROM identity WHERE account_id = :id ORDER BY issuer, subject",
        ),
        "setup_link_digests": (
            "an open setup link",
            (
                "SELECT token_hash, expires_at FROM setup_link WHERE account_id = :id AND used_at IS NULL "
                "ORDER BY token_hash"
            ),
        ),
        "recovery_code_digests": (
            "a recovery code",
            (
                "SELECT code_hash FROM recovery_code WHERE account_id = :id AND used_at IS NULL "
                "ORDER BY code_hash"
            ),
        ),
        "session_digests": (
            "an open session",
            (
                "SELECT token_hash, renewed_hash FROM auth_session "
                "WHERE account_id = :id AND ended_at IS NULL "
                "ORDER BY token_hash"
            ),
        ),
    }
)


class Taken(NamedTuple):
    """An event that took a row out of a door that no event had told of."""

    account: str
    door: str
    event: int


def vouched(left: Any, found: Any, told: Any) -> tuple[Any, bool]:
    """The rows an event vouches for of those it left, and whether it took one out that nobody told of.

    All three are digests of rows: `found` beside what the event put in, `told` of before it.
    """
    if not all(isinstance(digests, list) for digests in (left, found, told)):
        return left, False
    untold = [digest for digest in found if digest not in told]
    return [digest for digest in left if digest not in untold], any(digest not in left for digest in untold)


def about_taken(connection: Connection, taken: Taken) -> Finding:
    """A row that nobody can look at any more."""
    what, _ = _ROWS[taken.door]
    gone = f"was taken out {told_on(connection, taken.event)}"
    words = f"Account {taken.account}: {what} that no event told of {gone}; it may have let somebody in."
    return Finding("record", taken.event, words)


def doors_differing(
    connection: Connection, account_id: int, username: str, said: Mapping[str, Any]
) -> Iterator[Finding]:
    """The rows of an account that no event tells of; `said` is what was told, by column."""
    for door, (what, sql) in _ROWS.items():
        told = said.get(door)
        if told is None or not isinstance(told.value, list):
            continue
        for row in ask(connection, sql, id=account_id):
            if door_digest(account_id, door, tuple(row)) not in told.value:
                last = told_on(connection, told.event)
                words = f"Account {username}: {what} stands here that no event tells of; last told {last}."
                yield Finding("record", told.event, words)
