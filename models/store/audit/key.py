"""The key that seals the audit trail, and with which what it tells of many rows is made."""

from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection, inspect

from models.access.keys import AUDIT, KeyFileError, Keys, trail_key_file
from models.store.engine.asking import ask_first
from models.store.engine.database import AUDIT_KEY
from models.store.engine.errors import StoreError

GONE: Final = (
    "is not there, and the audit trail was sealed with the key in it. Mount or name the place where it lies "
    "(SEVENTY_KEY_FILE), or bring it back from its sheet by `seventy key restore`. If it is lost for good, "
    "`seventy key replace-lost --reason TEXT` makes another and goes on with that: nothing then proves what "
    "came before"
)
ANOTHER: Final = (
    "is another key than the one that seals the audit trail, nothing was saved. Mount or name the right one "
    "(SEVENTY_KEY_FILE); or move this one away and keep it, and bring the right one back from its sheet by "
    "`seventy key restore`. If that is lost for good, `seventy key replace-lost --reason TEXT` goes on with "
    "this one: nothing then proves what came before."
)


class _Sealing(NamedTuple):
    """The key of a trail as it is used, and what tells it from another."""

    key: bytes
    fingerprint: str


_derived: Final[dict[Path, _Sealing]] = {}


def key_of(connection: Connection) -> bytes:
    """The key of the trail: the engine's, or the one of the clinic's key file, made where no trail is yet.

    A change of the clinic's key leaves the trail under the key it began with.

    `StoreError` when the file cannot be read or made, others than its owner can read it, or it was lost.
    """
    given = connection.get_execution_options().get(AUDIT_KEY)
    if given is not None:
        return bytes(given)
    try:
        path = trail_key_file()
        if path not in _derived:
            keys = _keys(path, connection)
            _derived[path] = _Sealing(keys.derive(AUDIT), keys.fingerprint())
    except (KeyFileError, OSError) as error:
        raise StoreError(f"The clinic's key cannot be used, nothing was saved: {error}.") from None
    return _derived[path].key


def another_key() -> StoreError:
    """What is said of the key that `key_of` found, when it is not the one that seals the trail."""
    path = trail_key_file()
    return StoreError(f"{path} ({_derived[path].fingerprint}) {ANOTHER}")


def _keys(path: Path, connection: Connection) -> Keys:
    try:
        return Keys.read(path)
    except FileNotFoundError:
        if has_trail(connection):
            raise KeyFileError(f"{path}: {GONE}") from None
        with suppress(FileExistsError):  # another program was first
            return Keys.create(path)
        return Keys.read(path)


def has_trail(connection: Connection) -> bool:
    """Whether some key has sealed a trail here, which no other may go on with unasked."""
    if not inspect(connection).has_table("audit_event"):
        return False
    return ask_first(connection, "SELECT id FROM audit_event LIMIT 1") is not None
