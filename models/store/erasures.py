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
    sql = "SELECT id, patient_id, numbers, known_as, reason, erased_at, erased_by FROM erasure ORDER BY id"
    return [
        Erasure(number, patient, tuple(numbers.split()), known_as, reason, moment_of(at), by)
        for number, patient, numbers, known_as, reason, at, by in ask(connection, sql)
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


def still_here(engine: Engine, known: list[Erasure]) -> list[tuple[Erasure, int]]:
    """Of erasures that another copy of the record knows, those whose person is in this one, and their id.

    Somebody is the same who has the number that was erased, or the same id and one of the numbers.
    """
    with reading(engine) as connection:
        done = {(one.numbers, one.at) for one in erasures_in(connection)}
        rows = ask(connection, "SELECT entity_id, mrn FROM patient ORDER BY id")
        sql = f"SELECT c.entity_id, c.mrn FROM patient c WHERE {current('patient')}"  # noqa: S608
        now = {number_digest(connection, mrn): entity for entity, mrn in ask(connection, sql)}
        had: dict[int, set[str]] = {}
        for entity, mrn in rows:
            had.setdefault(entity, set()).add(number_digest(connection, mrn))
    missing = [one for one in known if (one.numbers, one.at) not in done]
    found = [(one, _same(one, now, had)) for one in missing]
    return [(one, entity) for one, entity in found if entity is not None]


def _same(one: Erasure, now: dict[str, int], had: dict[int, set[str]]) -> int | None:
    by_number = now.get(one.numbers[0])
    if by_number is not None:
        return by_number
    return one.patient_id if had.get(one.patient_id, set()).intersection(one.numbers) else None
