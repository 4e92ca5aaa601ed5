"""Whether the disks have room, told before one is full: many rows are then refused, and single ones saved."""

import os
import shutil
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine

from models.store.backups.backup import folder_of
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite
from models.store.engine.errors import CannotOpenError, NoRoomError

MEGABYTE: Final = 1_000_000
LEAST_FREE: Final = 500
"""Megabytes below which a disk may be full before anybody looks again."""
NAMED: Final = "SEVENTY_LEAST_FREE"
"""The setting that says otherwise."""


class Room(NamedTuple):
    """What is free on the disk of a folder, and the least that should be, in megabytes."""

    folder: Path
    free: int
    least: int

    @property
    def is_scarce(self) -> bool:
        """Whether less is free than should be."""
        return self.free < self.least

    @property
    def says(self) -> str:
        """Both, in words."""
        verb = "is" if self.free == 1 else "are"
        return f"{self.free:,} MB {verb} free at {self.folder}; {self.least:,} MB are the least"


def least_free() -> int:
    """Megabytes that should be free; `CannotOpenError` when the setting is no number of them."""
    said = os.environ.get(NAMED, str(LEAST_FREE)).strip()
    if not (said.isascii() and said.isdigit()):
        raise CannotOpenError(f"{NAMED} is a number of megabytes, as in {LEAST_FREE}; got {said!r}.")
    return int(said)


def room_at(folder: Path) -> Room:
    """What is free where a folder is, or would be made."""
    there = existing(folder)
    return Room(there, shutil.disk_usage(there).free // MEGABYTE, least_free())


def room_of(engine: Engine) -> Room:
    """What is free for the record itself; of a server's, only for its backups here."""
    return room_at(sqlite.file_of(engine.url).parent if is_sqlite(engine) else folder_of(engine))


def refuse_many(engine: Engine) -> None:
    """`NoRoomError` before many rows are stored where there is hardly room; a server minds its own disk."""
    room = room_of(engine)
    if is_sqlite(engine) and room.is_scarce:
        raise NoRoomError(f"Nothing was imported: only {room.says}. Make room there, then import again.")


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
