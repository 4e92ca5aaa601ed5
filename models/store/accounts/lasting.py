"""How long sessions and broken glasses have lasted by a clock that nobody sets.

Their moments in the record are by the machine's clock: set back, it would leave everybody signed in, and
names to be seen, for as much longer.
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

    It only ever shortens what the record says, and begins anew with the process.
    """

    def __init__(self, limits: Limits, ticks: Callable[[], float] = monotonic) -> None:
        self.limits, self._ticks = limits, ticks
        self._since: dict[Any, float] = {}
        self._seen: dict[str, tuple[datetime, float]] = {}

    def still(self, session: Session | None) -> Session | None:
        """The session, without a glass or proof whose time is over; `None` when its own is."""
        if session is None or self.left(session) <= 0:
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
