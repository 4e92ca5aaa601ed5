"""SQLite as the record needs it: a current version, every commit on the disk, foreign keys on.

With a key, SQLCipher encrypts the file whole (AES-256, each page with its HMAC), its log and journal too.
"""

import sys
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL
from sqlcipher3 import dbapi2

from models.access.keys import key_file
from models.store.engine.errors import CannotOpenError, EncryptedError
from models.store.engine.locks import PATIENCE

driver: Final[Any] = dbapi2
driver.register_adapter(type(None), lambda nothing: nothing)  # without, binding it costs more than the row

OLDEST: Final = (3, 51, 3)
"""Versions before it can corrupt a database when its write-ahead log is reset."""

SETTINGS: Final = {
    "busy_timeout": f"{PATIENCE * 1000:.0f}",  # other programs' saves; those of this one wait in line
    "journal_mode": "WAL",
    "synchronous": "FULL",  # a power cut loses no acknowledged score
    "foreign_keys": "ON",
    "recursive_triggers": "ON",  # INSERT OR REPLACE deletes, and must not
    "trusted_schema": "OFF",
    "cell_size_check": "ON",
    "temp_store": "MEMORY",
    "cache_size": "-65536",
}

NO_DATABASE: Final = "not a database"
"""What SQLite says of an encrypted file when it is given another key, or none."""

BESIDE: Final = "Is the disk full, or the folder read-only? Even to read it something is written beside it."

TAKEN_AWAY: Final = "Was its folder moved, or its disk taken away? Put it back. Nothing was changed."

READ_ONLY: Final = "readonly database"
"""What SQLite says of a file it may read and not write; `LOOK` says where that may come from."""
LOOK: Final = (
    "look at its permissions, at those of its folder and of what lies beside it (-wal, -shm), and whether "
    "its disk is mounted read-only"
)

PAGE: Final = 4096
"""Bytes of a page: an encrypted file looks like nothing at all, but is a whole number of pages."""

MOUNTS: Final = Path("/proc/self/mounts")
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "davfs"})


class Kind(Enum):
    """What lies under a record's name."""

    NOTHING = "nothing"
    PLAIN = "plain"
    ENCRYPTED = "encrypted"
    OTHER = "other"


def connect(url: URL, key: bytes | None = None, *, begins: bool = True) -> Any:
    """A connection set up as above, with the key of an encrypted file; `CannotOpenError` says why not.

    One that is not there is begun, unless it was there before.
    """
    if driver.sqlite_version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise CannotOpenError(
            f"SQLite {driver.sqlite_version} can corrupt a record; {wanted} or later is needed (pip install "
            "--upgrade sqlcipher3)."
        )
    path = file_of(url)
    try:
        if not begins and not path.exists():
            raise CannotOpenError(f"The database {path} is not there any more. {TAKEN_AWAY}")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_network(path)
        if not path.exists():
            path.touch(mode=0o600)  # names and scores are nobody else's to read
        _let_log_be_written(path)
        return _set_up(path, key)
    except driver.DatabaseError as error:
        if NO_DATABASE in str(error):
            refuse_unfit(path, key)
        if READ_ONLY in str(error):
            raise CannotOpenError(
                f"The database {path} cannot be written: {LOOK}. Even to read it something is written "
                "beside it."
            ) from None
        raise CannotOpenError(f"The database {path} cannot be opened: {error}. {BESIDE}") from None
    except (driver.Error, OSError) as error:
        raise CannotOpenError(f"The database {path} cannot be opened: {error}. {BESIDE}") from None


def opened(path: Path, *, key: bytes | None = None, unchanging: bool = False) -> Any:
    """A bare connection to a file. Every file is opened here, so that what opening one takes is said once.

    `key` is the 32 bytes an encrypted file is read and written with, and a new one begun with. `unchanging`
    is for a file nobody writes to: it is read as it lies there, and nothing appears beside it.
    """
    named = f"{path.absolute().as_uri()}?mode=ro&immutable=1" if unchanging else path
    connection = driver.connect(named, uri=unchanging, isolation_level=None, check_same_thread=False)
    if key is not None:
        connection.execute(
            f'PRAGMA key = "{literal(key)}"'
        ).fetchall()  # before all else, or it opens as plain
        connection.execute("PRAGMA cipher_log_level = NONE").fetchall()  # its errors are raised already
    return connection


def literal(key: bytes) -> str:
    """A key as SQLCipher's raw key, from which nothing more is derived."""
    if len(key) != 32:  # noqa: PLR2004 - AES-256
        raise ValueError(f"the key of a database has 32 bytes; got {len(key)}")
    return f"x'{key.hex()}'"


def kind_of(path: Path) -> Kind:
    """What lies there. Only its key tells an encrypted file from noise of the same length.

    SQLite looks itself: to open and close the file beside it would end the locks this program has on it.
    """
    if not path.is_file():
        return Kind.OTHER if path.exists() else Kind.NOTHING
    size = path.stat().st_size
    if not size:
        return Kind.NOTHING
    if opens(path, None, unchanging=True):
        return Kind.PLAIN
    return Kind.OTHER if size % PAGE else Kind.ENCRYPTED


def opens(path: Path, key: bytes | None, *, unchanging: bool = False) -> bool:
    """Whether a file can be read with a key, or with none; one that is in use may be.

    `CannotOpenError` when the system does not let it be opened.
    """
    try:
        connection = opened(path, key=key, unchanging=unchanging)
    except driver.OperationalError as error:
        raise CannotOpenError(f"{path} cannot be opened: {error}. Is it somebody else's?") from None
    try:
        connection.execute("PRAGMA schema_version").fetchall()
    except driver.DatabaseError as error:
        return NO_DATABASE not in str(error)
    finally:
        connection.close()
    return True


def refuse_unfit(path: Path, key: bytes | None) -> None:
    """`EncryptedError` when a file is encrypted with another key than this, or needs one, or needs none."""
    kind = kind_of(path)
    if kind is Kind.PLAIN and key is not None:
        raise EncryptedError(
            f"{path} is not encrypted, and was to be opened with a key. Nothing was changed."
        )
    if kind is Kind.ENCRYPTED and key is None:
        raise EncryptedError(
            f"{path} is encrypted (or no database); its key is looked for at {key_file()}. "
            "Nothing was changed."
        )
    if kind is Kind.ENCRYPTED and not opens(path, key):
        raise EncryptedError(
            f"{path} does not open with the key it was tried with: it is encrypted with another one, or "
            "damaged. Nothing was changed."
        )


def _let_log_be_written(path: Path) -> None:
    """What a file that was read-only for a while left beside it is so still, and would refuse every save."""
    for end in ("-wal", "-shm"):
        beside, mode = path.with_name(f"{path.name}{end}"), path.stat().st_mode & 0o777
        with suppress(OSError):  # it is seldom there
            if beside.stat().st_mode & 0o777 != mode:
                beside.chmod(mode)


def _set_up(path: Path, key: bytes | None) -> Any:
    """Opened, and again if another file took the name meanwhile: a save into the old one would be lost."""
    while True:
        found = path.stat().st_ino
        connection = opened(path, key=key)
        try:
            for name, value in SETTINGS.items():
                connection.execute(f"PRAGMA {name}={value}").fetchall()
        except driver.Error:
            connection.close()
            if path.stat().st_ino == found:
                raise
            continue
        if path.stat().st_ino == found:
            return connection
        connection.close()


def file_of(url: URL) -> Path:
    """The file of an SQLite database; `CannotOpenError` for one in memory, another for every connection."""
    if url.database in {None, "", ":memory:"}:
        raise CannotOpenError("A record in memory would be lost: name a file, as in sqlite:///clinic.db.")
    return Path(str(url.database)).absolute()


def holds_bytes(path: Path) -> bool:
    """Whether a file is there and holds anything: opening an empty one as a database would write into it."""
    return path.exists() and (not path.is_file() or path.stat().st_size > 0)


def refuse_network(path: Path) -> None:
    """Raise `CannotOpenError` on a network file system: SQLite's locks do not hold there, and it corrupts."""
    if sys.platform != "linux":
        return
    folder = path.parent.resolve()
    mounts = [line.split() for line in MOUNTS.read_text("utf-8").splitlines()]
    holding = [(Path(mount[1]), mount[2]) for mount in mounts if folder.is_relative_to(mount[1])]
    kind = max(holding, key=lambda mount: len(mount[0].parts), default=(folder, ""))[1]
    if kind in _NETWORK:
        raise CannotOpenError(f"{folder} is on a network file system ({kind}); SQLite needs a local disk.")
