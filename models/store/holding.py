"""Which backups still hold somebody who was erased, and until when. None is ever written anew."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine

from models.store.backup import Backup, beside, folder_of
from models.store.belonging import backups_in, of_the_same_trail
from models.store.retention import leaves


class Held(NamedTuple):
    """A backup with the person in it; `until` is when thinning out takes it at the latest, if it does."""

    backup: Backup
    until: datetime | None

    def described(self) -> dict[str, str | None]:
        """As JSON."""
        until = None if self.until is None else self.until.date().isoformat()
        return {
            "path": str(self.backup.path),
            "made_at": self.backup.made_at.isoformat(),
            "gone_by": until,
        }


def held_in(engine: Engine, since: datetime, *, at: datetime) -> list[Held]:
    """The backups known here that were made from `since`, when the person was recorded, until now.

    Those are the regular ones, what was kept beside the record before it was migrated or restored, and what
    else lies there of a record that was this one once: nobody is erased from that by being erased from this.
    """
    folders = folder_of(engine), beside(engine, "").parent
    regular = backups_in(folders[0], engine)
    made = [one.made_at for one in regular]
    kept = {
        one.path: one
        for folder in folders
        for one in (*backups_in(folder, engine), *of_the_same_trail(folder, engine))
        if one not in regular
    }
    return [
        *(Held(one, leaves(one.made_at, made, at=at)) for one in regular if one.made_at >= since),
        *(Held(one, None) for one in kept.values() if one.made_at >= since),
    ]
