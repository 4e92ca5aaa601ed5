"""Databases of a PostgreSQL server for tests to fill."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

import psycopg
from sqlalchemy import Engine, make_url

from models.access.keys import Keys, key_file
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from tests.support.builders import NOW

_RECORDED = [
    "erasing",
    "erasure",
    "merged_patient",
    "claim_look",
    "item_score",
    "safety_alert",
    "assessment",
    "infusion",
    "course",
    "patient",
    "kept_scale",
    "elevation",
    "sign_in_failure",
    "auth_session",
    "setup_link",
    "recovery_code",
    "identity",
    "account",
]

KEYS = Keys(b"the key of the tests".ljust(32))
AUDIT_KEY = KEYS.derive("audit")
_EVENTS_OF_A_START = 3  # the trail begins, a clinic, a locked question


@contextmanager
def connected(url: str, *, key: bytes | None = None) -> Iterator[Engine]:
    """An engine that lets go of its connections at the end. All tests seal their trails with one key."""
    engine = open_engine(url, key=key, audit_key=AUDIT_KEY)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def connected_own(url: str) -> Iterator[Engine]:
    """An engine with the key of whoever runs the command."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


def put_key() -> None:
    """The key that a record was begun with: no other goes on with its trail."""
    with suppress(FileExistsError):
        KEYS.write(key_file())


class Databases:
    """What was made on the server, to be dropped again."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._numbers = count()
        self._made: list[str] = []
        self._kept: list[str] = []
        self._started: str | None = None
        self._pristine: str | None = None

    def new(self, kind: str = "") -> str:
        """The URL of an empty database, of the server's usual kind or another (`LOCALE_PROVIDER icu …`)."""
        return self._make(f"template0 {kind}", self._made)

    def _make(self, like: str, among: list[str]) -> str:
        name = f"seventy_{os.getpid()}_{next(self._numbers)}"
        _run(self._server, f'CREATE DATABASE "{name}" TEMPLATE {like}')
        among.append(name)
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)

    def _begun(self) -> str:
        """The URL of a started, empty record to copy: migrations run once."""
        if self._pristine is None:
            self._pristine = self._make("template0", self._kept)
            with connected(self._pristine) as engine:
                start(engine, at=NOW)
        return self._pristine

    def started(self) -> str:
        """The URL of a started, empty record: always the same, emptied as only its owner could."""
        if self._started is None:
            self._started = self._copied(self._begun(), self._kept)
        _run(
            self._started,
            "SET session_replication_role = replica",
            *(f"DELETE FROM {table}" for table in _RECORDED),  # noqa: S608  (of few rows quicker than TRUNCATE)
            "DELETE FROM clinic WHERE supersedes_id IS NOT NULL",
            "DELETE FROM claim_lock WHERE id > 1",
            "DELETE FROM claim WHERE id > 1",
            f"DELETE FROM audit_event WHERE id > {_EVENTS_OF_A_START}",  # noqa: S608
        )
        return self._started

    def its_own(self) -> str:
        """The URL of a started, empty record that nobody else uses, to do to it what cannot be undone."""
        return self.copied(self._begun())

    def copied(self, url: str) -> str:
        """The URL of a database that holds what another one does, which nobody may have open."""
        return self._copied(url, self._made)

    def _copied(self, url: str, among: list[str]) -> str:
        return self._make(f'"{make_url(url).database}"', among)

    @contextmanager
    def going(self) -> Iterator[None]:
        """What is made meanwhile is dropped at the end: hundreds of them are gigabytes."""
        stay = len(self._made)
        yield
        self._drop(self._made[stay:])
        del self._made[stay:]

    def close(self) -> None:
        """Drop them all, unless they go with a server that is thrown away."""
        if os.environ.get("SEVENTY_TEST_POSTGRES"):
            self._drop([*self._made, *self._kept])

    def _drop(self, names: list[str]) -> None:
        for name in names:
            _run(self._server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(database: str, *statements: str) -> None:
    url = make_url(database).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("; ".join(statements))
