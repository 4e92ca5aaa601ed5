"""The audit trail as it is read: by day, person, action and patient, the newest first."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine

from models.store.audit.events import COLUMNS, trail_of
from models.store.engine.asking import ask, damaged
from models.store.engine.clocks import when
from models.store.engine.database import reading
from models.store.engine.lookup import among
from models.store.record.merges import person
from models.store.trail.listed import events_with
from models.tables.columns import moment_number


class Wanted(NamedTuple):
    """Which events to read: `since` a moment and before `until`, of a person, an action, a patient.

    Of a patient are also lists that showed them, and imports that wrote of them, under any of their numbers.
    """

    since: datetime | None = None
    until: datetime | None = None
    by: str | None = None
    action: str | None = None
    patient_id: int | None = None


ALL: Final = Wanted()


class Entry(NamedTuple):
    """An event as it is read: the columns of `AuditEvent`, `detail` as JSON."""

    number: int
    at: datetime
    by: str
    action: str
    subject: str | None
    patient_id: int | None
    address: str | None
    detail: str
    seal: str


def record_mark(engine: Engine) -> str:
    """Eight hexadecimal digits that tell a record from every other, wherever it is moved or restored to."""
    with reading(engine) as connection:
        return (trail_of(connection) or "")[:8]


def entries(engine: Engine, wanted: Wanted = ALL, *, newest: int | None = None) -> list[Entry]:
    """The events wanted, the newest first, or only so many of them."""
    conditions: list[str] = ["true"]
    values: dict[str, Any] = {}
    for condition, value in (
        ("happened_at >= :since", None if wanted.since is None else moment_number(wanted.since)),
        ("happened_at < :until", None if wanted.until is None else moment_number(wanted.until)),
        ("happened_by = :by", wanted.by),
        ("action = :action", wanted.action),
    ):
        if value is not None:
            conditions.append(condition)
            values[condition.rpartition(":")[2]] = value
    most = "" if newest is None else f" LIMIT {newest:d}"
    with reading(engine) as connection, damaged(connection):
        if wanted.patient_id is not None:
            ids = person(connection, wanted.patient_id)
            theirs, values["patients"] = among(connection, "patient_id", ids, name="patients")
            listed, values["listed"] = among(connection, "id", events_with(connection, ids), name="listed")
            conditions.append(f"({theirs} OR {listed})")
        sql = f"SELECT {', '.join(COLUMNS)} FROM audit_event WHERE {' AND '.join(conditions)} ORDER BY id DESC{most}"  # noqa: E501, S608
        rows = ask(connection, sql, **values)
    return [Entry._make((row[0], when(row[1]), *row[2:])) for row in rows]


def known(engine: Engine) -> tuple[list[str], list[str]]:
    """Everybody who did something, and every action that was done, each in the order of the alphabet."""
    with reading(engine) as connection, damaged(connection):
        people = ask(connection, "SELECT DISTINCT happened_by FROM audit_event ORDER BY 1")
        actions = ask(connection, "SELECT DISTINCT action FROM audit_event ORDER BY 1")
    return [row[0] for row in people], [row[0] for row in actions]
