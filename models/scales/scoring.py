"""From items to a score.

Totals are computed from whole numbers, never guessed: an unanswered item is prorated only where the scale says how many
may be missing, and the suicide item is reported as answered or not, never filled in.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Literal, NamedTuple

from models.scales.scale import Band, Provisional, Scale, Subscore

Status = Literal["complete", "prorated", "invalid"]


class ScoreError(ValueError):
    """A number that the scale cannot give: which field, what was given, what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        self.value = value
        self.allowed = allowed
        super().__init__(f"{allowed}; got {value}")


class ItemError(ScoreError):
    """An item off its range, or of a number the scale does not have."""


class TotalError(ScoreError):
    """A total off the scale."""


class Score(NamedTuple):
    """What a set of answers comes to.

    `missing` counts unanswered items (for domain scoring: domains without any answer). `total` is `None` when `status` is
    invalid. `suicide_item` is the answer given, `None` when unanswered or when the scale has no such item.
    """

    total: int | None
    status: Status
    missing: int
    suicide_item: int | None
    subscores: dict[str, int]


class AlertLevel(StrEnum):
    """What the suicide item says; the words are the scale's own frequencies, not a grade of risk."""

    IDEATION = "ideation"
    FREQUENT = "frequent"
    NEARLY_EVERY_DAY = "nearly_every_day"
    UNANSWERED = "unanswered"


def score_items(scale: Scale, items: Mapping[int, int | None]) -> Score:
    """The score of the answers; an item that is absent or `None` is unanswered.

    Raises `ItemError` for an answer that is not a whole number on the item's range (booleans and floats are not), for an
    item the scale does not have, and for a scale recorded by its total only.
    """
    answered = _answered(scale, items)
    suicide_item = answered.get(scale.suicide_item.number) if scale.suicide_item else None
    if scale.scoring == "domain_max":
        return _domain_score(scale, answered, suicide_item)
    missing = len(scale.items) - len(answered)
    subscores = {part.name: _sum(part, answered) for part in scale.subscores if _whole(part, answered)}
    if missing > scale.most_missing:
        return Score(None, "invalid", missing, suicide_item, subscores)
    total = _prorated(sum(answered.values()), len(answered), len(scale.items))
    return Score(total, "prorated" if missing else "complete", missing, suicide_item, subscores)


def meets_provisional(scale: Scale, items: Mapping[int, int | None]) -> bool | None:
    """Whether the answers meet the scale's provisional diagnosis (PCL-5: enough symptoms in each DSM-5 cluster).

    `None` when the scale has no such rule or an item of a cluster is unanswered.
    """
    answered = _answered(scale, items)
    rule = scale.provisional
    if rule is None or not all(_whole(part, answered) for part in scale.subscores):
        return None
    return all(_symptoms(rule, part, answered) >= (part.symptoms_at_least or 0) for part in scale.subscores)


def check_total(scale: Scale, total: int) -> int:
    """The total as it stands if the scale can give it; `TotalError` otherwise."""
    allowed = f"{scale.name} runs from {scale.shown(scale.low)} to {scale.shown(scale.high)}"
    if not _is_whole(total):
        raise TotalError("total", total, f"{allowed}, in whole numbers")
    if not scale.low <= total <= scale.high:
        raise TotalError("total", scale.shown(total), allowed)
    return total


def read_total(scale: Scale, text: str) -> int:
    """A total as people write it ("14", a T-score "54.9") as the whole number that is recorded (14, 549)."""
    try:
        steps = Decimal(text.strip()).scaleb(scale.decimals)
        total = int(steps)
    except (InvalidOperation, OverflowError, ValueError):
        total, steps = 0, Decimal("NaN")
    if steps != total:
        places = f"{scale.decimals} decimal" if scale.decimals else "whole numbers"
        allowed = f"{scale.name} runs from {scale.shown(scale.low)} to {scale.shown(scale.high)}, in {places}"
        raise TotalError("total", text, allowed)
    return check_total(scale, total)


def check_suicide_item(scale: Scale, answer: int) -> int:
    """The answer to the suicide item, typed beside a total, if that item can give it; `ItemError` otherwise."""
    asked = scale.suicide_item
    if asked is None:
        raise ItemError("suicide_item", answer, f"{scale.name} has no suicide item")
    return _on_range(f"{scale.name} item {asked.number}", "suicide_item", answer, asked.low, asked.high)


def band(scale: Scale, total: int) -> Band | None:
    """The labelled stretch the total lies in; `None` where the scale has no bands."""
    return next((band for band in scale.bands if band.low <= total <= band.high), None)


def alert_level(scale: Scale, answer: int | None, *, asked: bool) -> AlertLevel | None:
    """What the answer to the suicide item calls for; `None` is "not endorsed" or "not asked", never "no risk".

    `asked` says whether the items were taken: an answer left out is then an alert of its own, whereas a total recorded
    alone never asked for it.
    """
    item = scale.suicide_item
    if item is None:
        return None
    if answer is None:
        return AlertLevel.UNANSWERED if asked else None
    if answer >= item.nearly_every_day:
        return AlertLevel.NEARLY_EVERY_DAY
    if answer >= item.frequent:
        return AlertLevel.FREQUENT
    return AlertLevel.IDEATION if answer >= item.ideation else None


def _answered(scale: Scale, items: Mapping[int, int | None]) -> dict[int, int]:
    """The answers given, each checked against its item's range."""
    if not scale.form_items:
        raise ItemError("items", sorted(items), f"{scale.name} is recorded by its total only")
    answered = {}
    for number, answer in items.items():
        item = scale.item(number)
        if item is None:
            raise ItemError(f"item_{number}", number, f"{scale.name} has items 1 to {len(scale.items)}")
        if answer is not None:
            answered[number] = _on_range(
                f"{scale.name} item {number}", f"item_{number}", answer, item.low, item.high
            )
    return answered


def _domain_score(scale: Scale, answered: Mapping[int, int], suicide_item: int | None) -> Score:
    """The sum over domains of the highest answer in each (clinical specification §1.6)."""
    given = {domain.name: [answered[n] for n in domain.items if n in answered] for domain in scale.domains}
    highest = {name: max(answers) for name, answers in given.items() if answers}
    missing = len(scale.domains) - len(highest)
    if missing:
        return Score(None, "invalid", missing, suicide_item, highest)
    return Score(sum(highest.values()), "complete", 0, suicide_item, highest)


def _prorated(total: int, answered: int, items: int) -> int:
    """`total · items / answered`, rounded half up in whole numbers."""
    return (2 * total * items + answered) // (2 * answered)


def _whole(part: Subscore, answered: Mapping[int, int]) -> bool:
    return all(number in answered for number in part.items)


def _sum(part: Subscore, answered: Mapping[int, int]) -> int:
    return sum(answered[number] for number in part.items)


def _symptoms(rule: Provisional, part: Subscore, answered: Mapping[int, int]) -> int:
    return sum(answered[number] >= rule.symptom_from for number in part.items)


def _on_range(what: str, field: str, answer: int, low: int, high: int) -> int:
    if not _is_whole(answer):
        raise ItemError(field, answer, f"{what} runs from {low} to {high}, in whole numbers")
    if not low <= answer <= high:
        raise ItemError(field, answer, f"{what} runs from {low} to {high}")
    return answer


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
