"""What an event tells of an account that it made or changed, so that the row can be held against it.

Name, role and rights are told as they are. Of the password's hash and of the sealed secret of the
authenticator a SHA-256 is told, which lets nobody in and says nothing of either: both hold random bits.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from models.store.engine.asking import ask

CREDENTIALS: Final = "credentials"
"""Under which name an event tells the digests, by account."""

FOUND: Final = "credentials found"
"""Under which name it tells those of the rows it found in a door, beside what it put in."""

DIGESTED: Final = MappingProxyType(
    {"password_hash": "password_digest", "totp_secret": "authenticator_digest"}
)
"""The columns told as digests, and what these are called in an event."""

STEP: Final = "authenticator_step"
"""As what an event tells the time step of the last code of the authenticator that was used up."""

DOORS: Final = ("link_digests", "setup_link_digests", "recovery_code_digests", "session_digests")
"""The rows that let somebody in as an account, told as digests: all that stand once the event is over."""

Doors = Mapping[str, Iterable[tuple[Any, ...]]]
NO_DOORS: Final[Doors] = MappingProxyType({})
SHUT: Final[Doors] = MappingProxyType(dict.fromkeys(DOORS, ()))
"""Nothing that lets anybody in."""
SIGNED_OUT: Final[Doors] = MappingProxyType({"session_digests": ()})

KEPT: Final = ("username", "name", "role", "sees_names", "active")
"""The columns told as they are, before and after."""


def credentials_told(
    account_id: int,
    doors: Doors = NO_DOORS,
    found: Doors = NO_DOORS,
    *,
    totp_step: int | None = None,
    **columns: str | None,
) -> dict[str, Any]:
    """What an event tells of the credentials it wrote, by column, and of `doors`: all rows that stand.

    With the rows it `found` beside those it put in, it vouches only for what it did: a row put in behind the
    trail stays one that no event tells of. What stands is then worked out from these, and not read again.
    """
    told: dict[str, Any] = {DIGESTED[name]: digest_of(account_id, name, columns[name]) for name in columns}
    told |= _digests(account_id, doors) | ({} if totp_step is None else {STEP: totp_step})
    before = {FOUND: {subject_of(account_id): _digests(account_id, found)}} if found else {}
    return {**before, CREDENTIALS: {subject_of(account_id): told}}


def door_digest(account_id: int, door: str, row: tuple[Any, ...]) -> str:
    """The digest of one row of a door: issuer and subject, token hash and expiry, code hash, or token hashes.

    What is empty is left out: a session that was never renewed is told as it was before any could be.
    It needs no key. Whoever can write to the database can make the digest of a row of theirs too, but has
    to have an event that tells it, and events are sealed with the key of the trail; a digest told already
    fits the one row of the one account. Token and code hashes hold random bits; who reads the trail and
    guesses a subject can see from it whether they guessed right, and a subject lets nobody in.
    """
    return hashlib.sha256(json.dumps([account_id, door, *filter(None, row)]).encode()).hexdigest()


def _digests(account_id: int, doors: Doors) -> dict[str, list[str]]:
    return {door: sorted(door_digest(account_id, door, row) for row in rows) for door, rows in doors.items()}


def authenticators_told(connection: Connection) -> dict[str, Any]:
    """What an event tells of all authenticators once they were sealed anew."""
    held = ask(connection, "SELECT id, totp_secret FROM account WHERE totp_secret IS NOT NULL")
    told = {
        subject_of(number): {DIGESTED["totp_secret"]: digest_of(number, "totp_secret", it)}
        for number, it in held
    }
    return {CREDENTIALS: told} if told else {}


def doors_shut(connection: Connection) -> dict[str, Any]:
    """What an event tells once every session, setup link and link to a provider was ended or taken back."""
    shut: dict[str, list[str]] = {"link_digests": [], "setup_link_digests": [], "session_digests": []}
    told = {subject_of(number): shut for (number,) in ask(connection, "SELECT id FROM account")}
    return {CREDENTIALS: told} if told else {}


def digest_of(account_id: int, column: str, value: str | None) -> str | None:
    """The digest of a column of one account, `None` of one that is empty; it fits no other account."""
    if value is None:
        return None
    return hashlib.sha256(f"{subject_of(account_id)}\n{column}\n{value}".encode()).hexdigest()


def subject_of(account_id: int) -> str:
    """How events call an account."""
    return f"account {account_id}"
