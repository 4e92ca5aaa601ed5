"""Corrections and withdrawals: new rows that say who, when and why; what they replace stays in the record."""

from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Engine

from models.store.adding import Adding
from models.store.comparing import Standing, differences
from models.store.errors import ConflictError, InUseError, NotFoundError, SupersededError
from models.store.inserting import Successor, insert_successor
from models.store.kinds import ASSESSMENT, COURSE, INFUSION, PATIENT, Kind
from models.store.lookup import Stored, ask, current, current_keys, find, items_of, next_id
from models.store.saving import Saved, adding, stored_alert
from models.tables.columns import day_number, day_of, moment_of
from models.tables.facts import Facts, FactsError, PatientFacts, Problem
from models.tables.facts.problems import refused
from models.tables.facts.texts import clean
from models.tables.plausible import plausible

_WITHDRAWAL: Final = 10
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
    reason = _reason(why, 1)
    with adding(engine, by=by, at=at) as writer:
        stored, already = _standing(writer, kind, row_id, save_key)
        if already is not None:
            return already
        row = kind.row(facts, writer.clinic_id)
        items = items_of(writer.connection, [row_id]).get(row_id, {}) if kind is ASSESSMENT else {}
        standing = Standing(row_id, stored.entity_id, stored.row, items)
        if not differences(kind, standing, facts, row, silence=False)[1]:
            return Saved(row_id, stored.entity_id, already=True, alert=stored_alert(writer, kind, row_id))
        _refuse(writer, kind, facts, standing)
        new = next_id(writer.connection, kind.name)
        successor = Successor(stored.entity_id, row_id, reason, voided=False)
        insert_successor(writer.connection, kind, writer.stamp, new, successor, row, save_key)
        if kind is ASSESSMENT:
            writer.attach([new], [facts])
        return Saved(new, stored.entity_id, already=False, alert=writer.finish().get(new))


def _void(kind: Kind, engine: Engine, row_id: int, *, by: str, at: datetime, why: str) -> Saved:
    """Take a row away: it counts nowhere from now on, and stays in the record with the reason."""
    reason = _reason(why, _WITHDRAWAL)
    with adding(engine, by=by, at=at) as writer:
        stored, _ = _standing(writer, kind, row_id, None)
        if kind is PATIENT:
            _refuse_in_use(writer, stored.entity_id)
        new = next_id(writer.connection, kind.name)
        successor = Successor(stored.entity_id, row_id, reason, voided=True)
        insert_successor(writer.connection, kind, writer.stamp, new, successor, stored.row, None)
        return Saved(new, stored.entity_id, already=False, alert=None)


def _reason(why: str, shortest: int) -> str:
    longest = plausible().text.reason
    try:
        reason = clean(why, longest) or ""
    except ValueError as error:
        raise FactsError([refused("why", "The reason", why, str(error))]) from None
    if len(reason) < shortest:
        allowed = f"{shortest} characters or more" if shortest > 1 else "given"
        raise FactsError([refused("why", "The reason", why, allowed)])
    return reason


def _standing(writer: Adding, kind: Kind, row_id: int, save_key: str | None) -> tuple[Stored, Saved | None]:
    """The row to replace, if it still stands; and what came of this very save when it was made before."""
    versions = find(writer.connection, kind, "c.id = :row OR c.supersedes_id = :row", row=row_id)
    if not versions or versions[0].id != row_id:
        raise NotFoundError(kind.name)
    for newer in versions[1:]:
        if save_key is not None and newer.save_key == save_key:
            saved = Saved(newer.id, newer.entity_id, already=True, alert=stored_alert(writer, kind, newer.id))
            return versions[0], saved
    latest = versions[-1]
    if latest.id != row_id or latest.voided:
        raise SupersededError(
            latest.recorded_by,
            moment_of(latest.recorded_at),
            latest.reason or "",
            withdrawn=bool(latest.voided),
        )
    return latest, None


def _refuse(writer: Adding, kind: Kind, facts: Facts, standing: Standing) -> None:
    """What keeps corrected facts from standing: the key of another row, or the patient's birth."""
    row = kind.row(facts, writer.clinic_id)
    key = kind.key(row)
    other = current_keys(writer.connection, kind, [key]).get(key)
    if other is not None and other != standing.id:
        found = find(writer.connection, kind, "c.id = :row", row=other)[0]
        old, new = kind.told(found.row), kind.told(row)
        raise ConflictError(
            kind.name,
            {name: value for name, value in old.items() if value != new[name]},
            {name: value for name, value in new.items() if value != old[name]},
            found.id,
            found.entity_id,
        )
    problems = writer.impossible(kind, [facts], [row])[0]
    if isinstance(facts, PatientFacts):
        problems = _born_too_late(writer, facts, standing.entity_id)
    if problems:
        raise FactsError(problems)


def _born_too_late(writer: Adding, facts: PatientFacts, entity_id: int) -> tuple[Problem, ...]:
    first = _first_day(writer, entity_id)
    if facts.birth_date is None or first is None or day_number(facts.birth_date) <= first:
        return ()
    allowed = f"before the first thing recorded of this patient, {day_of(first)}"
    return (refused("birth_date", "Birth date", facts.birth_date, allowed),)


_DATED: Final = (("course", "NULL", "started_on"), ("infusion", "given_at", "given_on"),
                 ("assessment", "assessed_at", "assessed_on"))  # fmt: skip


def _first_day(writer: Adding, entity_id: int) -> int | None:
    """The clinic's day of the first thing that stands recorded of a patient."""
    days: list[int] = []
    for table, at, on in _DATED:
        sql = f"SELECT min({at}), min({on}) FROM {table} c WHERE c.patient_id = :patient AND {current(table)}"  # noqa: S608
        moment, day = ask(writer.connection, sql, patient=entity_id).one()
        if moment is not None:
            days.append(day_number(moment_of(moment).astimezone(writer.zone).date()))
        if day is not None:
            days.append(day)
    return min(days, default=None)


def _refuse_in_use(writer: Adding, entity_id: int) -> None:
    for table, _, _ in _DATED:
        sql = f"SELECT count(*) FROM {table} c WHERE c.patient_id = :patient AND {current(table)}"  # noqa: S608
        count = ask(writer.connection, sql, patient=entity_id).scalar_one()
        if count:
            many = f"{count} {table}s" if count > 1 else f"one {table}"
            raise InUseError(f"This patient still has {many}; withdraw those first.")


correct_patient = partial(_correct, PATIENT)
correct_course = partial(_correct, COURSE)
correct_infusion = partial(_correct, INFUSION)
correct_assessment = partial(_correct, ASSESSMENT)
void_patient = partial(_void, PATIENT)
void_course = partial(_void, COURSE)
void_infusion = partial(_void, INFUSION)
void_assessment = partial(_void, ASSESSMENT)
