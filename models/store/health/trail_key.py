"""Whether the key that seals the audit trail is where it belongs, and where else it is kept."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from models.access.keys import (
    AUDIT,
    KeyFileError,
    Keys,
    first_key_file,
    former_key_files,
    key_file,
    trail_key_file,
)
from models.store.audit.events import began_with, sealed_the_beginning
from models.store.engine.database import AUDIT_KEY
from models.store.engine.found import Examined

ABOUT: Final = "key of the trail"
SHEET: Final = (
    "Save nothing before it is back: `seventy key restore` brings it from a sheet that was printed after the "
    "key was changed (lines 5 to 8). If it is lost for good, `seventy key replace-lost` goes on with another."
)


def trail_key_found(connection: Connection) -> Examined:
    """The key of the trail held against the event it began with; nothing is made where there is none."""
    began, given = began_with(connection), connection.get_execution_options().get(AUDIT_KEY)
    if began is None or given is not None:
        return Examined(
            ABOUT, began is not None, "The trail is empty." if began is None else "It was given.", SHEET
        )
    try:
        path = trail_key_file()
        keys = Keys.read(path)
    except (KeyFileError, OSError) as unfit:
        return Examined(ABOUT, False, f"It cannot be read: {unfit}.", way_back(connection) or SHEET)
    named = f"{path} ({keys.fingerprint()})"
    if sealed_the_beginning(connection, keys.derive(AUDIT)):
        since = "" if began == 1 else f" since event {began}; the one before was lost"
        return Examined(ABOUT, True, f"{named} holds it{since}.")
    which = "the first event" if began == 1 else f"event {began}, from which on the trail goes on with one"
    says = f"{named} does not fit {which}: it is another key, or that was changed."
    return Examined(ABOUT, False, says, way_back(connection) or SHEET)


def way_back(connection: Connection) -> str | None:
    """How the former key that fits is put where it belongs; `None` where no file holds it."""
    for kept in [*former_key_files(), key_file()]:
        with suppress(KeyFileError, OSError):
            if sealed_the_beginning(connection, Keys.read(kept).derive(AUDIT)):
                return _copy(kept, first_key_file())
    return None


def _copy(kept: Path, first: Path) -> str:
    away = f"Move {first} away and keep it, then run" if first.exists() else "Run"
    return f"{away} `cp -p '{kept}' '{first}'`."
