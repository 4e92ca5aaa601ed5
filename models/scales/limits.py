"""How far a scale and its items run: the check every number passes on its way in."""

from decimal import Decimal, InvalidOperation

from models.scales.errors import ItemError, TotalError
from models.scales.scale import Item, Scale, SuicideItem


def check_total(scale: Scale, total: int) -> int:
    """The total as it stands if the scale can give it; `TotalError` otherwise."""
    if not _is_whole(total):
        raise TotalError("total", total, f"{_runs(scale)}, in whole numbers")
    if not scale.low <= total <= scale.high:
        raise TotalError("total", scale.shown(total), _runs(scale))
    return total


def read_total(scale: Scale, text: str) -> int:
    """A total as people write it ("14", a T-score "54.9") as the whole number that is recorded (14, 549).

    Raises `TotalError` for one the scale cannot give.
    """
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
    if not _on_range(answer, item.low, item.high):
        raise _off_range(scale, f"item_{number}", answer, item)
    return answer


def check_suicide_item(scale: Scale, answer: int) -> int:
    """The answer to the suicide item, typed beside a total, if it can be given; `ItemError` otherwise."""
    asked = scale.suicide_item
    if asked is None:
        raise ItemError("suicide_item", answer, f"{scale.name} has no suicide item")
    if not _on_range(answer, asked.low, asked.high):
        raise _off_range(scale, "suicide_item", answer, asked)
    return answer


def check_total_beside(scale: Scale, total: int, answer: int) -> int:
    """The total, if the suicide item can have been answered so; `TotalError` otherwise.

    Only of scales whose items are known, for what a total is made of is known of them alone. A prorated total
    lies within the same bounds.
    """
    item = scale.suicide_item
    if item is None or not scale.items:
        return total
    low, high = answer, answer
    for together in _summands(scale):
        rest = [each for each in together if each.number != item.number]
        if len(rest) == len(together):
            low += max(each.low for each in rest)
            high += max(each.high for each in rest)
        elif rest:
            low += max(0, *(each.low - answer for each in rest))
            high += max(0, *(each.high - answer for each in rest))
    if not low <= total <= high:
        allowed = f"{scale.name} runs from {low} to {high} with {answer} for item {item.number}"
        raise TotalError("total", total, allowed)
    return total


def _summands(scale: Scale) -> list[list[Item]]:
    """What a total is the sum of: each item, or of each domain the highest."""
    groups = [domain.items for domain in scale.domains] or [(item.number,) for item in scale.items]
    numbered = {item.number: item for item in scale.items}
    return [[numbered[number] for number in group] for group in groups]


def _on_range(answer: object, low: int, high: int) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and low <= answer <= high


def _off_range(scale: Scale, field: str, answer: object, item: Item | SuicideItem) -> ItemError:
    allowed = f"{scale.name} item {item.number} runs from {item.low} to {item.high}"
    return ItemError(field, answer, allowed if _is_whole(answer) else f"{allowed}, in whole numbers")


def _runs(scale: Scale) -> str:
    return f"{scale.name} runs from {scale.shown(scale.low)} to {scale.shown(scale.high)}"


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
