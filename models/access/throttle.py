"""How long to wait after failed sign-ins: a rule over the failures of one account, one address, or all.

Nobody is locked out for good. A stranger who guesses at an account makes whoever comes wait, and one who goes
on for ever keeps everybody waiting, but not where a browser is known to be its owner's: what fails in it is
counted apart (`dashboard.signin.known`). An attempt that comes too early is refused unread and is no failure,
so that asking again does not lengthen the wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_FIRST_WAIT_SECONDS = 1.0


@dataclass(frozen=True)
class Limit:
    """The waits of one kind of bucket, which holds the moments of failed sign-ins.

    name               what the bucket is of
    remembered         how long a failure counts
    free               so many failures bring no wait; the next brings 1 s, each further one doubles it
    longest_seconds    where the doubling ends
    many               from so many failures on ...
    many_seconds       ... the wait is this long
    """

    name: str
    remembered: timedelta
    free: int
    longest_seconds: float
    many: int | None = None
    many_seconds: float = 0.0

    def wait_seconds(self, failures: Sequence[datetime], now: datetime) -> float:
        """Seconds from `now` until the next attempt is read; 0.0 is at once.

        `failures` are the bucket's failed attempts in any order, those before the last success left out where
        the bucket is an account's. All moments carry their zone, or none does (else `TypeError`). A failure
        dated after `now`, by a clock that was set back, is counted, but no wait runs from it.
        """
        counted = [failed_at for failed_at in failures if now - failed_at < self.remembered]
        past = [failed_at for failed_at in counted if failed_at <= now]
        if len(counted) <= self.free or not past:
            return 0.0
        waited = (now - max(past)).total_seconds()
        return max(0.0, self._wait_after(len(counted)) - waited)

    def _wait_after(self, count: int) -> float:
        if self.many is not None and count >= self.many:
            return self.many_seconds
        doublings = min(count - self.free - 1, 32)  # a float has room for these, and a wait ends long before
        return min(_FIRST_WAIT_SECONDS * 2.0**doublings, self.longest_seconds)


ACCOUNT = Limit(
    "account",
    remembered=timedelta(days=30),
    free=4,
    longest_seconds=60.0,
    many=100,  # NIST SP 800-63B allows no more than 100 consecutive failures before guessing is held up
    many_seconds=3600.0,
)
"""Waits 1, 2, 4 ... 32 s after the 5th to 10th failure, then 60 s, and an hour from the 100th in 30 days."""

ADDRESS = Limit("address", remembered=timedelta(hours=1), free=4, longest_seconds=60.0)
"""The same without the hour: a clinic's staff share one address, whose failures are many people's."""

EVERYBODY = Limit("everybody", remembered=timedelta(minutes=10), free=60, longest_seconds=4.0)
"""Slows guessing spread over accounts and addresses, and no more: a stranger can make everybody wait 4 s."""
