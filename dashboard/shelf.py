"""Files held ready for whoever asked for them, in this process alone: made only at the moment they are taken.

A file lies there for one session, under a token of 256 random bits, no longer than somebody who does nothing
stays signed in, and not a byte of it exists before it is taken.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Final, NamedTuple

from models.access.roles import Right
from models.access.tokens import new_token
from models.store.audit.events import Event

PATH: Final = "/seventy/files"
"""Where they are asked for, followed by the token."""

MOST: Final = 24
"""Files held for one session; a further one takes the place of the oldest."""


class Taken(NamedTuple):
    """A file as it leaves, and what the audit trail is told of it."""

    content: bytes
    event: Event


class File(NamedTuple):
    """A file somebody may take who has all of `rights` then. `make` runs outside any page, once a taking."""

    name: str
    kind: str
    make: Callable[[], Taken]
    rights: tuple[Right, ...]


class Held(NamedTuple):
    """A file on the shelf. `place` is its button, `page` where that stands, `role` that of the look at it."""

    file: File
    session: str
    place: str
    page: str
    role: str
    until: datetime


class Shelf:
    """What is held, by token."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._guard = Lock()

    def hold(self, held: Held, *, at: datetime) -> str:
        """The token under which a file is held from now on: the one its place has already, or a new one."""
        with self._guard:
            self._held = {token: each for token, each in self._held.items() if each.until > at}
            theirs = [token for token, each in self._held.items() if each.session == held.session]
            before = [token for token in theirs if self._held[token].place == held.place]
            token = before[0] if before else new_token()
            self._held.pop(token, None)
            self._held[token] = held
            others = [each for each in theirs if each != token]
            for oldest in others[: max(0, len(others) + 1 - MOST)]:
                del self._held[oldest]
            return token

    def find(self, token: str, session: str, *, at: datetime) -> Held | None:
        """What is held under a token for this session; `None` for every other, and once its time is up."""
        with self._guard:
            held = self._held.get(token)
        return held if held is not None and held.session == session and held.until > at else None


SHELF: Final = Shelf()
"""The one shelf of this process: pages put files on it, and the server's own route hands them out."""
