"""One writer at a time, first come first served.

`threading.Lock` wakes any waiter: with 32 writers the unluckiest one waits two seconds, in turn it waits 0.2.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from time import sleep
from typing import Final

from models.store.engine.errors import BusyError

PATIENCE: Final = 10.0
"""Seconds a save waits for its turn before it says so."""


class FairLock:
    """A lock whose waiters get it in the order they came."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._held = False
        self._waiting: deque[Event] = deque()

    @contextmanager
    def held(self, patience: float) -> Iterator[None]:
        """Hold the lock; `BusyError` when the turn does not come in time."""
        self._acquire(patience)
        try:
            yield
        finally:
            self._release()

    def _acquire(self, patience: float) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = Event()
            self._waiting.append(turn)
        if turn.wait(patience):
            return
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                raise BusyError
        # The turn came between giving up and saying so: it is ours.

    def _release(self) -> None:
        with self._guard:
            if not self._waiting:
                self._held = False
                return
            turn = self._waiting.popleft()  # stays held: it goes to the next in line
        turn.set()
        sleep(0)  # gives way: the next would wait for what this thread does after, some twelfth of its turn


_locks: dict[str, FairLock] = {}
_guard = Lock()


def lock_of(database: str) -> FairLock:
    """The one lock of a database in this program, however many engines are open on it."""
    with _guard:
        return _locks.setdefault(database, FairLock())
