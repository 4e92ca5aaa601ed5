"""Which backups still hold somebody who was erased, and until when. None is ever written anew."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine

from models.store.backup import Backup, beside, folder_of
from models.store.database import place_of
from models.store.retention import backups_in, leaves


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

    Those are the regular ones, and what was kept beside the record before it was migrated or restored.
    """
    regular = backups_in(folder_of(engine), place_of(engine))
    kept = backups_in(beside(engine, "").parent, place_of(engine))
    made = [one.made_at for one in regular]
    return [
        *(Held(one, leaves(one.made_at, made, at=at)) for one in regular if one.made_at >= since),
        *(Held(one, None) for one in kept if one.made_at >= since and one not in regular),
    ]
