"""Which backups are a record's own: by where they were made or, once that is gone, by the trail they hold."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from models.store.audit.events import trail_of
from models.store.backups.backup import Backup, read_manifest
from models.store.engine import sqlite
from models.store.engine.asking import ask_first
from models.store.engine.database import is_sqlite, place_of, reading
from models.store.engine.errors import BackupError, StoreError
from models.store.trail.anchors import began


def backups_in(folder: Path, engine: Engine) -> list[Backup]:
    """The backups of one record in a folder, newest first, as their manifests describe them.

    Its own were made of it where it stands; or, of one that was moved, elsewhere, when its trail went through
    where theirs ended: of a file where nothing is any more, of a server under another address. What was put
    back beside a record, and saved there, never did, and goes its own way from then on; what stands at the
    place of another record has another trail. Where the record cannot be read, only the place tells.
    """
    here, made = place_of(engine), list(described_in(folder))
    there = [one for one in made if one.source == here]
    before = [one for one in made if one.source != here and _may_be_before(one.source, engine)]
    own = there
    try:
        if made and _stands(engine):
            with reading(engine) as connection:
                own = _of_this_trail(connection, there, before)
    except StoreError:
        pass  # whoever opens it says why it cannot be
    return sorted(own, key=lambda one: one.made_at, reverse=True)


def of_the_same_trail(folder: Path, engine: Engine) -> list[Backup]:
    """The backups in a folder whose record began as this one did, wherever they were made since."""
    with reading(engine) as connection:
        trail = trail_of(connection)
    return [one for one in described_in(folder) if one.trail == trail]


def described_in(folder: Path) -> Iterator[Backup]:
    """Every backup in a folder that is there with its manifest, whosever it is."""
    for manifest in folder.glob("*.json"):
        try:
            said = read_manifest(manifest.with_suffix(""))
        except BackupError:
            continue  # somebody else's file
        if said.path.exists():
            yield said


def _of_this_trail(connection: Connection, there: Sequence[Backup], before: Sequence[Backup]) -> list[Backup]:
    if not inspect(connection).has_table("audit_event"):
        return list(there)
    trail = trail_of(connection)
    return [
        *(one for one in there if one.trail in {None, trail}),
        *(one for one in before if one.trail == trail and _went_through(connection, one)),
    ]


def _went_through(connection: Connection, one: Backup) -> bool:
    """Whether the newest event of a backup is one of this trail's, since it goes its own way."""
    sql = "SELECT id FROM audit_event WHERE id = :events AND seal = :head"
    found = ask_first(connection, sql, events=one.counts.get("audit_event", 0), head=one.audit_head)
    return found is not None and found[0] >= began(connection)[0]


def _stands(engine: Engine) -> bool:
    return not is_sqlite(engine) or sqlite.holds_bytes(sqlite.file_of(engine.url))


def _may_be_before(source: str | None, engine: Engine) -> bool:
    """Whether a record may have stood there before it stood here.

    Of a file, when surely none is there; of a folder that is closed to us nobody knows. Under how many
    addresses a server answers nobody knows either.
    """
    if source is None or ("://" in source) == is_sqlite(engine):
        return False
    if not is_sqlite(engine):
        return True
    try:
        Path(source).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
