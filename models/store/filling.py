"""What stood empty, filled in by a later file: a new version with all that stood and what was missing.

An infusions file makes a patient of a number; the file of patients that comes later says the name. That
contradicts nothing, so it is no conflict, and the empty version stays in the record like every other.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from models.store.adding import Adding, Conflict, Loaded, Refused
from models.store.bulk import Loading
from models.store.comparing import Standing
from models.store.correct import _refuse as refuse_impossible
from models.store.database import writing
from models.store.inserting import Successor, insert_successor
from models.store.kinds import ASSESSMENT, COURSE, INFUSION, PATIENT, Kind
from models.store.lookup import find_ids, items_of, next_id
from models.tables.facts import AssessmentFacts, Facts, FactsError, InfusionFacts, Setting

KINDS: Final[Mapping[str, Kind]] = {
    "patients": PATIENT,
    "courses": COURSE,
    "infusions": INFUSION,
    "assessments": ASSESSMENT,
}
QUANTITIES: Final = frozenset({"route", "dose_mg", "weight_kg", "minutes"})


class Filling(Loading):
    """One open load that fills in as well as adds. `why` is the reason the new versions give."""

    def __init__(self, adding: Adding, setting: Setting, why: str) -> None:
        super().__init__(adding)
        self._setting = setting
        self._why = why

    def fill_in(self, table: str, facts: Sequence[Facts], loaded: Loaded) -> int:
        """Of the conflicts of a load fill in those where nothing stood; how many. The others stay."""
        kind = KINDS[table]
        conflicts, loaded.conflicts = loaded.conflicts, []
        filled: set[int] = set()
        completed = 0
        for found in conflicts:
            one = facts[found.index]
            conflict = self._again(kind, one, found, loaded) if found.entity_id in filled else found
            if conflict is None:
                continue
            if any(value is not None for value in conflict.stored.values()):
                loaded.conflicts.append(conflict)
                continue
            try:
                loaded.ids[conflict.index] = self._fill(kind, one, conflict)
            except FactsError as error:
                loaded.refused.append(Refused(conflict.index, error.problems))
                continue
            loaded.entity_ids[conflict.index] = conflict.entity_id
            filled.add(conflict.entity_id)
            completed += 1
        return completed

    def _again(self, kind: Kind, facts: Facts, found: Conflict, loaded: Loaded) -> Conflict | None:
        """A row about something that a row before it filled in: what stands now is another version."""
        again = self._adding.add(kind, [facts])
        loaded.already += again.already
        return replace(again.conflicts[0], index=found.index) if again.conflicts else None

    def _fill(self, kind: Kind, facts: Facts, conflict: Conflict) -> int:
        """Write the version that says both; its id. `FactsError` where the two cannot be true together."""
        writer = self._adding
        stored = find_ids(writer.connection, kind, [conflict.id])[conflict.id]
        items = items_of(writer.connection, [conflict.id]).get(conflict.id, {}) if kind is ASSESSMENT else {}
        both = type(facts).check(_both(facts, kind.told(stored.row), items, conflict), self._setting)
        refuse_impossible(writer, kind, both, Standing(stored.id, stored.entity_id, stored.row, items))
        new = next_id(writer.connection, kind.name)
        successor = Successor(stored.entity_id, stored.id, self._why, voided=False)
        insert_successor(
            writer.connection, kind, writer.stamp, new, successor, kind.row(both, writer.clinic_id), None
        )
        if kind is ASSESSMENT:
            writer.attach([new], [both])
        return new


def _both(
    facts: Facts, told: Mapping[str, Any], items: Mapping[int, int], conflict: Conflict
) -> dict[str, object]:
    """What is given, and what stood where nothing is given."""
    given = {name: getattr(facts, name) for name in type(facts).model_fields}
    both = {name: told.get(name) if value is None else value for name, value in given.items()}
    if isinstance(facts, AssessmentFacts):
        both |= {"scale": facts.scale.id, "items": both["items"] or dict(items) or None}
    if isinstance(facts, InfusionFacts) and not QUANTITIES & conflict.given.keys():
        both["confirmed"] = True  # what stood was confirmed when it was recorded, and is not touched
    return both


@contextmanager
def filling(
    engine: Engine, setting: Setting, *, by: str, at: datetime, why: str, dry_run: bool = False
) -> Iterator[Filling]:
    """Such a load in one transaction; its alerts are written when the block ends."""
    with writing(engine) as connection:
        adding = Adding(connection, by=by, at=at)
        yield Filling(adding, setting, why)
        adding.finish()
        if dry_run:
            connection.rollback()
