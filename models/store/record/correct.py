"""Corrections and withdrawals: new rows that say who, when and why; what they replace stays in the record."""

from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Engine

from models.store.audit.change_events import Change
from models.store.audit.inserting import Successor, insert_successor
from models.store.audit.reasons import reason_of
from models.store.engine.asking import ask
from models.store.engine.errors import InUseError, NotFoundError, SupersededError
from models.store.engine.lookup import Standing, Stored, current, find, items_of, next_id
from models.store.record.adding import Adding
from models.store.record.comparing import answered, differences
from models.store.record.merges import people
from models.store.record.replacing import DATED, replace
from models.store.record.saving import Saved, adding, stored_alert
from models.store.rows.kinds import ASSESSMENT, CLAIM, COURSE, INFUSION, MERGED, PATIENT, Kind
from models.tables.columns import moment_of
from models.tables.facts import Facts

SHORTEST: Final = 10
"""A withdrawal takes a score out of every figure: its reason says more than a word."""


def _correct(  # noqa: PLR0913
    kind: Kind,
    engine: Engine,
    row_id: int,
    facts: Facts,
    *,
    by: str,
    at: datetime,
    why: str,
    save_key: str | None = None,
) -> Saved:
    """Replace a row by what is right; `SupersededError` when someone else did so first."""
    reason = reason_of(why)
    with adding(engine, "correct", by=by, at=at) as writer:
        stored, again = _standing(writer, kind, row_id, save_key)
        if again is not None:
            return again
        items = _items(writer, kind, row_id)
        standing = Standing(row_id, stored.entity_id, stored.row, items)
        row = kind.row(facts, writer.clinic_id)
        if not differences(kind, standing, facts, row, silence=False)[1]:
            alert = stored_alert(writer, kind, row_id)
            return Saved(row_id, stored.entity_id, already=True, alert=alert)
        new = replace(writer, kind, standing, facts, reason, save_key=save_key)
        before, after = (stored.row, items), (row, answered(facts))
        writer.changes.append(Change.of(kind, new, stored.entity_id, before, after, reason))
        return Saved(new, stored.entity_id, already=False, alert=writer.finish().get(new))


def _void(  # noqa: PLR0913
    kind: Kind,
    engine: Engine,
    row_id: int,
    *,
    by: str,
    at: datetime,
    why: str,
    save_key: str | None = None,
    action: str = "withdraw",
) -> Saved:
    """Take a row away: it counts nowhere from now on, and stays in the record with the reason."""
    reason = reason_of(why, SHORTEST)
    with adding(engine, action, by=by, at=at) as writer:
        stored, again = _standing(writer, kind, row_id, save_key)
        if again is not None:
            return again
        if kind is PATIENT:
            _refuse_in_use(writer, stored.entity_id)
        new = next_id(writer.connection, kind.name)
        successor = Successor(stored.entity_id, row_id, reason, voided=True)
        insert_successor(writer.connection, kind, writer.stamp, new, successor, stored.row, save_key)
        before = stored.row, _items(writer, kind, row_id)
        writer.changes.append(Change.of(kind, new, stored.entity_id, before, None, reason))
        return Saved(new, stored.entity_id, already=False, alert=None)


def _standing(writer: Adding, kind: Kind, row_id: int, save_key: str | None) -> tuple[Stored, Saved | None]:
    """The row to replace, if it still stands; and what came of this very save when it was made before."""
    versions = find(writer.connection, kind, "c.id = :row OR c.supersedes_id = :row", row=row_id)
    if not versions or versions[0].id != row_id:
        raise NotFoundError(kind.name)
    latest = versions[-1]
    if latest.id != row_id and save_key is not None and latest.save_key == save_key:
        alert = stored_alert(writer, kind, latest.id)
        return versions[0], Saved(latest.id, latest.entity_id, already=True, alert=alert)
    if latest.id != row_id or latest.voided:
        when, why = moment_of(latest.recorded_at).astimezone(writer.zone), latest.reason or ""
        raise SupersededError(latest.recorded_by, when, why, withdrawn=bool(latest.voided))
    return latest, None


def _items(writer: Adding, kind: Kind, row_id: int) -> dict[int, int]:
    return items_of(writer.connection, [row_id]).get(row_id, {}) if kind is ASSESSMENT else {}


def _refuse_in_use(writer: Adding, entity_id: int) -> None:
    if len(people(writer.links, [entity_id])) > 1:
        raise InUseError("This patient is merged with another; undo that first.")
    for table, _, _ in DATED:
        whose = f"c.patient_id = :patient AND {current(table)}"
        sql = f"SELECT count(*) FROM {table} c WHERE {whose}"  # noqa: S608
        ((count,),) = ask(writer.connection, sql, patient=entity_id)
        if count:
            many = f"{count} {table}s" if count > 1 else f"one {table}"
            raise InUseError(f"This patient still has {many}; withdraw those first.")


correct_patient = partial(_correct, PATIENT)
correct_course = partial(_correct, COURSE)
correct_infusion = partial(_correct, INFUSION)
correct_assessment = partial(_correct, ASSESSMENT)
correct_claim = partial(_correct, CLAIM)
void_patient = partial(_void, PATIENT)
void_course = partial(_void, COURSE)
void_infusion = partial(_void, INFUSION)
void_assessment = partial(_void, ASSESSMENT)
void_claim = partial(_void, CLAIM)
undo_merge = partial(_void, MERGED, action="undo merge")
"""Two records are two people's again; `row_id` is the link's. Nothing was moved, so nothing moves back."""
