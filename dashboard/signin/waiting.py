"""Who waits before a password is read: whoever comes after too many attempts that failed, and how long."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import Final, NamedTuple

from sqlalchemy import Engine

from models.access import passwords, throttle
from models.access.tokens import token_hash
from models.store.accounts import failures
from models.store.accounts.staff import username_key

EVERYBODY: Final = throttle.EVERYBODY.name
_LIMITS: Final = {each.name: each for each in (throttle.ACCOUNT, throttle.ADDRESS, throttle.EVERYBODY)}
_OF_ONE_CUSTOMER: Final = 64  # bits


class SignInError(Exception):
    """Nobody was signed in; the words go to the screen. `wait` is in how many seconds to try again."""

    def __init__(self, words: str, wait: float = 0.0) -> None:
        self.wait = wait
        super().__init__(words)


class Buckets(NamedTuple):
    """Those whose failures an attempt waits for, and those in which its own is counted."""

    waits: tuple[str, ...]
    counts: tuple[str, ...]

    @classmethod
    def of(cls, username: str, address: str, known: str | None) -> "Buckets":
        """Those of an attempt; from a browser `known` as this person's it waits for that browser's alone."""
        account = bucket_of(username)
        all_of_them = (account, f"{throttle.ADDRESS.name} {network_of(address)}", EVERYBODY)
        if known is None:
            return cls(all_of_them, all_of_them)
        own = f"{account}{failures.AT}{known}"
        return cls((own,), (own, *all_of_them))


class Waiting:
    """Refuses attempts that come too early, those that come at once among them."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._unread: Counter[str] = Counter()
        self._counting = Lock()

    @contextmanager
    def attempt(self, buckets: Buckets) -> Iterator[None]:
        """One attempt; until it was read, whoever comes meanwhile is told to wait as if it had failed."""
        with self._counting:
            self._refuse_hurry(buckets.waits)
            self._unread.update(buckets.counts)
        try:
            with in_turn():
                yield
        finally:
            with self._counting:
                self._unread -= Counter(buckets.counts)

    def _refuse_hurry(self, buckets: Iterable[str]) -> None:
        now = self._clock()
        waits = []
        for bucket in buckets:
            limit = _LIMITS[bucket.partition(" ")[0]]
            failed = failures.failures(self._engine, bucket, since=now - limit.remembered)
            waits.append(limit.wait_seconds([*failed, *[now] * self._unread[bucket]], now))
        if max(waits) > 0:
            left = round(max(waits)) or 1
            said = f"{left} second{'' if left == 1 else 's'}"
            raise SignInError(f"Too many attempts failed. Try again in {said}.", max(waits))


@contextmanager
def in_turn() -> Iterator[None]:
    """Where more people sign in than may wait, whoever comes is told to come again, and has not failed."""
    try:
        yield
    except passwords.TooBusyError as crowd:
        raise SignInError(str(crowd), 1.0) from None


def bucket_of(username: str) -> str:
    """Where failures of an account are counted; of what was typed only a hash, for it may be a password."""
    return f"{throttle.ACCOUNT.name} {token_hash(username_key(username))}"


def network_of(address: str) -> str:
    """What waits as one address: of IPv6 the network that one customer of a provider has to choose from."""
    with suppress(ValueError):
        found = ip_address(address)
        if isinstance(found, IPv6Address) and not found.is_loopback:
            free = 128 - _OF_ONE_CUSTOMER
            return str(found.ipv4_mapped or IPv6Network((int(found) >> free << free, _OF_ONE_CUSTOMER)))
    return address
