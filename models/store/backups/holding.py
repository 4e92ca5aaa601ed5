"""Which backups still hold somebody who was erased, and until when. None is ever written anew."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine

from models.store.backups import dump
from models.store.backups.backup import Backup, beside, folder_of
from models.store.backups.belonging import backups_in, of_the_same_trail
from models.store.backups.retention import SET_APART, is_dated, leaves
from models.store.engine import sqlite
from models.store.engine.database import key_of, reading
from models.store.engine.errors import BackupError
from models.store.trail.erasures import Erasure, number_digest

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


class Held(NamedTuple):
    """A backup with somebody erased in it; `until` is when thinning out takes it at the latest, if it does.

    One that cannot be read is not `sure` to hold them.
    """

    backup: Backup
    until: datetime | None
    sure: bool = True

    def described(self, zone: tzinfo) -> dict[str, str | bool | None]:
        """As JSON, by days of the clinic's zone."""
        until = None if self.until is None else self.until.astimezone(zone).date().isoformat()
        return {
            "path": str(self.backup.path),
            "made_at": self.backup.made_at.isoformat(),
            "gone_by": until,
            "sure": self.sure,
        }


def held_in(
    engine: Engine, gone: Sequence[Erasure], *, at: datetime, copies: Path | None = None
) -> list[Held]:
    """The backups known here in which somebody still is who was erased, those that go by themselves first.

    Known are the regular ones, what was kept beside the record before it was migrated or restored or its key
    changed, what else lies there of a record that was this one once, and the same in the second folder. Each
    is opened: its moment does not tell who is in it, once an older one took the place of the record.
    """
    known: dict[Path, Held] = {}
    for folder, every in ((folder_of(engine), HOUR), (copies, DAY), (beside(engine, "").parent, None)):
        for one in _in(folder, engine, at, every) if folder else ():
            known.setdefault(one.backup.path, one)
    last = {had[0] for one in gone for had in one.numbers.values()}
    had = {(entity, each) for one in gone for entity, numbers in one.numbers.items() for each in numbers}
    held = []
    with reading(engine) as connection:
        digest = cache(lambda number: number_digest(connection, number))
        for one in known.values():
            try:
                people = [(entity, digest(number)) for entity, number in _people(one.backup, key_of(engine))]
            except BackupError:
                held.append(one._replace(sure=False))
            else:
                held += [one] if any(each in had or each[1] in last for each in people) else []
    return sorted(held, key=lambda one: one.until is None)


def _in(folder: Path, engine: Engine, at: datetime, every: timedelta | None) -> Iterator[Held]:
    """What is known in a folder, into which a backup is made every so often, if any is."""
    own = backups_in(folder, engine)
    regular = {one.made_at for one in own if is_dated(one)}
    apart = (of_the_same_trail(each, engine) for each in (folder, *folder.glob(f"{SET_APART}*")))
    for one in (*own, *chain.from_iterable(apart)):
        goes = leaves(one.made_at, regular, at=at, every=every) if every else None
        yield Held(one, goes if one in own and is_dated(one) else None)


def _people(one: Backup, key: bytes | None) -> list[tuple[int, str]]:
    """Everybody's id and number in a backup, those they had before as well; `BackupError` if it is unread."""
    try:
        if dump.is_dump(one.path):
            return [
                (int(entity), number)
                for entity, number in dump.cells(one.path, "patient", ("entity_id", "mrn"))
            ]
        plain = sqlite.kind_of(one.path) is sqlite.Kind.PLAIN
        copy = sqlite.opened(one.path, key=None if plain else key, unchanging=True)
        try:
            return list(copy.execute("SELECT entity_id, mrn FROM patient").fetchall())
        finally:
            copy.close()
    except (sqlite.driver.Error, OSError, ValueError) as error:
        raise BackupError(f"{one.path} cannot be read: {error}.") from None
