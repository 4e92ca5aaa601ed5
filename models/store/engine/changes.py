"""Whether anything was stored since one last asked, by this program or another, for next to nothing."""

from collections.abc import Hashable
from threading import Lock
from typing import Any, Final

from sqlalchemy import Engine, event

from models.store.engine import sqlite
from models.store.engine.asking import ask
from models.store.engine.database import is_sqlite, key_of, reading
from models.store.engine.lookup import LEDGER, TABLES


class _Watch:
    """SQLite counts for each connection the commits of others: one that never writes hears of all of them."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Any = sqlite.connect(engine.url, key_of(engine))
        self._lock = Lock()

    def version(self) -> int:
        """How often, in a manner of speaking, others have stored something."""
        with self._lock:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


_watches: Final[dict[Engine, _Watch]] = {}
_guard: Final = Lock()


def data_version(engine: Engine) -> Hashable:
    """A value that is another one as soon as something was stored."""
    if not is_sqlite(engine):
        tables = (*TABLES, *(table for table, _ in LEDGER))
        newest = ", ".join(f"(SELECT max(id) FROM {table})" for table in tables)  # noqa: S608
        with reading(engine) as connection:
            return ask(connection, f"SELECT {newest}")[0]
    with _guard:
        watch = _watches.get(engine)
        if watch is None:
            watch = _watches[engine] = _Watch(engine)
            event.listen(engine, "engine_disposed", _let_go)
    return watch.version()


def _let_go(engine: Engine) -> None:
    with _guard:
        watch = _watches.pop(engine, None)
    if watch is not None:
        watch.close()
