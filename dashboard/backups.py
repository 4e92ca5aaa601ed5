"""Backups while the dashboard runs: one whenever the newest is old enough, and a sentence when one fails."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Engine

from models.store.database import place_of
from models.store.errors import StoreError
from models.store.retention import add_backup, backups_in, thin_out

LOG: Final = logging.getLogger("seventy")
AGAIN: Final = timedelta(minutes=5)
"""How soon a backup that failed is tried again."""
LEAVE: Final = 60.0
"""Seconds a backup has to end when the dashboard does."""


class _Told:
    """What everybody who looks is told about the backups of this process."""

    failure: str | None = None


def failure() -> str | None:
    """Why the last backup is none, in words for the screen; `None` when it is one."""
    return _Told.failure


def _now() -> datetime:
    return datetime.now(UTC)


class Backups:
    """Makes a verified backup every so often, in a thread of its own, while the `with` block runs."""

    def __init__(
        self, engine: Engine, folder: Path, every: timedelta, now: Callable[[], datetime] = _now
    ) -> None:
        self._engine, self._folder, self._every, self._now = engine, folder, every, now
        self._leave = Event()
        self._thread = Thread(target=self._run, name="backups", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.set()
        self._thread.join(LEAVE)
        _Told.failure = None

    def due_in(self) -> timedelta:
        """How long the newest backup is still new enough; a clock that went back does not put one off."""
        made = backups_in(self._folder, place_of(self._engine))
        if not made:
            return timedelta()
        return min(self._every, max(timedelta(), made[0].made_at + self._every - self._now()))

    def turn(self) -> timedelta:
        """Make one if it is due; how long the next turn can wait. What could not be done is told."""
        try:
            due_in = self.due_in()
            if due_in:
                return due_in
            self.make()
        except StoreError as error:
            return self._tell(f"There is no new backup: {error}")
        except Exception as error:  # noqa: BLE001  (a thread that ends would make no more, and say nothing)
            return self._tell(f"There is no new backup ({type(error).__name__}).")
        return self._every

    def make(self) -> None:
        """Make one now and delete what need not stay; one that is damaged is told."""
        add_backup(self._engine, self._folder, at=self._now())
        _Told.failure = None
        damaged = thin_out(self._folder, self._engine).damaged
        if damaged:
            self._tell(f"The backup {damaged[0]} is damaged; the one before it is kept.")

    def _tell(self, failure: str) -> timedelta:
        _Told.failure = failure
        LOG.error("%s", failure)
        return min(AGAIN, self._every)

    def _run(self) -> None:
        wait = timedelta()
        while not self._leave.wait(wait.total_seconds()):
            wait = self.turn()
