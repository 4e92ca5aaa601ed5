"""Whether each row that lets somebody in as an account is one that the audit trail told of.

The newest event that tells of a door says which rows may stand; where it says which it found there too, it
vouches for those alone that it put in itself or that were told of before; one that it took out and nobody
had told of may have let somebody in. A link or a recovery code that was told of and is gone is a finding too:
where a link is gone, the next verified address of that name is linked. A session or setup link that was ended
lets nobody in, and is none. Where no event told of a door, as in a record from before they did, it is checked
from its next on.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from models.store.accounts.account_events import door_digest
from models.store.engine.asking import ask
from models.store.trail.finding_words import Finding, told_on

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


_GONE: Final = "that was told of opens nothing any more, and no event tells why"
_STAYING: Final = ("link_digests", "recovery_code_digests")
"""The doors whose rows are all told of by each event that takes one out."""


class Passing(NamedTuple):
    """An event that took a row out of a door of which none had told, or found one `gone` that was told of."""

    account: str
    door: str
    event: int
    gone: bool


def vouched(door: str, left: Any, found: Any, told: Any) -> tuple[Any, list[bool]]:
    """The rows an event vouches for of those it left, and of each `Passing` whether the row was gone before.

    All three are digests of rows: `found` beside what the event put in, `told` of before it.
    """
    if not all(isinstance(digests, list) for digests in (left, found, told)):
        return left, []
    untold = [digest for digest in found if digest not in told]
    taken = any(digest not in left for digest in untold)
    gone = door in _STAYING and any(digest not in (*found, *left) for digest in told)
    return [digest for digest in left if digest not in untold], [False] * taken + [True] * gone


def about_passing(connection: Connection, passing: Passing) -> Finding:
    """A row that nobody can look at any more."""
    what, _ = _ROWS[passing.door]
    by = told_on(connection, passing.event)
    said = f"{_GONE}; found {by}."
    if not passing.gone:
        said = f"that no event told of was taken out {by}; it may have let somebody in."
    return Finding("record", passing.event, f"Account {passing.account}: {what} {said}")


def doors_differing(
    connection: Connection, account_id: int, username: str, said: Mapping[str, Any]
) -> Iterator[Finding]:
    """The rows of an account that no event tells of, and those told of that are gone.

    `said` is what was told, by column.
    """
    for door, (what, sql) in _ROWS.items():
        told = said.get(door)
        if told is None or not isinstance(told.value, list):
            continue
        stand = [door_digest(account_id, door, tuple(row)) for row in ask(connection, sql, id=account_id)]
        untold = sum(digest not in told.value for digest in stand)
        gone = sum(digest not in stand for digest in told.value) if door in _STAYING else 0
        last = told_on(connection, told.event) if untold or gone else ""
        for found in ["stands here that no event tells of"] * untold + [_GONE] * gone:
            words = f"Account {username}: {what} {found}; last told {last}."
            yield Finding("record", told.event, words)
