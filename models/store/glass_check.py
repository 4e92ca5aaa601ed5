"""Whether each breaking of the glass that stands is one that the audit trail tells of, as it tells of it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from models.store.account_events import subject
from models.store.asking import ask
from models.store.finding_words import Finding
from models.store.trail import when
from models.tables.columns import moment_number


def untold_glass(connection: Connection) -> Iterator[Finding]:
    """Those whose account, reason and end no event has."""
    events = ask(connection, "SELECT subject, detail FROM audit_event WHERE action = 'break glass'")
    told = {(whose, *_told(detail)) for whose, detail in events}
    rows = ask(
        connection,
        "SELECT a.id, a.username, e.reason, e.ends_at FROM elevation e JOIN account a ON a.id = e.account_id "
        "ORDER BY e.id",
    )
    for account_id, username, reason, ends_at in rows:
        if (subject(account_id), reason, ends_at) not in told:
            until = f"{when(ends_at):%Y-%m-%d %H:%M} UTC"
            words = f"Account {username}: the glass is broken until {until}, which no event tells of."
            yield Finding("record", None, words)


def _told(detail: str) -> tuple[Any, int | None]:
    """The reason and the end of an event; of one tampered with, what fits no row."""
    try:
        told = json.loads(detail)
        return told["reason"], moment_number(datetime.fromisoformat(told["until"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None, None
