"""The glasses that were broken: by whom, why and for how long."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine

from models.store.engine.asking import ask
from models.store.engine.clocks import when
from models.store.engine.database import reading
from models.tables.columns import moment_number


class Elevation(NamedTuple):
    """A glass that was broken: by whom, why, when and until when."""

    username: str
    name: str
    reason: str
    started_at: datetime
    ends_at: datetime


def elevations(engine: Engine, *, since: datetime) -> list[Elevation]:
    """Each time the glass was broken since a moment, the newest first."""
    sql = (
        "SELECT a.username, a.name, e.reason, e.started_at, e.ends_at "
        "FROM elevation e JOIN account a ON a.id = e.account_id "
        "WHERE e.started_at >= :since ORDER BY e.id DESC"
    )
    with reading(engine) as connection:
        found = ask(connection, sql, since=moment_number(since))
    return [
        Elevation(username, name, reason, when(started), when(ends))
        for username, name, reason, started, ends in found
    ]
