"""Which backups stay: the newest of each of the last 24 hours, 30 days and 84 months that have one."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine

from models.store.backups.backup import Backup, backup, verify_backup
from models.store.backups.belonging import backups_in
from models.store.backups.broken_off import clear, name_of
from models.store.engine.database import key_of, place_of
from models.store.engine.errors import BackupError
from models.store.engine.files import moment_named

KEPT: Final = (("%Y-%m-%dT%H", 24), ("%Y-%m-%d", 30), ("%Y-%m", 84))
"""What one backup stands for (an hour, a day, a month of UTC), and of how many such it stays: seven years."""

_LASTS: Final = dict(
    zip((span for span, _ in KEPT), (timedelta(hours=1), timedelta(days=1), timedelta(days=31)), strict=True)
)
"""The most time between the first moment of such a span and the next one's."""

SET_APART: Final = "until-"
"""Begins the name of a folder of backups under another key than the record's."""


class Thinned(NamedTuple):
    """Which backups were deleted, and which are not what was written: nothing that these replace was."""

    deleted: list[Path]
    damaged: list[Path]


def staying(made: Iterable[datetime], damaged: Collection[datetime] = ()) -> set[datetime]:
    """Of backups made at these moments, those that stay; an hour without one does not count as an hour.

    One that is damaged stands for nothing, but stays, and so does the last good one before it.
    """
    good = sorted(set(made) - set(damaged), reverse=True)
    stay = set(damaged)
    for span, most in KEPT:
        newest: dict[str, datetime] = {}
        for moment in good:
            newest.setdefault(f"{moment.astimezone(UTC):{span}}", moment)
        stay.update(list(newest.values())[:most])
    for moment in damaged:
        stay.update([earlier for earlier in good if earlier < moment][:1])
    return stay


def add_backup(engine: Engine, folder: Path, *, at: datetime) -> Backup:
    """A new backup in a folder of them, named by its moment."""
    source = place_of(engine)
    clear(engine, folder, at)
    return backup(engine, folder / _dated(source, at), at=at)


def is_dated(one: Backup) -> bool:
    """Whether a backup is named by its moment, as those are that are thinned out."""
    return one.path.name == _dated(one.source or "", one.made_at)


def _dated(source: str, at: datetime) -> str:
    kind = "dump" if "://" in source else "db"
    return f"{name_of(source)}.{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{kind}"


def set_apart(folder: Path, engine: Engine, *, at: datetime) -> Path | None:
    """Move a record's backups to a folder of their own: its key is another one now, and opens none of them.

    That folder, if there were any; `BackupError` when one could not be moved.
    """
    found, apart = backups_in(folder, engine), folder / f"{SET_APART}{moment_named(at)}"
    try:
        for one in found:
            apart.mkdir(mode=0o700, exist_ok=True)
            for file in (one.path, one.manifest):
                file.replace(apart / file.name)
    except OSError as error:
        raise BackupError(f"The backups made before could not be moved to {apart}: {error}.") from None
    return apart if found else None


def thin_out(folder: Path, engine: Engine) -> Thinned:
    """Delete the dated backups of this record that need not stay, each after what replaces it was read whole.

    One that somebody named, or that was made before a migration or a restore, is not counted and stays.
    `BackupError` says when one could not be deleted.
    """
    found = backups_in(folder, engine)
    made = {one.made_at: one for one in found if is_dated(one)}
    good, damaged = set[datetime](), set[datetime]()
    while True:
        stay = staying(made, damaged)
        replacing = {min(later for later in stay - damaged if later > gone) for gone in made.keys() - stay}
        unread = replacing - good
        if not unread:
            break
        for moment in unread:
            (good if _is_good(made[moment], key_of(engine)) else damaged).add(moment)
    deleted = [made[moment] for moment in sorted(made.keys() - stay)]
    try:
        for one in deleted:
            one.path.unlink()
            one.manifest.unlink()
    except OSError as error:
        raise BackupError(f"An old backup could not be deleted: {error}.") from None
    return Thinned([one.path for one in deleted], [made[moment].path for moment in sorted(damaged)])


def _is_good(one: Backup, key: bytes | None) -> bool:
    try:
        verify_backup(one.path, key=key)
    except BackupError:
        return False
    return True


def leaves(one: datetime, made: Iterable[datetime], *, at: datetime, every: timedelta) -> datetime:
    """When a backup goes at the latest, if from now on one is made every so often and it is not damaged.

    The last of its month stays longest, then the last of its day; of this month and of today the last may be
    still to come.
    """
    later, following = {moment.astimezone(UTC) for moment in made if moment > one}, at + every
    for span, most in reversed(KEPT):
        there = {f"{moment:{span}}" for moment in later}
        if f"{one.astimezone(UTC):{span}}" not in there | {f"{following.astimezone(UTC):{span}}"}:
            return at + max(1, most + 1 - len(there)) * max(every, _LASTS[span])
    return following
