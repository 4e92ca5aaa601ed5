"""What must hold between the numbers of one scale."""

from collections.abc import Iterator
from itertools import pairwise

from models.scales.errors import Problem
from models.scales.scale import HIGHEST_TOTAL, Scale

_CUT_OFFS = ("remission_at_most", "caseness_at_least", "response_and_at_most", "baseline_at_least")
_CHANGES = ("mcid", "reliable_change", "deterioration")
PERCENTS = ("response_percent", "partial_response_percent", "mcid_percent")
"""The figures of a scale that are per cent of the baseline; all others are in its own units."""

_WHOLE = 100


def problems_of(scale: Scale) -> Iterator[Problem]:
    """Everything that contradicts itself in a scale whose fields are well formed."""
    yield from _range(scale)
    yield from _bands(scale)
    yield from _figures(scale)
    yield from _items(scale)
    yield from _wording(scale)
    yield from _groups(scale)
    yield from _suicide_item(scale)
    if scale.next_review_on <= scale.reviewed_on:
        yield Problem("next_review_on", str(scale.next_review_on), f"after reviewed_on, {scale.reviewed_on}")


def _range(scale: Scale) -> Iterator[Problem]:
    if scale.low < 0:
        yield Problem("low", scale.low, "0 or more")
    if not scale.low < scale.high <= HIGHEST_TOTAL:
        yield Problem("high", scale.high, f"more than low and at most {HIGHEST_TOTAL}")
    if len(set(scale.recall_choices)) < len(scale.recall_choices) or min(scale.recall_choices) < 0:
        yield Problem("recall_choices", scale.recall_choices, "different numbers of days, 0 or more")


def _bands(scale: Scale) -> Iterator[Problem]:
    if not scale.bands:
        return
    if scale.bands[0].low != scale.low:
        yield Problem("bands", scale.bands[0].low, f"the first band begins at {scale.low}")
    for before, after in pairwise(scale.bands):
        if after.low != before.high + 1:
            yield Problem(
                "bands", after.low, f"{after.name!r} follows {before.name!r} and begins at {before.high + 1}"
            )
    for band in scale.bands:
        if band.high < band.low:
            yield Problem("bands", band.high, f"{band.name!r} ends at {band.low} or above")
    if scale.bands[-1].high != scale.high:
        yield Problem("bands", scale.bands[-1].high, f"the last band ends at {scale.high}")


def _figures(scale: Scale) -> Iterator[Problem]:
    bounds = (
        [(name, scale.low, scale.high) for name in _CUT_OFFS]
        + [(name, 1, scale.high - scale.low) for name in _CHANGES]
        + [(name, 1, _WHOLE) for name in PERCENTS]
    )
    for name, low, high in bounds:
        value = getattr(scale, name)
        if value is not None and not low <= value <= high:
            yield Problem(name, value, f"from {low} to {high}")
    partial, full = scale.partial_response_percent, scale.response_percent
    if partial is not None and (full is None or partial >= full):
        yield Problem("partial_response_percent", partial, "less than response_percent")
    if scale.response_and_at_most is not None and full is None:
        yield Problem("response_and_at_most", scale.response_and_at_most, "only beside response_percent")


def _items(scale: Scale) -> Iterator[Problem]:
    if (scale.scoring == "total_only") == bool(scale.items):
        yield Problem("items", len(scale.items), "none where scoring is total_only, else all of them")
    numbers = [item.number for item in scale.items]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Problem("items", numbers, "numbered 1, 2, 3 … in order")
    for item in scale.items:
        if not 0 <= item.low < item.high:
            yield Problem(f"items.{item.number}", (item.low, item.high), "low at least 0 and less than high")
    ranges = {(item.low, item.high) for item in scale.items}
    if scale.most_missing and (scale.scoring != "sum" or len(ranges) > 1):
        yield Problem("most_missing", scale.most_missing, "0 unless items of one range are summed")
    if not 0 <= scale.most_missing <= max(0, len(scale.items) - 1):
        yield Problem("most_missing", scale.most_missing, "fewer than there are items")


def _wording(scale: Scale) -> Iterator[Problem]:
    if len({item.text is None for item in scale.items}) > 1:
        yield Problem("items", "some without", "a text for every item or for none")
    if scale.items_shipped:
        values = [answer.value for answer in scale.answers]
        counts = {item.high - item.low + 1 for item in scale.items}  # first: a mistyped range may be endless
        if counts != {len(values)} or any(
            values != list(range(item.low, item.high + 1)) for item in scale.items
        ):
            yield Problem("answers", values, "one for each value of every item")
    elif scale.answers:
        yield Problem("answers", len(scale.answers), "only beside the wording of the items")


def _groups(scale: Scale) -> Iterator[Problem]:
    numbers = [item.number for item in scale.items]
    if (scale.scoring == "domain_max") != bool(scale.domains):
        yield Problem("domains", len(scale.domains), "given where scoring is domain_max, and only there")
    if scale.domains and sorted(number for domain in scale.domains for number in domain.items) != numbers:
        yield Problem("domains", [domain.items for domain in scale.domains], "every item in one domain")
    for subscore in scale.subscores:
        if not subscore.items or not set(subscore.items) <= set(numbers):
            yield Problem("subscores", subscore.items, f"numbers of items, for {subscore.name!r}")
    if scale.provisional and any(subscore.symptoms_at_least is None for subscore in scale.subscores):
        yield Problem(
            "subscores", scale.provisional.name, "symptoms_at_least for each, which the diagnosis counts"
        )
    if scale.scoring != "total_only" and scale.items:
        low, high = _reach(scale)
        if (scale.low, scale.high) != (low, high):
            yield Problem("high", (scale.low, scale.high), f"{low} to {high}, as far as the items reach")


def _reach(scale: Scale) -> tuple[int, int]:
    """The lowest and highest total the items can give."""
    if scale.scoring == "sum":
        return sum(item.low for item in scale.items), sum(item.high for item in scale.items)
    members = [[item for item in scale.items if item.number in domain.items] for domain in scale.domains]
    return (
        sum(min((item.low for item in items), default=0) for items in members),
        sum(max((item.high for item in items), default=0) for items in members),
    )


def _suicide_item(scale: Scale) -> Iterator[Problem]:
    asked = scale.suicide_item
    if asked is None:
        return
    item = scale.item(asked.number)
    if scale.items and (item is None or (item.low, item.high) != (asked.low, asked.high)):
        yield Problem("suicide_item", asked.number, "one of the items, with that item's range")
    levels = [
        level for level in (asked.ideation, asked.frequent, asked.nearly_every_day) if level is not None
    ]
    if levels != sorted(set(levels)) or not asked.low < levels[0] <= levels[-1] <= asked.high:
        yield Problem("suicide_item", levels, f"levels rising, above {asked.low} and up to {asked.high}")
