"""What was deleted, gone from the database's files too, as far as a program can say.

SQLite's file is written anew without it and its log cut to nothing; PostgreSQL's tables are written anew.
What a disk keeps in blocks that no file uses, and a server's archived logs and replicas, are beyond this.
"""

from typing import Any, Final

import psycopg
from sqlalchemy import Engine

from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, key_of
from models.store.rows.digests import TABLES

AGAIN: Final = "Its rows are gone; their bytes may still be in {}: {}. Stop the dashboard and erase again."
_POSTGRES: Final = (*TABLES, "audit_event")


def wipe(engine: Engine) -> str | None:
    """Write anew what rows were deleted from; what could not be, in words."""
    return _sqlite(engine) if is_sqlite(engine) else _postgres(engine)


def _sqlite(engine: Engine) -> str | None:
    path = sqlite.file_of(engine.url)
    connection: Any = None
    try:
        connection = sqlite.connect(engine.url, key_of(engine))
        connection.execute("VACUUM").fetchall()
        ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite.driver.Error as error:
        return AGAIN.format(path, error)
    finally:
        if connection is not None:
            connection.close()
    return AGAIN.format(f"{path}-wal", "somebody is reading") if busy else None


def _postgres(engine: Engine) -> str | None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET lock_timeout = '10s'")
            for table in _POSTGRES:
                connection.execute(f"VACUUM (FULL) {table}")
    except psycopg.Error as error:
        return AGAIN.format("the server's files", str(error).splitlines()[0])
    return None
