"""From items to a score (clinical specification §1.3).

Totals are computed from whole numbers, never guessed: an unanswered item is prorated only where the scale
says how many may be missing, and the suicide item is reported as answered or not, never filled in.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from models.scales.errors import ItemError, ScoreError, TotalError
from models.scales.limits import check_item, check_suicide_item, check_total, check_total_beside, read_total
from models.scales.safety import AlertLevel, alert_level
from models.scales.scale import Band, Scale, Subscore

__all__ = [
    "AlertLevel",
    "ItemError",
    "Score",
    "ScoreError",
    "TotalError",
    "alert_level",
    "band",
    "check_suicide_item",
    "check_total",
    "check_total_beside",
    "meets_provisional",
    "read_total",
    "score_items",
]

Status = Literal["complete", "prorated", "invalid"]


class Score(NamedTuple):
    """What a set of answers comes to.

    `missing` counts unanswered items (in domain scoring: domains without any answer). `total` is `None` when
    `status` is invalid. `suicide_item` is the answer given, `None` when unanswered or when the scale does not
    ask. `subscores` holds the clusters or domains that could be scored.
    """

    total: int | None
    status: Status
    missing: int
    suicide_item: int | None
    subscores: dict[str, int]


def score_items(scale: Scale, items: Mapping[int, int | None]) -> Score:
    """The score of a set of answers; an item that is absent or `None` is unanswered.

    Raises `ItemError` for an answer that is not a whole number on its item's range (booleans and floats are
    not), for an item the scale does not have, and for a scale recorded by its total only.
    """
    answered = _answered(scale, items)
    suicide_item = answered.get(scale.suicide_item.number) if scale.suicide_item else None
    if scale.scoring == "domain_max":
        return _score_domains(scale, answered, suicide_item)
    missing = len(scale.items) - len(answered)
    subscores = {part.name: _sum(part, answered) for part in scale.subscores if _complete(part, answered)}
    if missing > scale.most_missing:
        return Score(None, "invalid", missing, suicide_item, subscores)
    total = _round_half_up(sum(answered.values()) * len(scale.items), len(answered))
    return Score(total, "prorated" if missing else "complete", missing, suicide_item, subscores)


def meets_provisional(scale: Scale, items: Mapping[int, int | None]) -> bool | None:
    """Whether the answers meet the scale's provisional diagnosis (PCL-5: enough symptoms in each cluster).

    `None` when the scale has no such rule or an item of a cluster is unanswered.
    """
    answered = _answered(scale, items)
    rule = scale.provisional
    if rule is None or not all(_complete(part, answered) for part in scale.subscores):
        return None
    return all(
        sum(answered[number] >= rule.symptom_from for number in part.items) >= (part.symptoms_at_least or 0)
        for part in scale.subscores
    )


def band(scale: Scale, total: int) -> Band | None:
    """The labelled stretch the total lies in; `None` where the scale has no bands."""
    return next((band for band in scale.bands if band.low <= total <= band.high), None)


def _answered(scale: Scale, items: Mapping[int, int | None]) -> dict[int, int]:
    if not scale.form_items:
        raise ItemError("items", sorted(items), f"{scale.name} is recorded by its total only")
    checked = {
        number: None if answer is None else check_item(scale, number, answer)
        for number, answer in items.items()
    }
    return {number: answer for number, answer in checked.items() if answer is not None}


def _score_domains(scale: Scale, answered: Mapping[int, int], suicide_item: int | None) -> Score:
    """The sum over domains of the highest answer in each (§1.6); a domain without any makes it invalid."""
    given = {domain.name: [answered[n] for n in domain.items if n in answered] for domain in scale.domains}
    highest = {name: max(answers) for name, answers in given.items() if answers}
    missing = len(scale.domains) - len(highest)
    if missing:
        return Score(None, "invalid", missing, suicide_item, highest)
    return Score(sum(highest.values()), "complete", 0, suicide_item, highest)


def _round_half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _complete(part: Subscore, answered: Mapping[int, int]) -> bool:
    return all(number in answered for number in part.items)


def _sum(part: Subscore, answered: Mapping[int, int]) -> int:
    return sum(answered[number] for number in part.items)
