"""The audit trail gone on with under another key, once the one that sealed it is lost for good.

What came before is proved by nothing any more, which an event says from then on, and `verify` with it.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine

from models.access.keys import AUDIT, Keys, first_key_file, former_key_files, key_file, trail_key_file
from models.store.audit.events import LOST, Event, agree, append, fits
from models.store.audit.key import has_trail
from models.store.audit.key import key_of as trail_key
from models.store.engine.asking import ask_first
from models.store.engine.database import is_sqlite, key_of, reading, writing
from models.store.engine.errors import StoreError
from models.store.engine.sqlite import file_of
from models.store.moves.refilling import refuse_others
from models.store.moves.restore import alone

REASON: Final = "reason"
NOT_PROVED: Final = "not proved up to event"


def place_for_key() -> Path:
    """Where a key has to lie to seal the trail: beside the clinic's own, once that was changed."""
    first = first_key_file()
    return first if first.exists() or former_key_files() else key_file()


def is_sealed_by(connection: Connection, keys: Keys) -> bool:
    """Whether a key seals the trail of a record."""
    return has_trail(connection) and fits(connection, keys.derive(AUDIT))


def refuse_in_use(engine: Engine) -> None:
    """`BackupError` when somebody else has the record open, and goes on with the key they began with."""
    engine.dispose()
    if not is_sqlite(engine):
        refuse_others(engine)
        return
    with alone(file_of(engine.url), {}, key_of(engine)):
        pass


def is_under_another(engine: Engine, *, make: bool) -> bool:
    """Whether another key than the one that is there seals what a backup holds.

    To restore it is to be let go on with that key: `adopt` tells it. Where none lies one is made, if asked.
    """
    agree(engine)
    if make and not former_key_files():
        with suppress(FileExistsError):
            Keys.create(key_file())
    with reading(engine) as connection:
        return has_trail(connection) and not fits(connection, trail_key(connection))


def adopt(engine: Engine, reason: str, *, by: str, at: datetime) -> None:
    """Tell in a restored record that another key seals it from now on."""
    with writing(engine) as connection:
        tell_of_lost(connection, Keys.read(trail_key_file()).fingerprint(), reason, by=by, at=at)


def go_on_with(engine: Engine, keys: Keys, reason: str, *, by: str, at: datetime) -> int:
    """Tell that the key before this one was lost; the last event that nothing proves any more.

    `keys` are those that lie where the trail's are looked for. `StoreError` when they seal it already.
    """
    agree(engine)
    with writing(engine) as connection:
        if is_sealed_by(connection, keys):
            raise StoreError("The key that is there seals the audit trail already. Nothing was changed.")
        return tell_of_lost(connection, keys.fingerprint(), reason, by=by, at=at)


def tell_of_lost(connection: Connection, fingerprint: str, reason: str, *, by: str, at: datetime) -> int:
    """The event alone, inside a writer's transaction."""
    (last,) = ask_first(connection, "SELECT max(id) FROM audit_event") or (0,)
    detail: dict[str, Any] = {"key": fingerprint, NOT_PROVED: last, REASON: reason}
    append(connection, [Event(LOST, detail=detail)], by=by, at=at)
    return int(last)
