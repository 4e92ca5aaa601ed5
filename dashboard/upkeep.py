"""Whether the record can go on being kept: room on its disk, and records that are due to go."""

from typing import NamedTuple

from dashboard import data
from models.store.engine.database import is_sqlite
from models.store.erasure import due
from models.store.erasure.due import Retention
from models.store.health.space import room_of


class Scarce(NamedTuple):
    """A disk with hardly any room left, in words, and whether it is the record's own or its backups'."""

    says: str
    of_record: bool


def scarce_room() -> Scarce | None:
    """The disk that is nearly full; `None` while there is room."""
    engine = data.engine()
    room = room_of(engine)
    return Scarce(room.says, is_sqlite(engine)) if room.is_scarce else None


def retention() -> Retention:
    """Whose time is over today by the clinic's own setting."""
    return due.retention(data.engine(), data.today())
