"""What is done for the record while the dashboard runs, and a sentence for everybody when it fails."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Final, NamedTuple, Self

from sqlalchemy import Engine

from models.store.audit.events import head_of
from models.store.backups.belonging import backups_in
from models.store.backups.retention import add_backup, thin_out
from models.store.engine.database import reading
from models.store.engine.errors import StoreError
from models.store.health.copies import second_folder
from models.store.health.trial import EVERY, NothingToTryError, held_at, try_restore
from models.store.trail.anchors import Anchor, anchor

LOG: Final = logging.getLogger("seventy")
AGAIN: Final = timedelta(minutes=5)
"""How soon a backup that failed is tried again, and how often it is noted how far the trail has come."""
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
LEAVE: Final = 45.0
"""Seconds that what has begun has to end when the dashboard does: systemd ends it by force after 60."""


class Duty(NamedTuple):
    """Something to be done every so often.

    `lacking` begins the sentence that tells of a failure, `done` says when it was done before, `do` does it
    at a moment and says what is wrong nonetheless. What failed is tried `again` so much later.
    """

    lacking: str
    every: timedelta
    done: Callable[[], Iterable[datetime]]
    do: Callable[[datetime], str | None]
    again: timedelta = AGAIN

    def due_in(self, at: datetime) -> timedelta:
        """How long what was done last will do; not what a clock that was ahead did.

        Or nothing would be done again until it is then.
        """
        last = max((each for each in self.done() if each <= at), default=None)
        return timedelta() if last is None else max(timedelta(), last + self.every - at)


def backing_up(engine: Engine, folder: Path, every: timedelta) -> Duty:
    """A verified backup in a folder, from which those go that need not stay."""
    return _into(engine, folder, every, "There is no new backup")


def copying(engine: Engine, folder: Path, backups: Path) -> Duty:
    """The same once a day in a second folder, for the day the first disk is lost: told if it is on that."""
    made = _into(engine, folder, DAY, f"There is no new copy in the second folder, {folder}")

    def do(at: datetime) -> str | None:
        wrong, found = made.do(at), second_folder(engine, backups, folder)
        here = None if found.fine else f"{found.says} Its own disk may not be there."
        return " ".join(filter(None, (wrong, here))) or None

    return made._replace(do=do)


def trying(engine: Engine, folder: Path) -> Duty:
    """The newest backup of a folder restored for trial once a week; the audit trail tells when that was."""

    def do(at: datetime) -> None:
        with suppress(NothingToTryError):  # which is told of the backups
            try_restore(engine, folder, by="seventy serve", at=at)

    return Duty(
        "The newest backup could not be restored for trial",
        EVERY,
        lambda: filter(None, [held_at(engine)]),
        do,
        again=HOUR,
    )


def anchoring(engine: Engine, folder: Path) -> Duty:
    """How far the audit trail has come, noted outside the database whenever it went on.

    What is cut off its end between two notes does not show.
    """
    noted: Anchor | None = None

    def do(at: datetime) -> None:
        nonlocal noted
        with reading(engine) as connection:
            head = head_of(connection)
        if noted is None or noted.head != head:
            noted = anchor(engine, folder, at)

    return Duty("How far the audit trail has come was not noted", AGAIN, tuple, do)


def _into(engine: Engine, folder: Path, every: timedelta, lacking: str) -> Duty:
    def do(at: datetime) -> str | None:
        add_backup(engine, folder, at=at)
        damaged = thin_out(folder, engine).damaged
        return f"The backup {damaged[0]} is damaged; the one before it is kept." if damaged else None

    return Duty(lacking, every, lambda: [one.made_at for one in backups_in(folder, engine)], do)


_told: Final[dict[str, str]] = {}


def failures() -> list[str]:
    """What is not done as it should be in this process, in words for the screen."""
    return list(_told.values())


def _now() -> datetime:
    return datetime.now(UTC)


class Rounds:
    """Sees to duties, one after the other, in a thread of its own, while the `with` block runs."""

    def __init__(self, duties: Sequence[Duty], now: Callable[[], datetime] = _now) -> None:
        self._duties, self._now = duties, now
        self._failed_at: dict[str, datetime] = {}
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
        _told.clear()

    def turn(self) -> timedelta:
        """Do what is due; how long the next turn can wait."""
        waits = [self._see_to(duty) for duty in self._duties if not self._leave.is_set()]
        return min(waits, default=AGAIN)

    def _see_to(self, duty: Duty) -> timedelta:
        """How long a duty can wait, once it is done if it is due. What could not be done is told."""
        at = self._now()
        since = at - self._failed_at.get(duty.lacking, at - duty.again)
        if timedelta() <= since < duty.again:
            return duty.again - since
        try:
            due_in = duty.due_in(at)
            wrong = None if due_in else duty.do(at)
        except StoreError as error:
            return self._fail(duty, at, f"{duty.lacking}: {error}")
        except Exception as error:  # noqa: BLE001  (a thread that ends would do no more, and say nothing)
            return self._fail(duty, at, f"{duty.lacking} ({type(error).__name__}).")
        if self._failed_at.pop(duty.lacking, None) or not due_in:
            _told.pop(duty.lacking, None)
        if wrong:
            _tell(duty, wrong)
        return due_in or duty.every

    def _fail(self, duty: Duty, at: datetime, words: str) -> timedelta:
        self._failed_at[duty.lacking] = at
        _tell(duty, words)
        return min(duty.again, duty.every)

    def _run(self) -> None:
        wait = timedelta()
        while not self._leave.wait(wait.total_seconds()):
            wait = self.turn()


def _tell(duty: Duty, words: str) -> None:
    _told[duty.lacking] = words
    LOG.error("%s", words)
