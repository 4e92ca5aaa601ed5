"""SQLite as the record needs it: a current version, every commit on the disk, foreign keys on."""

import sys
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL
from sqlcipher3 import dbapi2

from models.store.errors import CannotOpenError

driver: Final[Any] = dbapi2
driver.register_adapter(type(None), lambda nothing: nothing)  # without, binding it costs more than the row

OLDEST: Final = (3, 51, 3)
"""Versions before it can corrupt a database when its write-ahead log is reset."""

SETTINGS: Final = {
    "busy_timeout": "30000",  # other programs' saves; those of this one wait in line
    "journal_mode": "WAL",
    "synchronous": "FULL",  # a power cut loses no acknowledged score
    "foreign_keys": "ON",
    "recursive_triggers": "ON",  # INSERT OR REPLACE deletes, and must not
    "trusted_schema": "OFF",
    "cell_size_check": "ON",
    "temp_store": "MEMORY",
    "cache_size": "-65536",
}

MOUNTS: Final = Path("/proc/self/mounts")
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "davfs"})


def connect(url: URL, key: bytes | None = None) -> Any:
    """A connection set up as above, with the key of an encrypted file; `CannotOpenError` says why not."""
    if driver.sqlite_version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise CannotOpenError(
            f"SQLite {driver.sqlite_version} can corrupt a record; {wanted} or later is needed (pip install "
            "--upgrade sqlcipher3)."
        )
    path = file_of(url)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_network(path)
        if not path.exists():
            path.touch(mode=0o600)  # names and scores are nobody else's to read
        connection = opened(path, key=key)
        for name, value in SETTINGS.items():
            connection.execute(f"PRAGMA {name}={value}").fetchall()
    except (driver.Error, OSError) as error:
        raise CannotOpenError(f"The database {path} cannot be opened: {error}.") from None
    return connection


def opened(path: Path, *, key: bytes | None = None, unchanging: bool = False) -> Any:
    """A bare connection to a file. Every file is opened here, so that what opening one takes is said once.

    `key` is the 32 bytes an encrypted file is read and written with, and a new one begun with. `unchanging`
    is for a file nobody writes to: it is read as it lies there, and nothing appears beside it.
    """
    named = f"{path.absolute().as_uri()}?mode=ro&immutable=1" if unchanging else path
    connection = driver.connect(named, uri=unchanging, isolation_level=None, check_same_thread=False)
    if key is not None:  # before all else, or it opens as plain
        connection.execute(f'PRAGMA key = "{literal(key)}"').fetchall()
    return connection


def literal(key: bytes) -> str:
    """A key as SQLCipher's raw key, from which nothing more is derived."""
    if len(key) != 32:  # noqa: PLR2004 - AES-256
        raise ValueError(f"the key of a database has 32 bytes; got {len(key)}")
    return f"x'{key.hex()}'"


def file_of(url: URL) -> Path:
    """The file of an SQLite database. One in memory would be another one for every connection."""
    if url.database in {None, "", ":memory:"}:
        raise CannotOpenError("A record in memory would be lost: name a file, as in sqlite:///clinic.db.")
    return Path(str(url.database)).absolute()


def holds_bytes(path: Path) -> bool:
    """Whether a file is there and holds anything: opening an empty one as a database would write into it."""
    return path.exists() and (not path.is_file() or path.stat().st_size > 0)


def refuse_network(path: Path) -> None:
    """SQLite's locks do not hold on network file systems: a database there can be corrupted."""
    if sys.platform != "linux":
        return
    folder = path.parent.resolve()
    mounts = [line.split() for line in MOUNTS.read_text("utf-8").splitlines()]
    holding = [(Path(mount[1]), mount[2]) for mount in mounts if folder.is_relative_to(mount[1])]
    kind = max(holding, key=lambda mount: len(mount[0].parts), default=(folder, ""))[1]
    if kind in _NETWORK:
        raise CannotOpenError(f"{folder} is on a network file system ({kind}); SQLite needs a local disk.")
