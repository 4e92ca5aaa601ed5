"""Who was erased, as far as the record still knows: when, by whom, why, and whether a number was theirs."""

import hmac
import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from models.store.audit.key import key_of
from models.store.engine.asking import ask
from models.store.engine.clocks import when
from models.store.engine.database import reading
from models.store.engine.lookup import among, current
from models.store.record.merges import person
from models.tables.columns import moment_number


class Erasure(NamedTuple):
    """One person erased. `numbers` are keyed digests by entity; `known_as` is what scores were kept under."""

    id: int
    patient_id: int
    numbers: dict[int, list[str]]
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
    """Somebody known by a number, now or until withdrawn; `linked` are the records that are theirs too."""

    patient_id: int
    number: str
    withdrawn: bool
    linked: dict[int, str]


def erasures(engine: Engine) -> list[Erasure]:
    """All of them, the oldest first."""
    with reading(engine) as connection:
        return erasures_in(connection)


def erasures_in(connection: Connection) -> list[Erasure]:
    """The same, in a transaction that is open."""
    listed = "id, patient_id, numbers, known_as, reason, erased_at, erased_by, row_count"
    return [
        Erasure(number, patient, _by_entity(numbers), known_as, reason, when(at), by, rows)
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
    latest = f"SELECT c.entity_id, c.mrn, c.voided FROM patient c WHERE NOT EXISTS ({newer})"  # noqa: S608
    with reading(engine) as connection:
        found = ask(connection, f"{latest} AND c.mrn = :mrn ORDER BY c.entity_id", mrn=number)
        if not found:
            return None
        patient_id, mrn, voided = min(found, key=lambda row: bool(row[2]))
        which, bound = among(connection, "c.entity_id", person(connection, patient_id) - {patient_id})
        linked = {
            entity: other for entity, other, _ in ask(connection, f"{latest} AND {which}", entity_id=bound)
        }
    return Known(patient_id, mrn, bool(voided), linked)


def erased_as(engine: Engine, number: str) -> Erasure | None:
    """The last erasure of somebody who had this number, if there is one."""
    with reading(engine) as connection:
        wanted = number_digest(connection, number)
        found = [
            one
            for one in erasures_in(connection)
            if number == one.known_as or any(wanted == had[0] for had in one.numbers.values())
        ]
    return found[-1] if found else None


def come_back(engine: Engine, since: datetime) -> list[tuple[str, Erasure]]:
    """Patients recorded from a moment on whose number is that of somebody erased, and the erasure."""
    with reading(engine) as connection:
        known = {had[0]: one for one in erasures_in(connection) for had in one.numbers.values()}
        if not known:
            return []
        sql = "SELECT mrn FROM patient WHERE supersedes_id IS NULL AND recorded_at >= :since ORDER BY id"
        new = [number for (number,) in ask(connection, sql, since=moment_number(since))]
        found = [(number, known.get(number_digest(connection, number))) for number in new]
    return [(number, one) for number, one in found if one is not None]


def same_people(engine: Engine, one: Erasure) -> set[int]:
    """Whose erasure another copy of the record knows, as far as they are in this one: their ids.

    Somebody is the same who has the number that was erased, or the same id and one of the numbers.
    """
    with reading(engine) as connection:
        if any((done.numbers, done.at) == (one.numbers, one.at) for done in erasures_in(connection)):
            return set()
        gone = {had[0] for had in one.numbers.values()}
        sql = f"SELECT c.entity_id, c.mrn FROM patient c WHERE {current('patient')}"  # noqa: S608
        found = {
            int(entity)
            for entity, number in ask(connection, sql)
            if number_digest(connection, number) in gone
        }
        for entity, numbers in one.numbers.items():
            had = ask(connection, "SELECT mrn FROM patient WHERE entity_id = :id", id=entity)
            if any(number_digest(connection, number) in numbers for (number,) in had):
                found.add(entity)
    return found


def _by_entity(numbers: str) -> dict[int, list[str]]:
    """Of what was tampered with, nothing: `verify` finds the row."""
    try:
        told = json.loads(numbers).items()
        return {int(entity): had for entity, had in told if isinstance(had, list) and had}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
