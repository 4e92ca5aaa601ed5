"""How long sessions and broken glasses have lasted by a clock that nobody sets, and what was done last.

Their moments in the record are by the machine's clock: set back, it would leave everybody signed in, and
names to be seen, for as much longer. And while nothing can be written the record does not tell what was done.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

from models.store.accounts.sessions import GLASS_LASTS, Limits, Session

NEVER: Final = datetime.min.replace(tzinfo=UTC)
MOST_KEPT: Final = 10_000


class Lasting:
    """What this process has seen pass since it first heard of a session, of its proof and of a glass.

    It shortens what the record says, but for what was done in a session and could not be written there yet:
    whoever works stays in, unless their session was ended or its hours are over. It begins anew with the
    process.
    """

    def __init__(self, limits: Limits, ticks: Callable[[], float] = monotonic) -> None:
        self.limits, self._ticks = limits, ticks
        self._since: dict[Any, float] = {}
        self._seen: dict[str, tuple[datetime, float]] = {}

    @property
    def to_ask(self) -> Limits:
        """Within which the record is asked for a session: how long nothing was done in it `still` says."""
        return self.limits._replace(idle=self.limits.absolute)

    def still(self, session: Session | None, at: datetime) -> Session | None:
        """The session, without a glass or proof whose time is over; `None` when its own is."""
        if session is None or self.left(session) <= 0:
            return None
        done_at, _ = self._seen.get(session.id, (session.seen_at, None))
        session = session._replace(seen_at=max(session.seen_at, done_at))
        if at - session.seen_at >= self.limits.idle:
            return None
        if self._passed((session.id, session.proved_at)) >= self.limits.proof.total_seconds():
            session = session._replace(proved_at=NEVER)
        if self._passed((session.account.id, session.elevated_until)) >= GLASS_LASTS.total_seconds():
            session = session._replace(elevated_until=None)
        return session

    def left(self, session: Session) -> float:
        """Seconds until its time is over if nothing is done."""
        now, limits = self._ticks(), self.limits
        known = self._seen.get(session.id)
        if known is None or session.seen_at > known[0]:
            known = self._seen[session.id] = session.seen_at, now
        idle = limits.idle.total_seconds() - (now - known[1])
        return min(idle, limits.absolute.total_seconds() - self._passed(session.id))

    def went_on(self, session_id: str, at: datetime) -> None:
        """The person did something."""
        known = self._seen.get(session_id)
        self._seen[session_id] = max(at, known[0]) if known else at, self._ticks()

    def _passed(self, what: Any) -> float:
        if len(self._since) > MOST_KEPT:
            self._since.clear()
            self._seen.clear()
        now = self._ticks()
        return now - self._since.setdefault(what, now)
