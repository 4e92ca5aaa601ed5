"""How far a scale and its items run: the check every number passes on its way in."""

from decimal import Decimal, InvalidOperation

from models.scales.errors import ItemError, TotalError
from models.scales.scale import Scale


def check_total(scale: Scale, total: int) -> int:
    """The total as it stands if the scale can give it; `TotalError` otherwise."""
    if not _is_whole(total):
        raise TotalError("total", total, f"{_runs(scale)}, in whole numbers")
    if not scale.low <= total <= scale.high:
        raise TotalError("total", scale.shown(total), _runs(scale))
    return total


def read_total(scale: Scale, text: str) -> int:
    """A total as people write it ("14", a T-score "54.9") as the whole number that is recorded (14, 549)."""
    try:
        steps = Decimal(text.strip()).scaleb(scale.decimals)
        whole = steps.is_finite() and steps == steps.to_integral_value()
    except InvalidOperation:
        whole = False
    if not whole:
        step = f"with at most {scale.decimals} decimal" if scale.decimals else "in whole numbers"
        raise TotalError("total", text, f"{_runs(scale)}, {step}")
    if not scale.low <= steps <= scale.high:  # before int(): "1e999999" would be a number of a million digits
        raise TotalError("total", text, _runs(scale))
    return int(steps)


def check_item(scale: Scale, number: int, answer: int) -> int:
    """The answer if that item can give it; `ItemError` otherwise, and for an item the scale does not have."""
    item = scale.item(number)
    if item is None:
        raise ItemError(f"item_{number}", number, f"{scale.name} has items 1 to {len(scale.items)}")
    return _on_range(scale, number, f"item_{number}", answer, item.low, item.high)


def check_suicide_item(scale: Scale, answer: int) -> int:
    """The answer to the suicide item, typed beside a total, if it can be given; `ItemError` otherwise."""
    asked = scale.suicide_item
    if asked is None:
        raise ItemError("suicide_item", answer, f"{scale.name} has no suicide item")
    return _on_range(scale, asked.number, "suicide_item", answer, asked.low, asked.high)


def _on_range(scale: Scale, number: int, field: str, answer: int, low: int, high: int) -> int:
    allowed = f"{scale.name} item {number} runs from {low} to {high}"
    if not _is_whole(answer):
        raise ItemError(field, answer, f"{allowed}, in whole numbers")
    if not low <= answer <= high:
        raise ItemError(field, answer, allowed)
    return answer


def _runs(scale: Scale) -> str:
    return f"{scale.name} runs from {scale.shown(scale.low)} to {scale.shown(scale.high)}"


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
