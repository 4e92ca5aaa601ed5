"""Sentences said to the driver itself, inside a transaction that SQLAlchemy opened.

SQLAlchemy's own way costs ten to forty times the short queries a save is made of, while others wait in line.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from models.store.engine.database import driver_of, is_sqlite, said


def ask(connection: Connection, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query; `:name` in it stands for a value."""
    sentence = sql if is_sqlite(connection) else _postgres(sql)
    with said(connection, sql):
        rows: list[tuple[Any, ...]] = driver_of(connection).execute(sentence, values).fetchall()
    return rows


def ask_first(connection: Connection, sql: str, **values: Any) -> tuple[Any, ...] | None:
    """The first row of a query, if there is one."""
    return next(iter(ask(connection, sql, **values)), None)


def tell(connection: Connection, sql: str, **values: Any) -> int:
    """Run a statement that changes rows; how many it changed."""
    sentence = sql if is_sqlite(connection) else _postgres(sql)
    with said(connection, sql):
        return int(driver_of(connection).execute(sentence, values).rowcount)


def tell_many(connection: Connection, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement of SQLite's once for each row of values."""
    with said(connection, sql):
        driver_of(connection).executemany(sql, rows)


@contextmanager
def damaged(connection: Connection) -> Iterator[None]:
    """What somebody left in a file that is no text is read nonetheless, as other text; a server has none."""
    if not is_sqlite(connection):
        yield
        return
    driver = driver_of(connection)
    driver.text_factory = lambda written: written.decode(errors="replace")
    try:
        yield
    finally:
        driver.text_factory = str


@lru_cache(256)
def _postgres(sql: str) -> str:
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", sql.replace("%", "%%"))
