"""A clinic's key as a test reads it, and its record opened with it."""

import gc
import re
from pathlib import Path

from models.access.keys import Keys
from models.store.record import read
from tests.support.command import Run, seventy
from tests.support.databases import connected

CANARY = "Qanarrio"
KEPT = "--yes-i-kept-the-key"


def alone(*words: str | Path, db: str, typed: str | None = None) -> Run:
    """A command as a process of its own would run it: those before it have let go of the record."""
    gc.collect()
    return seventy(*words, db=db, typed=typed)


def key_in(path: Path) -> bytes:
    return Keys.read(path).derive("database")


def names_in(db: str, key_file: Path) -> list[str]:
    with connected(db, key=key_in(key_file)) as engine:
        return list(read.record(engine).patients["family_name"])


def lines_of(keys: Keys) -> list[str]:
    return re.findall(r"[1-4]\)  (.+)", keys.recovery_sheet("Clinic"))
