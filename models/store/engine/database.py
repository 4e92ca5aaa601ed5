"""The engine of a record, and the two ways to use it: to read one moment's state, or to write alone."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import platformdirs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
)

from models.store.engine import sqlite
from models.store.engine.errors import BusyError, CannotOpenError, RefusedError, StoreError, UnsureError
from models.store.engine.locks import PATIENCE, lock_of
from models.store.rows.digests import Written

AUDIT_KEY: Final = "seventy_audit_key"
WRITTEN: Final = "seventy_written"
STANDS_FOR: Final = "seventy_stands_for"
"""The file whose name a half-made one will get: what is kept or said of it is of the record there."""
_WRITES: Final = "seventy_writes"
_KEY: Final = "seventy_key"
_AS_WRITER: Final[dict[str, dict[str, Any]]] = {
    "sqlite": {_WRITES: True},
    "postgresql": {"isolation_level": "READ COMMITTED"},  # what it waited for must be seen
}
WRITERS_TURN: Final = 7070
"""The advisory lock under which PostgreSQL's writers take turns, so that ids become visible in order."""

_SYNC_FAILED: Final = "disk I/O error"
"""What SQLite says at a commit that is written but perhaps not synced: after a crash it stands."""

POSTGRES_PORT: Final = 5432
"""Where a server listens that is named without a port."""

_ENCODING: Final = "UTF8"

_DISK_FULL, _LOCKED = "53100", "55P03"
"""PostgreSQL's words for it, whatever its language."""


def default_url() -> str:
    """The database named in SEVENTY_DB; without it, a file in the user's data folder."""
    named = os.environ.get("SEVENTY_DB")
    return named or f"sqlite:///{platformdirs.user_data_path('seventy') / 'seventy.db'}"


def open_engine(
    url: str | None = None, *, key: bytes | None = None, audit_key: bytes | None = None
) -> Engine:
    """The engine of a database named by an SQLAlchemy URL. Connects at first use, not here.

    `key` is the 32 bytes with which an SQLite file is encrypted, and begun if it is not there; without one it
    is plain. Another key than the file's is `EncryptedError` at the first use. PostgreSQL has no use for it:
    there the volume is encrypted, and the connection by TLS.

    `audit_key` seals the audit trail; without it the clinic's key file does, made by the first write.
    """
    target = _url(url or default_url())
    lite = target.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"module": sqlite.driver} if lite else {"isolation_level": "REPEATABLE READ"}
    options["execution_options"] = {AUDIT_KEY: audit_key, _KEY: key if lite else None}
    engine = create_engine(target, hide_parameters=True, **options)
    if lite:
        event.listen(engine, "do_connect", _opener(engine, key))
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "do_connect", _connect)
    return engine


def key_of(database: Engine | Connection) -> bytes | None:
    """The key an SQLite file is encrypted with, and its copies with it; `None` for a plain one."""
    key: bytes | None = database.get_execution_options().get(_KEY)
    return key


def is_sqlite(engine: Engine | Connection) -> bool:
    """Whether the record is an SQLite file."""
    return engine.dialect.name == "sqlite"


def place_of(engine: Engine) -> str:
    """Where the record is, as a person would look for it: a file, or a server's address without password."""
    if is_sqlite(engine):
        return str(record_file(engine))
    return engine.url._replace(password=None).render_as_string()


def record_file(engine: Engine) -> Path:
    """The file an SQLite record stands in, or will once what is made ready beside it gets its name."""
    named: Path | None = engine.get_execution_options().get(STANDS_FOR)
    return named or sqlite.file_of(engine.url)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment's state, whatever is written meanwhile."""
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise in_words(error, engine) from None


@contextmanager
def writing(engine: Engine, *, rebuilds: bool = False) -> Iterator[Connection]:
    """The one writer's connection, in a transaction: all of it is stored at the end, or nothing.

    Writers of this program wait in line, those of others for the database's own lock; whoever waits too long
    gets `BusyError`; whoever loses the server or the disk while it commits, `UnsureError`. Rows of which the
    audit trail was not told are not stored. `rebuilds` is for migrations, which on SQLite replace tables that
    others refer to.
    """
    commits = False
    try:
        with lock_of(str(engine.url)).held(PATIENCE), engine.connect() as bare:
            written = Written()
            connection = bare.execution_options(**_AS_WRITER[engine.dialect.name], **{WRITTEN: written})
            if rebuilds:
                _set_references(connection, strict=False)
            try:
                with connection.begin():
                    take_turn(connection)
                    yield connection
                    if written and connection.in_transaction():
                        raise StoreError("Nothing was saved: the audit trail was not told what is written.")
                    commits = True
            finally:
                if rebuilds:
                    _set_references(connection, strict=True)
    except DBAPIError as error:
        if commits and (error.connection_invalidated or _SYNC_FAILED in str(error.orig)):
            raise UnsureError from None
        raise in_words(error, engine) from None


def take_turn(connection: Connection) -> None:
    """Wait, on a server, for every writer before this transaction; SQLite has one at a time."""
    if not is_sqlite(connection):
        patience = f"SET LOCAL lock_timeout = '{PATIENCE:g}s'"
        connection.exec_driver_sql(f"{patience}; SELECT pg_advisory_xact_lock({WRITERS_TURN})")


def driver_of(connection: Connection) -> Any:
    """The driver's own connection, for what SQLAlchemy has no words for: online backup, COPY."""
    return connection.connection.driver_connection


class said:  # noqa: N801 - as `contextlib.suppress`; a generator would take longer than what it guards
    """What the driver raises inside becomes SQLAlchemy's error, without the values it was about."""

    __slots__ = ("_connection", "_sql")

    def __init__(self, connection: Connection, sql: str) -> None:
        self._connection, self._sql = connection, sql

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            return
        raised = self._connection.dialect.loaded_dbapi.Error
        if isinstance(error, raised):
            raise DBAPIError.instance(self._sql, None, error, raised, hide_parameters=True) from None


def _url(given: str) -> URL:
    try:
        url = make_url(given)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):  # the last of a port that is no number
        message = "A database is named as in sqlite:///clinic.db or postgresql://user@host/name."
        raise CannotOpenError(message) from None
    backend = url.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise CannotOpenError(f"The record is kept in SQLite or PostgreSQL, not in {backend}.")
    if backend == "sqlite" and url.query:
        named = ", ".join(url.query)
        raise CannotOpenError(f"A record in SQLite is named by its file alone: leave out ? and {named}.")
    return url.set(drivername="sqlite+pysqlite" if backend == "sqlite" else "postgresql+psycopg")


def _opener(engine: Engine, key: bytes | None) -> Callable[..., Any]:
    """Opens a file, beginning one that is not there at the first time only: it was taken away later."""
    opened = False

    def open_file(*_: object) -> Any:
        nonlocal opened
        connection = sqlite.connect(engine.url, key, begins=not opened)
        opened = True
        return connection

    return open_file


def _connect(dialect: Any, _record: Any, cargs: Any, cparams: Any) -> Any:
    try:
        connection = dialect.connect(*cargs, **cparams)
    except dialect.loaded_dbapi.Error as error:
        at = f"The database at {cparams.get('host') or 'localhost'}:{cparams.get('port') or POSTGRES_PORT}"
        words = _first_line(error)
        if "FATAL" in words:  # of a server that answers
            said = f"{at} does not let this program in: {words}. Nothing was changed."
        else:
            said = f"{at} does not answer: is the server running? Nothing was changed. ({words})"
        raise CannotOpenError(said) from None
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != _ENCODING:
        connection.close()
        raise CannotOpenError(
            f"The database is encoded as {encoding}, in which not every name can be written. Make one with "
            f"`createdb --template template0 --encoding {_ENCODING}`. Nothing was changed."
        )
    return connection


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    sql = "BEGIN IMMEDIATE" if writes else "BEGIN"
    with said(connection, sql):
        driver_of(connection).execute(sql)


def _set_references(connection: Connection, *, strict: bool) -> None:
    """Whether SQLite minds what else refers to a table that is dropped and made anew under its name."""
    if is_sqlite(connection):  # outside a transaction, where alone SQLite listens
        driver_of(connection).execute(f"PRAGMA foreign_keys={int(strict)}")
        driver_of(connection).execute(f"PRAGMA legacy_alter_table={int(not strict)}")


def in_words(error: DBAPIError, engine: Engine) -> StoreError:
    """What the driver said, without the row it said it about."""
    words = _first_line(error.orig)
    if isinstance(error, IntegrityError):
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        return RefusedError(constraint or words)
    if isinstance(error, DataError):  # quotes the value
        return RefusedError("a value of the wrong kind")
    if error.connection_invalidated:
        return StoreError(f"The database does not answer any more, nothing was saved: {words}.")
    if isinstance(error, OperationalError):
        state = getattr(error.orig, "sqlstate", None)
        if "locked" in words or state == _LOCKED:
            return BusyError()
        if "full" in words or state == _DISK_FULL:
            return StoreError("The disk is full, nothing was saved.")
    said = f"The database could not do it, nothing was saved: {words}."
    if sqlite.READ_ONLY in words:
        said = f"{sqlite.file_of(engine.url)} cannot be written, nothing was saved: {sqlite.LOOK}."
    return StoreError(said)


def _first_line(error: BaseException | None) -> str:
    """What a driver said, as far as it is fit to be shown: libpq explains itself over several lines."""
    first = next(iter(str(error or "").splitlines()), "")
    return first.replace("\ufffd", "").removeprefix("connection failed: ").strip(" .:")
