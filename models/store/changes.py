"""Whether anything was stored since one last asked, by this program or another, for next to nothing."""

from collections.abc import Hashable
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from models.store import sqlite
from models.store.database import is_sqlite, reading
from models.store.lookup import TABLES, ask


class _Watch:
    """SQLite counts for each connection the commits of others: one that never writes hears of all of them."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Any = sqlite.connect(engine.url)
        self._lock = Lock()

    def version(self) -> int:
        with self._lock:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


_watches: Final[WeakKeyDictionary[Engine, _Watch]] = WeakKeyDictionary()
_guard: Final = Lock()


def data_version(engine: Engine) -> Hashable:
    """A value that is another one as soon as something was stored."""
    if not is_sqlite(engine):
        newest = ", ".join(f"(SELECT max(id) FROM {table})" for table in TABLES)  # noqa: S608
        with reading(engine) as connection:
            return tuple(ask(connection, f"SELECT {newest}").one())
    with _guard:
        watch = _watches.get(engine) or _watches.setdefault(engine, _Watch(engine))
    return watch.version()
