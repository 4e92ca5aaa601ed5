"""Whether the key that seals the audit trail is where it belongs, and where else it is kept."""

from collections.abc import Callable
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
from models.store.asking import ask_first
from models.store.audit import BEFORE_THE_FIRST, COLUMNS, sealed
from models.store.database import AUDIT_KEY
from models.store.found import Finding

ABOUT: Final = "key of the trail"
SHEET: Final = (
    "Save nothing before it is back: `seventy key restore` brings it from a sheet that was printed after the "
    "key was changed (lines 5 to 8)."
)


def trail_key_found(connection: Connection) -> Finding:
    """The key of the trail held against its first event; nothing is made where there is none."""
    first = ask_first(connection, f"SELECT {', '.join(COLUMNS)} FROM audit_event ORDER BY id LIMIT 1")  # noqa: S608
    given = connection.get_execution_options().get(AUDIT_KEY)
    if first is None or given is not None:
        return Finding(ABOUT, first is not None, "It was given." if first else "The trail is empty.", SHEET)

    def fits(keys: Keys) -> bool:
        return sealed(keys.derive(AUDIT), first[:-1], BEFORE_THE_FIRST) == str(first[-1])

    try:
        path = trail_key_file()
        keys = Keys.read(path)
    except (KeyFileError, OSError) as unfit:
        return Finding(ABOUT, False, f"It cannot be read: {unfit}.", _way_back(fits))
    if fits(keys):
        return Finding(ABOUT, True, f"{path} ({keys.fingerprint()}) holds it.")
    says = (
        f"{path} ({keys.fingerprint()}) does not fit the first event: it is another key, or that was changed."
    )
    return Finding(ABOUT, False, says, _way_back(fits))


def _way_back(fits: Callable[[Keys], bool]) -> str:
    """The former key that fits, put where it belongs, or the sheet."""
    for kept in [*former_key_files(), key_file()]:
        with suppress(KeyFileError, OSError):
            if fits(Keys.read(kept)):
                return _copy(kept, first_key_file())
    return SHEET


def _copy(kept: Path, first: Path) -> str:
    away = f"Move {first} away and keep it, then run" if first.exists() else "Run"
    return f"{away} `cp -p '{kept}' '{first}'`."
