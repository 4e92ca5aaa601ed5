"""Passwords: which are taken, how they are kept, how they are checked.

NIST SP 800-63B-4 and OWASP ASVS 6.2: length and a blocklist, and no rule about capitals, digits or signs.
They are kept as Argon2id, each with its own salt, so that whoever stole the record pays 0.1 s and 64 MiB for
every guess.
"""

import base64
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from models.access.predictable import is_a_block_repeated, is_a_run, is_common, is_made_of

FEWEST_CHARACTERS = 12
FEWEST_CHARACTERS_ALONE = 15
MOST_CHARACTERS = 256

_HASHER = PasswordHasher()
_HALF = "A password has characters of text only; this one has half of a character"
_INSTEAD = "take several words that have nothing to do with each other, or let a password manager choose"


class PasswordError(ValueError):
    """A password that is not taken, in words for whoever chose it; they never repeat it."""


class TooBusyError(RuntimeError):
    """More people sign in at this moment than may wait; they can try again in a second."""

    def __init__(self) -> None:
        super().__init__("Too many people sign in at this moment. Try again in a second.")


def check_password(password: str, *, about: Iterable[str], second_factor: bool) -> str:
    """The password as it is kept, NFKC-normalised and otherwise to the character, or `PasswordError`.

    It has 12 to 256 characters where a second factor is asked for and 15 to 256 where not; spaces, emoji and
    every script count. Refused are common passwords, runs and repeats, and whatever is made of the product's
    words and of `about`: the names of the clinic and of the person.
    """
    fewest = FEWEST_CHARACTERS if second_factor else FEWEST_CHARACTERS_ALONE
    if len(password) > MOST_CHARACTERS:
        raise _length_error(fewest, len(password))
    kept = normalize("NFKC", password)
    if not fewest <= min(len(password), len(kept)) <= len(kept) <= MOST_CHARACTERS:
        raise _length_error(fewest, len(password))
    if _bytes(kept) is None:
        raise PasswordError(_HALF)
    if is_common(kept):
        raise PasswordError(f"This password is one of those that are tried first; {_INSTEAD}")
    if is_a_run(kept) or is_a_block_repeated(kept):
        raise PasswordError(
            f"This password repeats itself or runs along the alphabet, digits or the keyboard; {_INSTEAD}"
        )
    if is_made_of(kept, about):
        raise PasswordError(
            f"This password is made of the names of the clinic, the person or the product; {_INSTEAD}"
        )
    return kept


def hash_password(password: str) -> str:
    """What the record keeps: Argon2id, 64 MiB, 3 passes, 4 lanes, random salt, written "$argon2id$...".

    Takes 0.1 s, two at a time, and blocks: call it in a worker thread. Raises `TooBusyError`, and
    `PasswordError` for half a character.
    """
    encoded = _bytes(normalize("NFKC", password))
    if encoded is None:
        raise PasswordError(_HALF)
    with _TURNS.turn():
        return _HASHER.hash(encoded)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one `stored` is the hash of; `None`, for an unknown account, never is.

    An unknown account takes as long as a known one. Blocks as `hash_password` does. Raises `TooBusyError`,
    and argon2's `InvalidHashError` when `stored` is no hash.
    """
    if len(password) > MOST_CHARACTERS:
        return False
    encoded = _bytes(normalize("NFKC", password))
    if encoded is None:
        return False
    try:
        with _TURNS.turn():
            return _HASHER.verify(_hash_of_nothing() if stored is None else stored, encoded)
    except VerifyMismatchError:
        return False


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with other costs than today's, and is to be made anew at a sign-in."""
    return _HASHER.check_needs_rehash(stored)


class _Turns:
    """Lets `at_once` threads work and `waiting` more wait for their turn; whoever comes then is sent away.

    Sixteen hashes at once would take 1 GiB of memory and 1.5 s each.
    """

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._places = BoundedSemaphore(at_once)
        self._room = BoundedSemaphore(at_once + waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise TooBusyError
        try:
            with self._places:
                yield
        finally:
            self._room.release()


_TURNS = _Turns(at_once=2, waiting=16)


def _bytes(password: str) -> bytes | None:
    try:
        return password.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return None


def _length_error(fewest: int, length: int) -> PasswordError:
    return PasswordError(
        f"A password has {fewest} to {MOST_CHARACTERS} characters, of any kind, spaces too; got {length}"
    )


@cache
def _hash_of_nothing() -> str:
    """A hash at today's costs that no password is known to have: its digest is random, and costs nothing."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()
        for size in (_HASHER.salt_len, _HASHER.hash_len)
    )
    costs = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
