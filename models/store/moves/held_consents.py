"""What was known of patients under 42 CFR Part 2 since a backup was made, known again once it is the record.

Nobody's consent comes back, and nobody is no longer marked, because the record went back to an earlier day.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.store.audit.change_events import Change
from models.store.audit.inserting import Successor, insert_successor
from models.store.engine.asking import ask
from models.store.engine.database import reading
from models.store.engine.lookup import Stored, among, current, find, next_id
from models.store.record.merges import links
from models.store.record.saving import adding
from models.store.rows.kinds import PATIENT
from models.tables.facts import match_key

AS_LAST: Final = "as it was known in the record that a restore replaced"
_PART2, _UNTIL = PATIENT.columns.index("part2"), PATIENT.columns.index("part2_consent_until")
_MRN: Final = PATIENT.columns.index("mrn")


class Marked(NamedTuple):
    """A record of a person under Part 2: its id, the keys of its numbers, the last one first.

    `until` is the last day of the person's consent (days since 1970), `None` without one.
    """

    patient_id: int
    keys: tuple[str, ...]
    until: int | None


def marked(connection: Connection) -> list[Marked]:
    """Every record of whoever is under Part 2 by any of theirs; the person consents while all do that are."""
    known = links(connection)
    standing = find(connection, PATIENT, current("patient"))
    consents: dict[int, list[int | None]] = {}
    for one in standing:
        if one.row[_PART2]:
            consents.setdefault(known.get(one.entity_id, one.entity_id), []).append(one.row[_UNTIL])
    theirs = [one.entity_id for one in standing if known.get(one.entity_id, one.entity_id) in consents]
    keys: dict[int, list[str]] = {each: [] for each in theirs}
    which, bound = among(connection, "entity_id", theirs)
    sql = f"SELECT entity_id, mrn FROM patient WHERE {which} ORDER BY id DESC"  # noqa: S608
    for entity, mrn in ask(connection, sql, entity_id=bound) if theirs else ():
        keys[entity].append(match_key(mrn))
    return [
        Marked(each, tuple(keys[each]), _least(consents[known.get(each, each)])) for each in sorted(theirs)
    ]


def mark_again(engine: Engine, last: Sequence[Marked], *, by: str, at: datetime) -> int:
    """Hold the patients of a restored record against those that were `last` under Part 2; how many changed.

    Somebody is the same who has the number, or the same id and one of its numbers.
    """
    by_number = {one.keys[0]: one for one in last}
    by_id = {(one.patient_id, key): one for one in last for key in one.keys}
    with reading(engine) as connection:
        standing = find(connection, PATIENT, current("patient")) if last else []
    changed = 0
    for stored in standing:
        key = match_key(stored.row[_MRN])
        known = by_id.get((stored.entity_id, key)) or by_number.get(key)
        if known is None:
            continue
        until = _stricter(stored, known)
        if not stored.row[_PART2] or until != stored.row[_UNTIL]:
            _mark(engine, stored, until, by=by, at=at)
            changed += 1
    return changed


def _least(consents: Sequence[int | None]) -> int | None:
    given = [each for each in consents if each is not None]
    return min(given) if len(given) == len(consents) else None


def _stricter(stored: Stored, known: Marked) -> int | None:
    return _least([known.until, stored.row[_UNTIL]]) if stored.row[_PART2] else known.until


def _mark(engine: Engine, stored: Stored, until: int | None, *, by: str, at: datetime) -> None:
    row = tuple({_PART2: True, _UNTIL: until}.get(place, value) for place, value in enumerate(stored.row))
    with adding(engine, "correct", by=by, at=at) as writer:
        new = next_id(writer.connection, PATIENT.name)
        successor = Successor(stored.entity_id, stored.id, AS_LAST, voided=False)
        insert_successor(writer.connection, PATIENT, writer.stamp, new, successor, row, None)
        change = Change.of(PATIENT, new, stored.entity_id, (stored.row, {}), (row, {}), AS_LAST)
        writer.changes.append(change)
