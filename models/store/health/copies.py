"""How a record's backups stand: the regular ones, and those in a second folder, which is on another disk."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from models.store.backups.backup import verify_backup
from models.store.backups.belonging import backups_in
from models.store.backups.broken_off import broken_off
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, key_of
from models.store.engine.errors import BackupError
from models.store.engine.found import Examined
from models.store.health.space import existing

OLDEST: Final = timedelta(hours=26)
"""A day, and two hours for the daily task that was late."""
BACK_UP: Final = "Leave `seventy serve` running: it makes one an hour. Or run `seventy backup --keep` daily."
SECOND: Final = "second folder"
NAME_ONE: Final = (
    "Name a folder on another disk in SEVENTY_COPIES, or with --copies to `seventy serve` and `seventy "
    "doctor`: `seventy serve` makes a verified copy there every day."
)
COPY: Final = (
    "See that the disk is there. `seventy serve` makes a copy a day in the folder that --copies or "
    "SEVENTY_COPIES names; or run `seventy backup FOLDER --keep` daily."
)
MOVE: Final = "Name a folder on another disk: what is on this one is lost with the record."


def backups_found(engine: Engine, folder: Path, copies: Path | None, at: datetime) -> Iterator[Examined]:
    """The regular backups, and the second folder's: where it is, how old its newest is, what is none."""
    yield newest_whole(engine, folder, at, "backup", BACK_UP)
    yield second_folder(engine, folder, copies)
    if copies is not None:
        yield newest_whole(engine, copies, at, "copy", COPY)
    yield from broken_off(engine, [folder, *([] if copies is None else [copies])], at)


def second_folder(engine: Engine, folder: Path, copies: Path | None) -> Examined:
    """Whether there is a second folder, away from the record, or from the backups of a server's."""
    if copies is None:
        return Examined(SECOND, False, "No second folder is known: one disk holds all there is.", NAME_ONE)
    apart = disk_of(copies) != disk_of(sqlite.file_of(engine.url).parent if is_sqlite(engine) else folder)
    which = "another disk than" if apart else "the same disk as"
    what = "the record" if is_sqlite(engine) else "the backups"
    return Examined(SECOND, apart, f"{copies} is on {which} {what}.", MOVE)


def newest_whole(engine: Engine, folder: Path, at: datetime, about: str, do: str) -> Examined:
    """How old the newest backup in a folder is that can be read whole, now; not one of a clock far ahead."""
    spoilt = 0
    for one in (each for each in backups_in(folder, engine) if each.made_at <= at + OLDEST):
        try:
            verify_backup(one.path, key=key_of(engine))
        except BackupError:
            spoilt += 1
            continue
        age = at - one.made_at
        newer = "1 newer one is" if spoilt == 1 else f"{spoilt} newer ones are"
        return Examined(
            about,
            age <= OLDEST and not spoilt,
            f"The newest that is whole, {one.path}, is {age / timedelta(hours=1):,.1f} hours old"
            + (f"; {newer} damaged." if spoilt else "."),
            do,
        )
    return Examined(about, False, f"There is no whole backup of this record in {folder}.", do)


def disk_of(folder: Path) -> int:
    """The number of the disk a folder is on, or would be made on."""
    return existing(folder).stat().st_dev
