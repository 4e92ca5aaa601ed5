"""A record put under a key, or under another one: copied, every row compared, and swapped in at once.

Nobody else may have the record open meanwhile: what they save would go into the file that is replaced.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from models.store.backups.backup import backup, check, discard
from models.store.engine import sqlite
from models.store.engine.asking import ask, tell
from models.store.engine.database import is_sqlite, key_of, writing
from models.store.engine.errors import EncryptedError, StoreError
from models.store.engine.files import moment_named, whole
from models.store.engine.found import Examined
from models.store.engine.locks import PATIENCE, lock_of

Reseal = Callable[[int, str], str]
"""From an account's id and its sealed secret to the same secret sealed anew."""

ABOUT: Final = "encryption"
COPY: Final = "encrypted"
PLAIN: Final = b"SQLite format 3\0"
"""What every plain database begins with."""
INVENTED: Final = "demo-"
"""Begins the names of the files of `seventy demo`, which hold nobody."""
ALONE: Final = (
    "PRAGMA busy_timeout=2000",
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=DELETE",  # only for whoever is alone; folds the log into the file
    "BEGIN EXCLUSIVE",
    "COMMIT",
)


def protection(engine: Engine, *folders: Path) -> Examined:
    """How a record is protected where it lies, and whether plain copies lie beside it or in these folders."""
    if not is_sqlite(engine):
        return Examined(
            ABOUT,
            True,
            "PostgreSQL does not encrypt what it stores: its volume does, and TLS the connection.",
            "Keep the server's data and dumps on an encrypted volume; connect with sslmode=verify-full.",
        )
    file = sqlite.file_of(engine.url)
    if key_of(engine) is None:
        return Examined(
            ABOUT,
            False,
            f"{file} is not encrypted: whoever has a copy of it can read it.",
            "Stop the dashboard and run `seventy key encrypt`.",
        )
    plain = sorted({copy for folder in (file.parent, *folders) for copy in _plain_in(folder, file)})
    if plain:
        named = ", ".join(map(str, plain))
        return Examined(
            ABOUT,
            False,
            f"{file} is encrypted, but whoever has a copy of these can read them: {named}.",
            "Move them to a safe place, or delete them (on Linux with `shred -u FILE`).",
        )
    return Examined(ABOUT, True, f"{file} and its backups are encrypted.", "Keep the key's recovery sheet.")


def _plain_in(folder: Path, record: Path) -> Iterator[Path]:
    """The plain databases of a folder and of those of earlier backups in it; not those of invented clinics.

    The record's own files are not opened: to close one again would end the locks this program has on it.
    """
    its_own = {f"{record.name}{end}" for end in ("", "-wal", "-shm", "-journal")}
    for path in chain(folder.glob("*"), folder.glob("until-*/*")):
        looked_at = path.suffix == ".db" or path.name.lstrip(".").startswith(f"{record.stem}.")
        if not looked_at or path.name in its_own or path.name.startswith(INVENTED):
            continue
        with suppress(OSError), path.open("rb") as file:  # a folder, or somebody else's
            if file.read(len(PLAIN)) == PLAIN:
                yield path


def encrypt(engine: Engine, key: bytes, *, at: datetime, shred: bool = False) -> Path | None:
    """Put a plain SQLite file under a key; the verified backup of what it was, kept beside it.

    With `shred` no plain copy stays: the old file is written over before it is given up, as far as its disk
    writes in place. `EncryptedError` when it is not plain, `StoreError` when somebody has it open.
    """
    file = _file_of(engine)
    if shred and _old(file).exists() and sqlite.kind_of(file) is sqlite.Kind.ENCRYPTED:
        _write_over(_old(file))  # of one that was killed before it came to that
        return None
    if sqlite.kind_of(file) is not sqlite.Kind.PLAIN:
        raise EncryptedError(f"{file} is not a plain record that could be encrypted. Nothing was changed.")
    kept = None
    if not shred:
        name = f"{file.stem}.before-encryption.{moment_named(at)}{file.suffix}"
        kept = backup(engine, file.with_name(name), at=at).path
    try:
        with _given_up(file) if shred else nullcontext():
            _put_under(engine, key)
    except BaseException:
        if kept is not None and sqlite.kind_of(file) is sqlite.Kind.PLAIN:
            discard(kept)  # nothing took its place: else every attempt leaves another whole copy behind
        raise
    return kept


def change_key(engine: Engine, key: bytes, reseal: Reseal) -> None:
    """Put an encrypted SQLite file under another key, and its accounts' sealed secrets with it."""
    _put_under(engine, key, reseal)


def reseal_secrets(engine: Engine, reseal: Reseal) -> None:
    """Seal the accounts' secrets anew, in one transaction, in a record that is not encrypted itself."""
    with writing(engine) as connection:
        held = ask(connection, "SELECT id, totp_secret FROM account WHERE totp_secret IS NOT NULL")
        for account, sealed in held:
            tell(
                connection,
                "UPDATE account SET totp_secret = :sealed WHERE id = :id",
                sealed=reseal(account, sealed),
                id=account,
            )


def _put_under(engine: Engine, key: bytes, reseal: Reseal | None = None) -> None:
    file = _file_of(engine)
    with lock_of(str(engine.url)).held(PATIENCE):
        engine.dispose()
        with _alone(file, key_of(engine)) as connection, whole(file) as unfinished:
            named = f'ATTACH ? AS {COPY} KEY "{sqlite.literal(key)}"'
            connection.execute(named, (str(unfinished),)).fetchall()
            connection.execute(f"SELECT sqlcipher_export('{COPY}')").fetchall()
            counts = _compared(connection)
            if reseal is not None:
                _reseal(connection, reseal)
            connection.execute(f"DETACH {COPY}").fetchall()
            check(unfinished, counts, key)


def _file_of(engine: Engine) -> Path:
    if not is_sqlite(engine):
        raise EncryptedError(protection(engine).says)
    return sqlite.file_of(engine.url)


@contextmanager
def _alone(file: Path, key: bytes | None) -> Iterator[Any]:
    """A connection to a file that nobody else has open, or can open until it is closed."""
    try:
        connection = sqlite.opened(file, key=key)
        try:
            for statement in ALONE:
                connection.execute(statement).fetchall()
            yield connection
        finally:
            connection.close()
    except sqlite.driver.Error as error:
        if "locked" not in str(error):
            raise StoreError(f"{file} could not be encrypted: {error}. Nothing was changed.") from None
        raise StoreError(
            f"{file} is in use. Stop the dashboard and everything else that uses it, then try again. "
            "Nothing was changed."
        ) from None


def _compared(connection: Any) -> dict[str, int]:
    """Rows of each table, when the copy holds the very same tables, rules and rows."""
    schema = "SELECT type, name, tbl_name, sql FROM {}.sqlite_schema ORDER BY type, name"
    found, copied = (connection.execute(schema.format(name)).fetchall() for name in ("main", COPY))
    different = [] if found == copied else ["the tables and rules"]
    counts = {}
    for table in (name for kind, name, *_ in found if kind == "table"):
        rows = f'SELECT * FROM {{}}."{table}"'  # noqa: S608 - both in the order of the same key
        pairs = zip_longest(*(connection.execute(rows.format(name)) for name in ("main", COPY)))
        counts[table], same = 0, True
        for row, copy in pairs:
            counts[table] += 1
            same = same and row == copy
        if not same:
            different.append(table)
    if different:
        raise StoreError(f"The encrypted copy differs in {', '.join(different)}. Nothing was changed.")
    return counts


def _reseal(connection: Any, reseal: Reseal) -> None:
    held = connection.execute(
        f"SELECT id, totp_secret FROM {COPY}.account WHERE totp_secret IS NOT NULL"  # noqa: S608
    ).fetchall()
    anew = [(reseal(account, sealed), account) for account, sealed in held]
    connection.executemany(f"UPDATE {COPY}.account SET totp_secret = ? WHERE id = ?", anew)  # noqa: S608


@contextmanager
def _given_up(file: Path) -> Iterator[None]:
    """Writes over what a file held once another one has its name."""
    old = _old(file)
    try:
        old.unlink(missing_ok=True)
        os.link(file, old)
        yield
        _write_over(old)
    except OSError as error:
        raise StoreError(f"The plain file could not be written over: {error}.") from None
    finally:
        old.unlink(missing_ok=True)


def _old(file: Path) -> Path:
    """The second name under which a plain file is found again once it lost its own."""
    return file.with_name(f".{file.name}.given-up")


def _write_over(old: Path) -> None:
    with old.open("r+b") as file:
        for _ in range(0, old.stat().st_size, sqlite.PAGE):
            file.write(bytes(sqlite.PAGE))
        file.flush()
        os.fsync(file.fileno())
    old.unlink()
