"""What stood empty, filled in by a later file: a new version with all that stood and what was missing.

An infusions file makes a patient of a number; the file of patients that comes later says the name. That
contradicts nothing, so it is no conflict, and the empty version stays in the record like every other. A no
that nobody had to say is empty in the same way; but a consent that was taken back comes back by hand alone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from models.store.engine.asking import ask_first
from models.store.engine.lookup import find_standing
from models.store.record.adding import Adding, Conflict, Loaded, Refused
from models.store.record.bulk import Loading, one_load
from models.store.record.comparing import is_unsaid
from models.store.record.replacing import replace as replace_row
from models.store.rows.kinds import ASSESSMENT, COURSE, INFUSION, PATIENT, Kind
from models.tables.facts import AssessmentFacts, Facts, FactsError, InfusionFacts, Setting

KINDS: Final[Mapping[str, Kind]] = {
    "patients": PATIENT,
    "courses": COURSE,
    "infusions": INFUSION,
    "assessments": ASSESSMENT,
}
CONSENT: Final = "part2_consent_until"
QUANTITIES: Final = frozenset({"route", "dose_mg", "weight_kg", "minutes"})


class Filling(Loading):
    """One open load that fills in as well as adds. `why` is the reason the new versions give."""

    def __init__(self, adding: Adding, setting: Setting, why: str) -> None:
        super().__init__(adding)
        self._setting = setting
        self._why = why

    def fill_in(self, table: str, facts: Sequence[Facts], loaded: Loaded) -> int:
        """Of the conflicts of a load fill in those where nothing stood; how many. The others stay.

        A later row about the same thing is held against what stands then, also one that agreed before.
        """
        kind = KINDS[table]
        conflicts = {found.index: found for found in loaded.conflicts}
        loaded.conflicts = []
        filled: set[int] = set()
        completed = 0
        for index in sorted({*conflicts, *_agreed(loaded, {each.entity_id for each in conflicts.values()})}):
            one, conflict = facts[index], conflicts.get(index)
            entity_id = loaded.entity_ids[index] if conflict is None else conflict.entity_id
            if entity_id in filled:
                loaded.already -= conflict is None
                conflict = self._again(kind, one, index, loaded)
            if conflict is None:
                continue
            if self._is_taken_back(conflict):
                conflict = replace(conflict, stored={**conflict.stored, CONSENT: "taken back"})
            if any(value is not None and value is not False for value in conflict.stored.values()):
                loaded.conflicts.append(conflict)
                continue
            try:
                loaded.ids[index] = self._fill(kind, one, conflict)
            except FactsError as error:
                loaded.refused.append(Refused(index, error.problems))
                continue
            loaded.entity_ids[index] = conflict.entity_id
            filled.add(conflict.entity_id)
            completed += 1
        return completed

    def _is_taken_back(self, conflict: Conflict) -> bool:
        """Whether a row gives a consent where one stood before, and stands no more."""
        if conflict.stored.get(CONSENT, CONSENT) is not None:
            return False
        sql = f"SELECT 1 FROM patient WHERE entity_id = :entity AND {CONSENT} IS NOT NULL"  # noqa: S608
        return ask_first(self._adding.connection, sql, entity=conflict.entity_id) is not None

    def _again(self, kind: Kind, facts: Facts, index: int, loaded: Loaded) -> Conflict | None:
        """A row about something that a row before it filled in: what stands now is another version."""
        again = self._adding.add(kind, [facts])
        loaded.already += again.already
        return replace(again.conflicts[0], index=index) if again.conflicts else None

    def _fill(self, kind: Kind, facts: Facts, conflict: Conflict) -> int:
        """Write the version that says both; its id. `FactsError` where the two cannot be true together."""
        writer = self._adding
        standing = find_standing(writer.connection, kind, "c.id = :row", row=conflict.id)[0]
        told = kind.told(standing.row)
        both = type(facts).check(_both(facts, told, standing.items, conflict), self._setting)
        return replace_row(writer, kind, standing, both, self._why)


def _agreed(loaded: Loaded, entities: Collection[int]) -> Iterator[int]:
    """The places of rows that were there already, as far as they are about one of these."""
    added = set(loaded.added)
    for index, entity_id in enumerate(loaded.entity_ids):
        if entity_id in entities and index not in added:
            yield index


def _both(
    facts: Facts, told: Mapping[str, Any], items: Mapping[int, int], conflict: Conflict
) -> dict[str, object]:
    """What is given, and what stood where nothing is given; whose it is, and as it was typed, stays."""
    given = {name: getattr(facts, name) for name in type(facts).model_fields}
    both = {name: told.get(name) if is_unsaid(facts, name, value) else value for name, value in given.items()}
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
    with one_load(engine, by=by, at=at, dry_run=dry_run) as adding:
        yield Filling(adding, setting, why)
