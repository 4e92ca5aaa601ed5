"""The record in memory, and how it keeps up with what anybody stores."""

from collections.abc import Callable
from itertools import count
from threading import Lock
from typing import Final

from sqlalchemy import Engine

from models.store.engine.changes import data_version
from models.store.record import read

VERSIONS: Final = count()


class Snapshot:
    """The record as last read; before every use it catches up with what anybody has stored since."""

    def __init__(self, engine: Engine, forget: Callable[[], None] = lambda: None) -> None:
        """`forget` is called once somebody was erased: what was worked out before is not kept."""
        self._engine, self._forget = engine, forget
        self._lock = Lock()
        self._stored = data_version(engine)
        self._record = read.record(engine)
        self._version = next(VERSIONS)

    def now(self) -> tuple[read.Record, int]:
        """The record as it stands, and a number that changes when it does."""
        with self._lock:
            stored = data_version(self._engine)
            if stored != self._stored:
                record = read.catch_up(self._engine, self._record)
                self._stored = stored
                if record.watermark.erasure != self._record.watermark.erasure:
                    self._forget()
                if record is not self._record:
                    self._record, self._version = record, next(VERSIONS)
            return self._record, self._version
