"""New rows of the record, one or many: the same rules whichever way they come.

Each is held against what stands: the same key with the same values is already there, with other values it is
a conflict; what cannot have happened to the patient is refused. The rest is inserted, with items and alerts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from models.store.alerts import Alert, Raised, store_alerts
from models.store.comparing import Standing, answered, differences, impossible, patients_of
from models.store.inserting import Stamp, insert, insert_first
from models.store.kinds import ASSESSMENT, PATIENT, Key, Kind, Row
from models.store.lookup import (
    births,
    clinic,
    current_keys,
    find,
    find_ids,
    items_of,
    next_id,
    next_moment,
)
from models.tables.facts import AssessmentFacts, Facts, Problem

_AT_ONCE: Final = 50_000

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The fields in which a given row differs from the one that stands (`id`, `entity_id`)."""

    index: int
    stored: dict[str, Any]
    given: dict[str, Any]
    id: int
    entity_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a given row cannot stand beside what is recorded."""

    index: int
    problems: tuple[Problem, ...]


@dataclass
class Loaded:
    """What became of each given row: its ids in the order given, `None` where it is not in the record."""

    ids: list[int | None] = field(default_factory=list)
    entity_ids: list[int | None] = field(default_factory=list)
    new: int = 0
    already: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def stands(self, row_id: int | None, entity_id: int | None) -> None:
        """The next given row is this one of the record."""
        self.ids.append(row_id)
        self.entity_ids.append(entity_id)


class Adding:
    """One writer's transaction, from its first row to its alerts."""

    def __init__(self, connection: Connection, *, by: str, at: datetime) -> None:
        self.connection = connection
        self.clinic_id, self.zone = clinic(connection)
        self.stamp = Stamp(by, next_moment(connection, at))
        self._raised: list[Raised] = []

    def add(
        self,
        kind: Kind,
        facts: Sequence[Facts],
        *,
        save_key: str | None = None,
        progress: Progress | None = None,
    ) -> Loaded:
        """Record what is new of these; `save_key` is for one row alone."""
        loaded = Loaded()
        for start in range(0, len(facts), _AT_ONCE):
            self._add_some(kind, facts[start : start + _AT_ONCE], loaded, save_key)
            if progress is not None:
                progress(len(loaded.ids))
        return loaded

    def finish(self) -> dict[int, Alert]:
        """Write the alerts of everything added, once all of it stands; by row id."""
        raised, self._raised = self._raised, []
        return store_alerts(self.connection, raised, self.zone, self.stamp.moment) if raised else {}

    def attach(self, row_ids: Sequence[int], facts: Sequence[Facts]) -> None:
        """The answers of new assessments, item by item, and the alerts they call for."""
        assessments = [
            (row_id, one)
            for row_id, one in zip(row_ids, facts, strict=True)
            if isinstance(one, AssessmentFacts)
        ]
        insert(
            self.connection,
            "item_score",
            ("assessment_id", "item", "score"),
            [(row_id, *answer) for row_id, one in assessments for answer in answered(one).items()],
        )
        self._raised += [
            Raised(row_id, one.alert, one.patient_id, one.scale.id)
            for row_id, one in assessments
            if one.alert is not None
        ]

    def impossible(
        self, kind: Kind, facts: Sequence[Facts], rows: Sequence[Row]
    ) -> list[tuple[Problem, ...]]:
        """For each row, why it cannot have happened to its patient."""
        if kind is PATIENT:
            return [()] * len(rows)
        born = births(self.connection, patients_of(rows))
        return [
            impossible(one, kind.key(row)[-1], born, row[0], self.zone)
            for one, row in zip(facts, rows, strict=True)
        ]

    def _add_some(self, kind: Kind, facts: Sequence[Facts], loaded: Loaded, save_key: str | None) -> None:
        rows = [kind.row(one, self.clinic_id) for one in facts]
        problems = self.impossible(kind, facts, rows)
        standing = self._standing(kind, [kind.key(row) for row in rows], save_key)
        first, new_id = len(loaded.ids), next_id(self.connection, kind.name)
        added: list[int] = []
        for offset, (one, row) in enumerate(zip(facts, rows, strict=True)):
            key = kind.key(row)
            found = standing.get(key)
            if found is not None:
                _hold_against(kind, found, one, row, first + offset, loaded)
            elif problems[offset]:
                loaded.refused.append(Refused(first + offset, problems[offset]))
                loaded.stands(None, None)
            else:
                row_id = new_id + len(added)
                standing[key] = Standing(row_id, row_id, row, answered(one))
                loaded.stands(row_id, row_id)
                added.append(offset)
        ids = range(new_id, new_id + len(added))
        insert_first(self.connection, kind, self.stamp, ids, [rows[offset] for offset in added], save_key)
        if kind is ASSESSMENT:
            self.attach(ids, [facts[offset] for offset in added])
        loaded.new += len(added)

    def _standing(self, kind: Kind, keys: Sequence[Key], save_key: str | None) -> dict[Key, Standing]:
        """The current row of each key; for a save made before, the row it made, whatever its key."""
        if save_key is not None:
            saved = find(self.connection, kind, "c.save_key = :save_key", save_key=save_key)
            if saved:
                items = items_of(self.connection, [saved[0].id]) if kind is ASSESSMENT else {}
                return {
                    keys[0]: Standing(
                        saved[0].id, saved[0].entity_id, saved[0].row, items.get(saved[0].id, {})
                    )
                }
        wanted = set(keys)
        known = {
            key: row_id for key, row_id in current_keys(self.connection, kind, keys).items() if key in wanted
        }
        if not known:
            return {}
        stored = find_ids(self.connection, kind, known.values())
        items = items_of(self.connection, known.values()) if kind is ASSESSMENT else {}
        return {
            key: Standing(row_id, stored[row_id].entity_id, stored[row_id].row, items.get(row_id, _NOTHING))
            for key, row_id in known.items()
        }


_NOTHING: Final[Mapping[int, int]] = {}


def _hold_against(kind: Kind, found: Standing, facts: Facts, row: Row, index: int, loaded: Loaded) -> None:
    stored, given = differences(kind, found, facts, row)
    if given:
        loaded.conflicts.append(Conflict(index, stored, given, found.id, found.entity_id))
        loaded.stands(None, None)
    else:
        loaded.already += 1
        loaded.stands(found.id, found.entity_id)
