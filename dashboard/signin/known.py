"""Browsers that somebody has got in with before: no guesses of strangers make that person wait there.

Each wrong guess at an account makes the next attempt wait. With that alone, a stranger who guesses as soon as
each wait ends keeps its owner out for as long as they like. A browser therefore keeps a sealed note of each
account somebody got in to with it. The note lets nobody in; it has attempts at that account counted apart.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from models.access.keys import COOKIES, Keys, SealError
from models.access.throttle import ACCOUNT
from models.access.tokens import token_hash
from models.store.accounts.staff import username_key
from models.tables.columns import moment_number, moment_of

LASTS: Final = ACCOUNT.remembered
MOST: Final = 8
"""People of whom one browser has a note; a further one takes the place of the oldest."""
_BETWEEN: Final = "~"


class KnownBrowsers:
    """Makes and reads such notes, all those of a browser in one text."""

    def __init__(self, keys: Keys, clock: Callable[[], datetime]) -> None:
        self._keys, self._clock = keys, clock

    def known(self, notes: str, username: str) -> str | None:
        """What this browser is called where this person's failures are counted; `None` without a note."""
        return next(filter(None, (self._read(note, username) for note in _each(notes))), None)

    def noted(self, notes: str, username: str) -> str:
        """The notes with a new one of this person, who has just got in."""
        told = f"{secrets.token_hex(8)} {moment_number(self._clock())}"
        others = [note for note in _each(notes) if self._read(note, username) is None]
        new = self._keys.seal(COOKIES, told.encode(), _about(username))
        return _BETWEEN.join([new, *others][:MOST])

    def _read(self, note: str, username: str) -> str | None:
        with suppress(SealError):
            name, since = self._keys.open(COOKIES, note, _about(username)).decode().split()
            if self._clock() - moment_of(int(since)) < LASTS:
                return name
        return None


def _each(notes: str) -> list[str]:
    return notes.split(_BETWEEN)[:MOST] if notes else []


def _about(username: str) -> str:
    return f"known browser:{token_hash(username_key(username))}"
