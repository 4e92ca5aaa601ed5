"""Whether each breaking of the glass that stands is one that the audit trail tells of, as it tells of it."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from models.store.account_events import subject
from models.store.asking import ask
from models.store.finding_words import Finding, told_on
from models.store.trail import when
from models.tables.columns import moment_number


def untold_glass(connection: Connection) -> Iterator[Finding]:
    """Those whose account, reason and end no event has, and those that an event has and that are gone."""
    sql = "SELECT id, subject, detail FROM audit_event WHERE action = 'break glass' ORDER BY id"
    told = {(whose, *_told(detail)): event for event, whose, detail in ask(connection, sql)}
    stand = set()
    rows = ask(
        connection,
        "SELECT a.id, a.username, e.reason, e.ends_at FROM elevation e JOIN account a ON a.id = e.account_id "
        "ORDER BY e.id",
    )
    for account_id, username, reason, ends_at in rows:
        stand.add((subject(account_id), reason, ends_at))
        if (subject(account_id), reason, ends_at) not in told:
            until = f"{when(ends_at):%Y-%m-%d %H:%M} UTC"
            words = f"Account {username}: the glass is broken until {until}, which no event tells of."
            yield Finding("record", None, words)
    for (whose, reason, ends_at), event in told.items():
        if ends_at is not None and (whose, reason, ends_at) not in stand:
            words = f"The glass broken {told_on(connection, event)} does not stand here as it was told."
            yield Finding("record", event, words)


def _told(detail: str) -> tuple[str | None, int | None]:
    """The reason and the end of an event; of one tampered with, what fits no row."""
    try:
        told = json.loads(detail)
        return str(told["reason"]), moment_number(datetime.fromisoformat(told["until"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None, None
