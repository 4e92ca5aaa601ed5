"""What is given, held against what stands: the same, another value, or impossible for this patient."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, Final

from models.store.engine.lookup import Standing
from models.store.rows.kinds import Kind, Row
from models.tables.columns import day_number, day_of
from models.tables.facts import AssessmentFacts, Facts, Problem
from models.tables.facts.problems import refused

_WORKED_OUT: Final = frozenset({"scale_version", "status"})
"""Columns that follow from others: a total alone agrees with items that come to it."""

UNANSWERED: Final = "left out"
"""An item that was not answered among others that were, which is not the same as not known."""

FOUND_BY: Final = frozenset({"patient_id", "mrn"})
"""What a row was found by: one person's other record, or a number otherwise written, contradicts nothing."""

DEFAULTED: Final = frozenset({"indication", "part2"})
"""What has a value where nobody gives one."""

_MICROSECONDS_A_DAY: Final = 86_400_000_000
_DAYS_AT_MOST: Final = 10_000_000


def answered(facts: Facts) -> dict[int, int]:
    """The items of an assessment that were answered."""
    items = facts.items if isinstance(facts, AssessmentFacts) else None
    return {item: score for item, score in (items or {}).items() if score is not None}


def differences(
    kind: Kind, standing: Standing, facts: Facts, row: Row, *, silence: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields in which a given row differs from the one that stands: as stored, as given.

    What is not said contradicts nothing; with `silence=False` (a correction) it takes away what stood.
    """
    other = {
        name
        for name, stood, now in zip(kind.columns, standing.row, row, strict=True)
        if stood != now and name not in _WORKED_OUT and not (silence and is_unsaid(facts, name, now))
    }
    old = {name: value for name, value in kind.told(standing.row).items() if name in other} if other else {}
    new = {name: value for name, value in kind.told(row).items() if name in other} if other else {}
    if isinstance(facts, AssessmentFacts) and (facts.items is not None or not silence):
        stood, now = dict(standing.items), answered(facts)
        if bool(stood) != bool(now):
            old["items"], new["items"] = _counted(stood), _counted(now)
        for item in sorted(stood.keys() | now.keys()) if stood and now else ():
            if stood.get(item) != now.get(item):
                old[f"item_{item}"] = stood.get(item, UNANSWERED)
                new[f"item_{item}"] = now.get(item, UNANSWERED)
    return old, new


def impossible(
    facts: Facts, patient_id: int, moment: int, born: Mapping[int, int | None], zone: tzinfo
) -> tuple[Problem, ...]:
    """Why something cannot have happened to this patient: not in the record, or not born yet."""
    if patient_id not in born:
        return (
            Problem(
                "patient_id", patient_id, "a patient in the record", "This patient is not in the record."
            ),
        )
    birth = born[patient_id]
    rough = moment if moment < _DAYS_AT_MOST else moment // _MICROSECONDS_A_DAY
    if birth is None or rough - 1 > birth:
        return ()
    return tuple(
        refused(field, title, day, f"after the patient's birth, {day_of(birth)}")
        for field, title, day in facts.days(zone)
        if day_number(day) < birth
    )


def is_unsaid(facts: Facts, name: str, value: object) -> bool:
    """Whether a value was left empty, filled in by us, or only served to find the row."""
    if name in DEFAULTED:
        return name not in facts.model_fields_set
    return name in FOUND_BY or value is None or (name == "recall_days" and getattr(facts, name, None) is None)


def _counted(items: Mapping[int, int]) -> str | None:
    """All the answers where the other side has a total alone."""
    return ("1 answer" if len(items) == 1 else f"{len(items)} answers") if items else None
