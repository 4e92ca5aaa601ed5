"""The imports there were, as the audit trail tells of them: of which file, and which confirmation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.store.audit.events import told_in
from models.store.engine.asking import ask_first
from models.store.engine.clocks import when


class Imported(NamedTuple):
    """An import that was stored: when, by whom, and what its event tells; of one tampered with, anything."""

    at: datetime
    by: str
    detail: Mapping[str, Any]


def last_of_file(connection: Connection, sha256: str) -> Imported | None:
    """The last import of a file with exactly these bytes, whatever it was called."""
    return _last(connection, "sha256", sha256)


def confirmed_as(connection: Connection, key: str) -> Imported | None:
    """The import somebody confirmed under this key."""
    return _last(connection, "confirmation", key)


def _last(connection: Connection, name: str, value: str) -> Imported | None:
    found = ask_first(
        connection,
        "SELECT happened_at, happened_by, detail FROM audit_event "
        "WHERE action = 'import' AND detail LIKE :told ORDER BY id DESC LIMIT 1",
        told=f'%"{name}":"{value}"%',
    )
    return None if found is None else Imported(when(found[0]), found[1], told_in(found[2]))
