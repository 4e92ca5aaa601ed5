"""The claims on record with their history, the questions locked for them, and the looks at a lock."""

import json
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from models.outcomes.answers.claim import Claim
from models.outcomes.question.estimand import Estimand
from models.store.engine.asking import ask
from models.store.engine.clocks import when
from models.store.engine.database import reading
from models.store.engine.lookup import find
from models.store.rows.kinds import CLAIM
from models.tables.columns import day_of, moment_number


class ClaimVersion(NamedTuple):
    """One version of an advertised claim. `current`: neither superseded nor withdrawn, as then known."""

    id: int
    entity_id: int
    supersedes_id: int | None
    voided: bool
    recorded_at: datetime
    recorded_by: str
    reason: str | None
    current: bool
    words: str
    rate: float
    advertised_where: str | None
    advertised_since: date | None
    source: str

    @property
    def claim(self) -> Claim:
        """What a verdict is given on; in its words a number and its % stay on one line."""
        return Claim(self.rate, self.words.replace(" %", "\N{NO-BREAK SPACE}%"), self.source)


class Lock(NamedTuple):
    """A question fixed at a moment: its canonical JSON and the SHA-256 of that. `claim_id` is an entity."""

    id: int
    claim_id: int | None
    question: str
    question_hash: str
    locked_at: datetime
    locked_by: str
    reason: str | None

    @property
    def estimand(self) -> Estimand:
        """The question as a value."""
        return Estimand.from_question(json.loads(self.question))


class Look(NamedTuple):
    """The counts someone saw as of a day, and when first."""

    id: int
    lock_id: int
    as_of: date
    numerator: int
    denominator: int
    looked_at: datetime


def claims(engine: Engine, known_at: datetime | None = None) -> list[ClaimVersion]:
    """Every version of every claim in the order recorded, or those known at a moment."""
    with reading(engine) as connection:
        rows = find(connection, CLAIM, _known("c.recorded_at", known_at))
    superseded = {row.supersedes_id for row in rows}
    found = []
    for row in rows:
        told = CLAIM.told(row.row)
        del told["clinic_id"]
        found.append(
            ClaimVersion(
                row.id,
                row.entity_id,
                row.supersedes_id,
                bool(row.voided),
                when(row.recorded_at),
                row.recorded_by,
                row.reason,
                row.id not in superseded and not row.voided,
                **told,
            )
        )
    return found


def locks(engine: Engine, known_at: datetime | None = None) -> list[Lock]:
    """Every lock, the oldest first, or those known at a moment; the last one stands."""
    with reading(engine) as connection:
        return locks_in(connection, known_at)


def looks(engine: Engine, lock_id: int, known_at: datetime | None = None) -> list[Look]:
    """Every look at a locked question, the first one first, or those known at a moment."""
    with reading(engine) as connection:
        return looks_in(connection, lock_id, known_at)


def locks_in(connection: Connection, known_at: datetime | None = None) -> list[Lock]:
    """The same inside a transaction that is already open."""
    listed, known = ", ".join(Lock._fields), _known("locked_at", known_at)
    sql = f"SELECT {listed} FROM claim_lock WHERE {known} ORDER BY id"  # noqa: S608
    return [Lock._make((*row[:4], when(row[4]), *row[5:])) for row in ask(connection, sql)]


def looks_in(connection: Connection, lock_id: int, known_at: datetime | None = None) -> list[Look]:
    """The same inside a transaction that is already open."""
    listed, known = ", ".join(Look._fields), _known("looked_at", known_at)
    sql = f"SELECT {listed} FROM claim_look WHERE lock_id = :lock AND {known} ORDER BY id"  # noqa: S608
    rows = ask(connection, sql, lock=lock_id)
    return [Look._make((*row[:2], day_of(row[2]), *row[3:5], when(row[5]))) for row in rows]


def _known(column: str, known_at: datetime | None) -> str:
    return "true" if known_at is None else f"{column} <= {moment_number(known_at)}"
