"""New rows of the record, one or many: the same rules whichever way they come.

Each is held against what stands: the same key with the same values is already there, with other values it is
a conflict; what cannot have happened to the patient is refused. The rest is inserted, with items and alerts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Connection

from models.scales import Scale
from models.store.audit.change_events import Change, changed
from models.store.audit.events import append
from models.store.audit.inserting import Stamp, insert, insert_first
from models.store.engine.lookup import (
    Standing,
    among,
    births,
    clinic,
    current,
    find_standing,
    next_id,
    next_moment,
)
from models.store.record.alerts import Alert, Raised, store_alerts
from models.store.record.comparing import answered, differences, impossible
from models.store.record.kept_scales import keep, unlike_kept
from models.store.record.merges import current_keys, gone_keys, key_of, links
from models.store.rows.kinds import ASSESSMENT, PATIENT, Key, Kind, Row
from models.tables.facts import AssessmentFacts, Facts, Problem

_AT_ONCE: Final = 20_000

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
    added: list[int] = field(default_factory=list)
    already: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def new(self) -> int:
        """How many were `added`, by their places."""
        return len(self.added)


class Adding:
    """One writer's transaction, from its first row to its alerts.

    Only by hand is something brought back (`brings_back`) that was withdrawn, or corrected to another key.
    """

    def __init__(self, connection: Connection, *, by: str, at: datetime, brings_back: bool = True) -> None:
        self.connection, self.at, self._brings_back = connection, at, brings_back
        self.clinic_id, self.zone = clinic(connection)
        self.stamp = Stamp(by, next_moment(connection, at))
        self.links = links(connection)
        self.changes: list[Change] = []
        self.detail: dict[str, Any] = {}
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
        if not raised:
            return {}
        return store_alerts(self.connection, raised, self.links, self.zone, self.stamp.moment)

    @property
    def raised(self) -> int:
        """How many alerts the rows added so far call for."""
        return len(self._raised)

    def tell(self, action: str) -> None:
        """Leave an event of what was changed and written, once all of it is; of nothing, none."""
        if self.changes:
            append(self.connection, [changed(action, self.changes)], by=self.stamp.by, at=self.at)

    def attach(self, row_ids: Sequence[int], facts: Sequence[AssessmentFacts]) -> None:
        """The answers of new assessments, item by item, the alerts they call for, and what they rest on."""
        keep(self.connection, _scales_of(facts), self.stamp)
        answers = [
            (row_id, *answer)
            for row_id, one in zip(row_ids, facts, strict=True)
            if one.items
            for answer in sorted(answered(one).items())
        ]
        insert(self.connection, "item_score", ("assessment_id", "item", "score"), answers)
        for row_id, one in zip(row_ids, facts, strict=True):
            level = one.alert
            if level is not None:
                self._raised.append(Raised(row_id, level, one.patient_id, one.scale.id))

    def impossible(
        self, kind: Kind, facts: Sequence[Facts], rows: Sequence[Row]
    ) -> dict[int, tuple[Problem, ...]]:
        """By their place, the rows that cannot have happened to their patients, and why."""
        if "patient_id" not in kind.columns:
            return {}
        born = births(self.connection, {row[0] for row in rows})
        scored = cast("Sequence[AssessmentFacts]", facts) if kind is ASSESSMENT else ()
        other = unlike_kept(self.connection, _scales_of(scored))
        found = {}
        for place, (one, row) in enumerate(zip(facts, rows, strict=True)):
            problems = impossible(one, row[0], kind.key(row)[-1], born, self.zone)
            if other and scored[place].scale.id in other:
                problems = (*problems, other[scored[place].scale.id])
            if problems:
                found[place] = problems
        return found

    def _add_some(self, kind: Kind, facts: Sequence[Facts], loaded: Loaded, save_key: str | None) -> None:
        rows = [kind.row(one, self.clinic_id) for one in facts]
        keys = [key_of(kind, row, self.links) for row in rows]
        own = [kind.own_key(row) for row in rows] if self.links or kind is PATIENT else keys
        problems = self.impossible(kind, facts, rows)
        standing = self._saved(kind, own, save_key) or self._standing(kind, rows, {*keys, *own})
        gone = {} if self._brings_back or not kind.is_of_patients else self._gone(kind, rows, {*keys})
        first, first_id = len(loaded.ids), next_id(self.connection, kind.name)
        added: list[int] = []
        places: dict[Key, int] = {}
        for place, key in enumerate(keys):
            found = standing.get(own[place]) or standing.get(key)
            if found is None and key in places:  # twice among those given
                earlier = places[key]
                row_id = cast("int", loaded.ids[first + earlier])
                found = Standing(row_id, row_id, rows[earlier], answered(facts[earlier]))
            if found is not None:
                _hold_against(kind, found, facts[place], rows[place], first + place, loaded)
            elif place in problems:
                loaded.refused.append(Refused(first + place, problems[place]))
                loaded.ids.append(None)
                loaded.entity_ids.append(None)
            elif key in gone:
                loaded.conflicts.append(_gone_since(kind, *gone[key], rows[place], first + place))
                loaded.ids.append(None)
                loaded.entity_ids.append(None)
            else:
                places[key] = place
                loaded.ids.append(first_id + len(added))
                loaded.entity_ids.append(first_id + len(added))
                added.append(place)
        ids = range(first_id, first_id + len(added))
        insert_first(self.connection, kind, self.stamp, ids, [rows[place] for place in added], save_key)
        if kind is ASSESSMENT:
            self.attach(ids, cast("list[AssessmentFacts]", [facts[place] for place in added]))
        loaded.added += [first + place for place in added]

    def _saved(self, kind: Kind, keys: Sequence[Key], save_key: str | None) -> dict[Key, Standing]:
        """The row this very save made before, whatever its key."""
        if save_key is None:
            return {}
        saved = find_standing(self.connection, kind, "c.save_key = :save_key", save_key=save_key)
        return dict(zip(keys, saved, strict=False))

    def _standing(self, kind: Kind, rows: Sequence[Row], wanted: set[Key]) -> dict[Key, Standing]:
        """The current row of each of these keys that has one."""
        known = current_keys(self.connection, kind, rows, self.links)
        ids = {key: row_id for key, row_id in known.items() if key in wanted}
        if not ids:
            return {}
        condition, bound = among(self.connection, "c.id", set(ids.values()))
        found = {each.id: each for each in find_standing(self.connection, kind, condition, id=bound)}
        return {key: found[row_id] for key, row_id in ids.items()}

    def _gone(
        self, kind: Kind, rows: Sequence[Row], wanted: set[Key]
    ) -> dict[Key, tuple[int, Standing | None]]:
        """What stood under each of these keys once: the entity, and how it stands now, if it does."""
        known = gone_keys(self.connection, kind, rows, self.links)
        entities = {key: entity_id for key, entity_id in known.items() if key in wanted}
        if not entities:
            return {}
        condition, bound = among(self.connection, "c.entity_id", set(entities.values()))
        found = find_standing(self.connection, kind, f"{condition} AND {current(kind.name)}", entity_id=bound)
        standing = {each.entity_id: each for each in found}
        return {key: (entity_id, standing.get(entity_id)) for key, entity_id in entities.items()}


def _gone_since(kind: Kind, entity_id: int, stands: Standing | None, row: Row, index: int) -> Conflict:
    """What a row is that was corrected to another moment since, or withdrawn: a conflict that says which."""
    told = {} if stands is None else kind.told(stands.row)
    given = kind.told(row)
    other = [name for name in kind.columns[1 : kind.leading] if told and told[name] != given[name]]
    stored = {name: told[name] for name in other} or {"withdrawn": "yes"}
    return Conflict(
        index,
        stored,
        {name: given.get(name, "no") for name in stored},
        entity_id if stands is None else stands.id,
        entity_id,
    )


def _scales_of(facts: Sequence[AssessmentFacts]) -> list[Scale]:
    return list({one.scale.id: one.scale for one in facts}.values())


def _hold_against(kind: Kind, found: Standing, facts: Facts, row: Row, index: int, loaded: Loaded) -> None:
    stored, given = differences(kind, found, facts, row)
    if given:
        loaded.conflicts.append(Conflict(index, stored, given, found.id, found.entity_id))
    else:
        loaded.already += 1
    loaded.ids.append(None if given else found.id)
    loaded.entity_ids.append(None if given else found.entity_id)
