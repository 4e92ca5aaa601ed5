"""Which question a claim is judged by, written down before anyone looks, and how often it was looked at."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Engine

from models.outcomes.answers.claim import Claim
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.locked import PRIMARY, canonical, question_hash
from models.store.audit.change_events import Change, changed
from models.store.audit.events import append
from models.store.audit.inserting import Stamp, insert, insert_first
from models.store.audit.reasons import reason_of
from models.store.engine.asking import ask
from models.store.engine.database import reading, writing
from models.store.engine.errors import NotFoundError
from models.store.engine.lookup import clinic, current, next_id, next_moment
from models.store.record.claims import Lock, Look, locks_in, looks_in
from models.store.rows.kinds import CLAIM
from models.tables import ClaimLock, ClaimLook
from models.tables.columns import day_number
from models.tables.facts import ClaimFacts

BY_ITSELF: Final = "seventy"
"""Who recorded what every record starts with."""


def begin(connection: Connection, *, at: datetime) -> None:
    """Give a record that has no lock the advertised claim and the primary question, before anyone looks."""
    if locks_in(connection):
        return
    advertised = Claim()
    facts = ClaimFacts(words=advertised.words, rate=advertised.rate, source=advertised.source)
    clinic_id, _ = clinic(connection)
    claim = next_id(connection, "claim")
    stamp = Stamp(BY_ITSELF, next_moment(connection, at))
    insert_first(connection, CLAIM, stamp, [claim], [CLAIM.row(facts, clinic_id)], None)
    _lock(connection, PRIMARY, claim, stamp, None, at=at)


def lock_question(
    engine: Engine,
    estimand: Estimand,
    *,
    claim: int | None,
    by: str,
    at: datetime,
    reason: str | None = None,
) -> Lock:
    """Judge a claim (its entity id) by this question from now on; earlier locks stay, for everyone to see.

    Every lock but the first needs a reason, `FactsError` otherwise. The question that is locked already, for
    the same claim, is not locked again: its lock is what comes back. `NotFoundError` without such a claim.
    """
    with writing(engine) as connection:
        earlier = locks_in(connection)
        if claim is not None:
            _refuse_unclaimed(connection, claim)
        if earlier and (earlier[-1].question_hash, earlier[-1].claim_id) == (question_hash(estimand), claim):
            return earlier[-1]
        why = reason_of(reason or "") if earlier or reason else None
        _lock(connection, estimand, claim, Stamp(by, next_moment(connection, at)), why, at=at)
        return locks_in(connection)[-1]


def note_look(
    engine: Engine, lock_id: int, *, as_of: date, numerator: int, denominator: int, at: datetime
) -> Look:
    """Note that the answer to a locked question was seen; the same counts as of the same day are one look.

    Raises `NotFoundError` for a lock that is not there.
    """
    seen = (as_of, numerator, denominator)
    with reading(engine) as connection:
        found = _look(connection, lock_id, seen)
    if found is not None:
        return found
    with writing(engine) as connection:
        if not ask(connection, "SELECT 1 FROM claim_lock WHERE id = :lock", lock=lock_id):
            raise NotFoundError("lock")
        found = _look(connection, lock_id, seen)
        if found is None:
            new, moment = next_id(connection, "claim_look"), next_moment(connection, at)
            row = (new, lock_id, day_number(as_of), numerator, denominator, moment)
            insert(connection, "claim_look", tuple(ClaimLook.model_fields), [row])
            after = {"lock": lock_id, "as_of": as_of, "numerator": numerator, "denominator": denominator}
            event = changed("look", [Change(f"claim_look {new}", None, None, after)])
            append(connection, [event], by=BY_ITSELF, at=at)
            found = _look(connection, lock_id, seen)
        if found is None:
            raise NotFoundError("look")
        return found


def _lock(
    connection: Connection,
    estimand: Estimand,
    claim: int | None,
    stamp: Stamp,
    reason: str | None,
    *,
    at: datetime,
) -> None:
    earlier = locks_in(connection)
    before = _judged(earlier[-1].claim_id, earlier[-1].question) if earlier else None
    new = next_id(connection, "claim_lock")
    row = (new, claim, canonical(estimand), question_hash(estimand), stamp.moment, stamp.by, reason)
    insert(connection, "claim_lock", tuple(ClaimLock.model_fields), [row])
    change = Change(f"claim_lock {new}", None, before, _judged(claim, canonical(estimand)), reason)
    append(connection, [changed("lock", [change])], by=stamp.by, at=at)


def _judged(claim: int | None, question: str) -> dict[str, object]:
    return {"claim": claim, "question": question}


def _refuse_unclaimed(connection: Connection, claim: int) -> None:
    sql = f"SELECT 1 FROM claim c WHERE c.entity_id = :claim AND {current('claim')}"  # noqa: S608
    if not ask(connection, sql, claim=claim):
        raise NotFoundError("claim")


def _look(connection: Connection, lock_id: int, seen: tuple[date, int, int]) -> Look | None:
    looks = looks_in(connection, lock_id)
    return next((look for look in looks if (look.as_of, look.numerator, look.denominator) == seen), None)
