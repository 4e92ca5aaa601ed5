"""What a save comes to, and the transaction around one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Engine

from models.scales.safety import AlertLevel
from models.store.audit.change_events import Change
from models.store.engine.asking import ask_first
from models.store.engine.database import writing
from models.store.engine.errors import ConflictError
from models.store.record.adding import Adding
from models.store.record.alerts import Alert
from models.store.record.comparing import answered
from models.store.rows.kinds import ASSESSMENT, Kind
from models.tables.facts import Facts, FactsError


class Saved(NamedTuple):
    """The row that now stands; `already` when it did before, as after a double click."""

    id: int
    entity_id: int
    already: bool
    alert: Alert | None


@contextmanager
def adding(engine: Engine, action: str, *, by: str, at: datetime) -> Iterator[Adding]:
    """One writer's transaction: its rows, their items, their alerts and its event, or nothing."""
    with writing(engine) as connection:
        writer = Adding(connection, by=by, at=at)
        yield writer
        writer.tell(action)


def save_one(writer: Adding, kind: Kind, facts: Facts, save_key: str | None) -> Saved:
    """Record one row and its alert, or say that it stands.

    Raises `ConflictError` where something else stands under the same name, `FactsError` where a rule of the
    record refuses it.
    """
    loaded = writer.add(kind, [facts], save_key=save_key)
    for conflict in loaded.conflicts:
        subject = kind.subject(kind.row(facts, writer.clinic_id))
        raise ConflictError(subject, conflict.stored, conflict.given, conflict.id, conflict.entity_id)
    for refused in loaded.refused:
        raise FactsError(refused.problems)
    row_id, entity_id = cast("int", loaded.ids[0]), cast("int", loaded.entity_ids[0])
    already = loaded.already > 0
    if already:
        return Saved(row_id, entity_id, already=True, alert=stored_alert(writer, kind, row_id))
    row = kind.row(facts, writer.clinic_id)
    writer.changes.append(Change.of(kind, row_id, entity_id, after=(row, answered(facts))))
    return Saved(row_id, entity_id, already=False, alert=writer.finish().get(row_id))


def stored_alert(writer: Adding, kind: Kind, row_id: int) -> Alert | None:
    """The alert an assessment raised when it was recorded."""
    if kind is not ASSESSMENT:
        return None
    sql = "SELECT level, worsening FROM safety_alert WHERE assessment_id = :row_id"
    found = ask_first(writer.connection, sql, row_id=row_id)
    return None if found is None else Alert(AlertLevel(found[0]), bool(found[1]))
