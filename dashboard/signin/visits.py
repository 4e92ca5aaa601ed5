"""Who is asking: the session behind a cookie, looked up at most once a second, and kept alive by doing."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from anyio import move_on_after, to_thread
from sqlalchemy import Engine
from starlette.requests import cookie_parser
from starlette.types import Scope

from models.access.tokens import token_hash
from models.store.accounts.lasting import Lasting
from models.store.accounts.sessions import (
    Ending,
    Limits,
    Session,
    ending_of,
    session_of,
    session_opened_with,
    sessions_of,
    touch,
)
from models.store.engine.errors import StoreError

FRESH: Final = timedelta(seconds=1)
"""How old an answer about a session may be: an account disabled now is signed out a second later."""
TOUCHED_EVERY: Final = timedelta(seconds=10)
"""How often doing is written down, or four times in the time somebody may do nothing, if that is oftener."""

MOST_KNOWN: Final = 10_000
"""Tokens of which anything is kept: guesses at cookies fill no memory."""
LONGEST: Final = 0.5
"""Seconds that what somebody does waits for that. A record that is busy is told a little later, one whose
disk is full at another deed: neither keeps a click from the page, which says itself what cannot be saved."""


class Visits:
    """The sessions of a record, as the gate asks for them."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime], limits: Limits, lasting: Lasting | None = None
    ) -> None:
        self.engine, self.clock, self.limits = engine, clock, limits
        self.lasting = lasting or Lasting(limits)
        self._known: dict[str, tuple[datetime, Session | None]] = {}
        self._forgotten = 0  # times something was: what was looked up meanwhile may be older
        self._touched: dict[str, datetime] = {}
        self._let_go: set[str] = set()

    async def of(self, scope: Scope, cookie: str) -> Session | None:
        """The session of a request, `None` without one that is open."""
        token = cookie_of(scope, cookie)
        return await self.opened_with(token_hash(token)) if token else None

    async def opened_with(self, hashed: str) -> Session | None:
        """The session of a token's hash, `None` when it is no longer open or goes by another token."""
        if hashed in self._let_go:
            return None
        now = self.clock()
        at, known = self._known.get(hashed, (None, None))
        if at is None or not timedelta() <= now - at < FRESH:  # a clock may go back
            forgotten = self._forgotten
            known = await to_thread.run_sync(self._look_up, hashed, now)
            if forgotten == self._forgotten:
                self._remember(hashed, now, known)
        return known

    async def open(self, session_id: str) -> Session | None:
        """The session of an id, whichever token it goes by now; `None` when it is no longer open."""
        now = self.clock()
        return await to_thread.run_sync(
            lambda: self.lasting.still(
                session_of(self.engine, session_id, at=now, limits=self.lasting.to_ask), now
            )
        )

    def all_of(self, account_id: int) -> list[Session]:
        """Where an account is signed in now, the last used first."""
        now = self.clock()
        found = sessions_of(self.engine, account_id, at=now, limits=self.lasting.to_ask)
        return [still for each in found if (still := self.lasting.still(each, now))]

    def left(self, session: Session) -> float:
        """Seconds until an open session is over if nothing is done."""
        ends_at = min(session.seen_at + self.limits.idle, session.created_at + self.limits.absolute)
        return max(0.0, min((ends_at - self.clock()).total_seconds(), self.lasting.left(session)))

    async def ending(self, scope: Scope, cookie: str) -> Ending | None:
        """What ended the session a browser still has the cookie of; `None` where that is not known."""
        token, now = cookie_of(scope, cookie), self.clock()
        if not token:
            return None
        return await to_thread.run_sync(
            lambda: ending_of(self.engine, token_hash(token), at=now, limits=self.limits)
        )

    async def did_something(self, session_id: str) -> None:
        """The person, not the page's own traffic, did something."""
        now = self.clock()
        self.lasting.went_on(session_id, now)
        last = self._touched.get(session_id)
        if last is None or now - last >= min(TOUCHED_EVERY, self.limits.idle / 4):
            self._touched[session_id] = now
            with move_on_after(LONGEST), suppress(StoreError):
                await to_thread.run_sync(self._touch, session_id, now, abandon_on_cancel=True)
            self.forget(session_id)

    def is_proved(self, session: Session) -> bool:
        """Whether the person proved who they are so short a while ago that nothing asks for it anew."""
        return timedelta() <= self.clock() - session.proved_at < self.limits.proof

    def let_go(self, scope: Scope, cookie: str) -> None:
        """Who signs out is out, also while that cannot be written down: their token opens nothing here."""
        token = cookie_of(scope, cookie)
        if token and len(self._let_go) < MOST_KNOWN:
            self._let_go.add(token_hash(token))

    def forget(self, session_id: str) -> None:
        """Look a session up anew at the next request, whatever token that brings."""
        self._forgotten += 1
        for hashed in [each for each, (_, known) in self._known.items() if known and known.id == session_id]:
            del self._known[hashed]

    def _touch(self, session_id: str, now: datetime) -> None:
        touch(self.engine, session_id, at=now)

    def _look_up(self, hashed: str, now: datetime) -> Session | None:
        found = session_opened_with(self.engine, hashed, at=now, limits=self.lasting.to_ask)
        return self.lasting.still(found, now)

    def _remember(self, hashed: str, now: datetime, known: Session | None) -> None:
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
            self._touched.clear()
        self._known[hashed] = (now, known)


def cookie_of(scope: Scope, name: str) -> str | None:
    """The value of one cookie of a request, whatever others of this host's programs stand beside it."""
    for key, value in scope["headers"]:
        if key == b"cookie":
            found = cookie_parser(value.decode("latin-1")).get(name)
            if found is not None:
                return found
    return None
