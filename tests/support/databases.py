"""Databases of a PostgreSQL server for tests to fill: copied from a started one, dropped at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from sqlalchemy import Engine, make_url

from models.store.database import open_engine
from models.store.migrate import start
from tests.support.builders import NOW


@contextmanager
def connected(url: str) -> Iterator[Engine]:
    """An engine that lets go of its connections at the end."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


class Databases:
    """What was made on the server, to be dropped again."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._numbers = count()
        self._made: list[str] = []
        self._template: str | None = None

    def new(self) -> str:
        """The URL of an empty database."""
        return self._create("template0")

    def started(self) -> str:
        """The URL of a started record."""
        if self._template is None:
            url = self.new()
            with connected(url) as engine:
                start(engine, at=NOW)
            self._template = str(make_url(url).database)
        return self._create(self._template)

    def close(self) -> None:
        """Drop them all."""
        for name in self._made:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _create(self, template: str) -> str:
        name = f"seventy_{os.getpid()}_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)

    def _run(self, sql: str) -> None:
        url = make_url(self._server).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(sql)
