"""Files that are there whole or not at all, and what a file holds in one number."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from models.store.engine.errors import BackupError

UNFINISHED: Final = ".unfinished"
"""Ends the hidden name a file has until it is whole."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name to write to; at the end the file appears under `path`, complete and on the disk, or not at all.

    Only its owner may read it. `BackupError` says why it could not be written.
    """
    unfinished = half_of(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
        _keep_names(path.parent)
    except OSError as error:
        raise BackupError(f"{path} could not be written: {error}.") from None
    finally:
        with suppress(OSError):  # there may not even be a folder
            unfinished.unlink(missing_ok=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else makes a file of this name meanwhile; `BackupError` when another program just does.

    The system lets go of the lock with the program, whatever ends it; where it has none nobody is refused.
    """
    lock = path.with_name(f".{path.name}{UNFINISHED}.lock")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with lock.open("ab") as held:
            if not _locked(held.fileno(), lock):
                raise BackupError(f"{path} is just being written by another program.")
            try:
                yield
            finally:
                with suppress(OSError):
                    lock.unlink()
    except OSError as error:
        raise BackupError(f"{path} could not be written: {error}.") from None


def half_of(path: Path) -> Path:
    """The hidden name a file has until it is whole."""
    return path.with_name(f".{path.name}{UNFINISHED}")


def moment_named(at: datetime) -> str:
    """A moment as the name of a file has it; no other of the same second is named alike."""
    return f"{at:%Y%m%dT%H%M%S}-{token_hex(4)}"


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _locked(held: int, lock: Path) -> bool:
    """Whether an open file could be locked, and is still the one of that name."""
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a folder of another system, that knows no locks
        return True
    return lock.exists() and os.path.samestat(os.fstat(held), lock.stat())


def _keep_names(folder: Path) -> None:
    """Put new names in a folder on the disk as well, where the system can."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
