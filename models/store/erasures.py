"""Who was erased, as far as the record still knows: when, by whom, why, and whether a number was theirs."""

import hmac
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from models.store.asking import ask
from models.store.audit import key_of
from models.store.database import reading
from models.store.lookup import current
from models.tables.columns import moment_of


class Erasure(NamedTuple):
    """One person erased. `numbers` are keyed digests; with `known_as`, scores were kept under that."""

    id: int
    patient_id: int
    numbers: tuple[str, ...]
    known_as: str | None
    reason: str
    at: datetime
    by: str
    rows: int

    @property
    def keeps_scores(self) -> bool:
        """Whether what was counted still is."""
        return self.known_as is not None


class Known(NamedTuple):
    """Somebody known by a number, now or until withdrawn."""

    patient_id: int
    number: str
    withdrawn: bool


def erasures(engine: Engine) -> list[Erasure]:
    """All of them, the oldest first."""
    with reading(engine) as connection:
        return erasures_in(connection)


def erasures_in(connection: Connection) -> list[Erasure]:
    """The same, in a transaction that is open."""
    listed = "id, patient_id, numbers, known_as, reason, erased_at, erased_by, row_count"
    return [
        Erasure(number, patient, tuple(numbers.split()), known_as, reason, moment_of(at), by, rows)
        for number, patient, numbers, known_as, reason, at, by, rows in ask(
            connection,
            f"SELECT {listed} FROM erasure ORDER BY id",  # noqa: S608
        )
    ]


def number_digest(connection: Connection, number: str) -> str:
    """What a number is recognised by, with the key of the trail, and by nobody without it."""
    return hmac.digest(key_of(connection), f"number:{number}".encode(), "sha256").hex()


def known_by(engine: Engine, number: str) -> Known | None:
    """Whoever has a number, or had it when they were withdrawn; somebody current comes first."""
    newer = "SELECT 1 FROM patient n WHERE n.supersedes_id = c.id"
    sql = f"SELECT c.entity_id, c.mrn, c.voided FROM patient c WHERE c.mrn = :mrn AND NOT EXISTS ({newer})"  # noqa: S608
    with reading(engine) as connection:
        found = [Known(entity, mrn, bool(voided)) for entity, mrn, voided in ask(connection, sql, mrn=number)]
    return min(found, key=lambda one: (one.withdrawn, one.patient_id), default=None)


def erased_as(engine: Engine, number: str) -> Erasure | None:
    """The last erasure of somebody who had this number, if there is one."""
    with reading(engine) as connection:
        wanted = number_digest(connection, number)
        found = [one for one in erasures_in(connection) if wanted == one.numbers[0] or number == one.known_as]
    return found[-1] if found else None


def same_person(engine: Engine, one: Erasure) -> int | None:
    """Whose erasure another copy of the record knows, if they are in this one: their id.

    Somebody is the same who has the number that was erased, or the same id and one of the numbers.
    """
    with reading(engine) as connection:
        if any((done.numbers, done.at) == (one.numbers, one.at) for done in erasures_in(connection)):
            return None
        sql = f"SELECT c.entity_id, c.mrn FROM patient c WHERE {current('patient')}"  # noqa: S608
        for entity, number in ask(connection, sql):
            if number_digest(connection, number) == one.numbers[0]:
                return int(entity)
        had = ask(connection, "SELECT mrn FROM patient WHERE entity_id = :id", id=one.patient_id)
        known = {number_digest(connection, number) for (number,) in had}
    return one.patient_id if known.intersection(one.numbers) else None
