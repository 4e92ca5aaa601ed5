"""What a backup leaves that was killed as it was made: half of it, hidden, and perhaps its manifest.

A copy gets its name last, after its manifest: what is killed before is no backup to anybody.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from glob import escape
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, make_url

from models.store.backups.backup import beside, manifest_of
from models.store.engine.database import place_of
from models.store.engine.files import UNFINISHED
from models.store.engine.found import Examined

LEFT_BEHIND: Final = timedelta(days=1)
"""After so long nobody is still writing it."""
SLOW: Final = timedelta(hours=1)
"""After so long `seventy doctor` asks."""
ABOUT: Final = "broken-off backups"
GOES: Final = "The first backup that is made a day later takes it away: leave `seventy serve` running."
STAYS: Final = "Put its manifest (FILE.json) beside each again; or delete it, if it is nothing to you."


def name_of(source: str) -> str:
    """What the names of a record's regular backups begin with, by its place."""
    return str(make_url(source).database) if "://" in source else Path(source).stem


def clear(engine: Engine, folder: Path, at: datetime) -> None:
    """Delete what killed backups of a record left half written, in a folder and beside it, a day later."""
    for half in _halves(engine, [folder]):
        with suppress(OSError):  # another program was first
            if _apart(half, at) > LEFT_BEHIND:
                whole = half.with_name(half.name[1:].partition(UNFINISHED)[0])
                if not whole.exists():
                    manifest_of(whole).unlink(missing_ok=True)
                half.unlink()


def broken_off(engine: Engine, folders: Sequence[Path], at: datetime) -> Iterator[Examined]:
    """Which files in some folders, or beside the record, only look like backups of it; nothing if none do."""
    halves = []
    for half in _halves(engine, folders):
        with suppress(OSError):  # it was being written
            if _apart(half, at) > SLOW:
                halves.append(str(half))
    if halves:
        says = f"Half written, by a backup that was killed, and not counted: {', '.join(halves)}."
        yield Examined(ABOUT, False, says, GOES)
    alone = [str(file) for file in _dated(engine, folders) if not manifest_of(file).exists()]
    if alone:
        says = f"Without a manifest, and therefore not counted as backups: {', '.join(alone)}."
        yield Examined(ABOUT, False, says, STAYS)


def _halves(engine: Engine, folders: Sequence[Path]) -> list[Path]:
    """Also beside the record, where what stood before a migration or a restore is kept."""
    name, places = escape(name_of(place_of(engine))), {*folders, beside(engine, "").parent}
    found = {half.absolute() for place in places for half in place.glob(f".{name}.*{UNFINISHED}*")}
    return sorted(found)


def _dated(engine: Engine, folders: Sequence[Path]) -> list[Path]:
    name = re.escape(name_of(place_of(engine)))
    dated = re.compile(rf"{name}\.[0-9]{{8}}T[0-9]{{6}}Z\.(db|dump)")
    return sorted(file for place in folders for file in place.glob("*") if dated.fullmatch(file.name))


def _apart(file: Path, at: datetime) -> timedelta:
    """How long ago it was written, or how far ahead by a clock that was."""
    return abs(timedelta(seconds=at.timestamp() - file.stat().st_mtime))
