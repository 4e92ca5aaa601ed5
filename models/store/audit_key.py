"""The key that seals the audit trail, and with which what it tells of many rows is made."""

from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from models.access.keys import AUDIT, KeyFileError, Keys, trail_key_file
from models.store.database import AUDIT_KEY
from models.store.errors import StoreError

_derived: Final[dict[Path, bytes]] = {}


def key_of(connection: Connection) -> bytes:
    """The key of the trail: the engine's, or the one derived from the clinic's key file, made if need be.

    A change of the clinic's key leaves the trail under the key it began with.

    `StoreError` when the file cannot be read or made, others than its owner can read it, or it was lost.
    """
    given = connection.get_execution_options().get(AUDIT_KEY)
    if given is not None:
        return bytes(given)
    try:
        path = trail_key_file()
        if path not in _derived:
            _derived[path] = _keys(path).derive(AUDIT)
    except (KeyFileError, OSError) as error:
        raise StoreError(f"The clinic's key cannot be used, nothing was saved: {error}.") from None
    return _derived[path]


def _keys(path: Path) -> Keys:
    try:
        return Keys.read(path)
    except FileNotFoundError:
        with suppress(FileExistsError):  # another program was first
            return Keys.create(path)
        return Keys.read(path)
