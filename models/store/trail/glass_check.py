"""Whether each breaking of the glass that stands is one that the audit trail tells of, as it tells of it.

An event tells when the glass closes again; it was broken the time before that a broken glass lasts.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from models.store.accounts.account_events import subject_of
from models.store.accounts.sessions import GLASS_LASTS
from models.store.audit.events import told_in
from models.store.engine.asking import ask
from models.store.engine.clocks import when
from models.store.trail.finding_words import Finding, told_on
from models.tables.columns import moment_number


def untold_glass(connection: Connection) -> Iterator[Finding]:
    """Those whose account, reason and hour no event has, and those that an event has and that are gone."""
    sql = "SELECT id, subject, detail FROM audit_event WHERE action = 'break glass' ORDER BY id"
    told = {(whose, *_told(detail)): event for event, whose, detail in ask(connection, sql)}
    stand = set()
    rows = ask(
        connection,
        "SELECT a.id, a.username, e.reason, e.started_at, e.ends_at "
        "FROM elevation e JOIN account a ON a.id = e.account_id ORDER BY e.id",
    )
    for account_id, username, *row in rows:
        stands = (subject_of(account_id), *row)
        stand.add(stands)
        if stands not in told:
            hour = " until ".join(f"{when(moment):%Y-%m-%d %H:%M} UTC" for moment in row[1:])
            words = f"Account {username}: the glass is broken from {hour}, which no event tells of."
            yield Finding("record", None, words)
    for stood, event in told.items():
        if stood[-1] is not None and stood not in stand:
            words = f"The glass broken {told_on(connection, event)} does not stand here as it was told."
            yield Finding("record", event, words)


def _told(detail: str) -> tuple[str | None, int | None, int | None]:
    """The reason, the start and the end of an event; of one tampered with, what fits no row."""
    told = told_in(detail)
    try:
        until = datetime.fromisoformat(told["until"])
        return str(told["reason"]), moment_number(until - GLASS_LASTS), moment_number(until)
    except (ValueError, TypeError, KeyError, OverflowError):
        return None, None, None
