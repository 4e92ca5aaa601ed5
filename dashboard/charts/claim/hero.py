"""The answer at a glance: a hundred dots, the claim through them, and the rate with its interval below."""

from decimal import Decimal
from typing import Final

import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.parts import Parts
from dashboard.charts.theme import GAP, OURS, REST, Mark, figure, rows
from dashboard.charts.words import Rounding, whole
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.proportions.rates import Rate

DEEP: Final = 5  # dots in a column; twenty columns make a hundred
TOP: Final = 40  # px from the upper edge to the first row of dots,
PITCH: Final = 27  # and from one row to the next
MERGED_UNDER: Final = 20  # per cent
ROOM: Final = 98  # per cent of the narrowest figure that two texts of one line may take
UNDER_DOTS, RATE, BAND, UNDER_BAND, AXIS = 173, 201, 231, 257, 288  # px from the upper edge


def hero(rate: Rate, parts: Parts, rounding: Rounding, *, did: str = "responded") -> go.Figure:
    """The rate beside the claim; of too few people a hollow dot and a dotted interval, without the hundred.

    `did` says what those who met the outcome did, in at most 18 letters.
    """
    if rate.denominator < FEWEST_COURSES:
        return _too_few(rate, rounding)
    claim = 100 * rounding.claim
    at = 100 * rate.numerator / rate.denominator
    return figure(
        300,
        [*_dots(parts, rounding, did), *marks.rate_dot(rate, BAND, rounding)],
        shapes=[
            marks.track(BAND, 14),
            *marks.interval(rate, BAND, 14),
            marks.rule(claim, claim, 24, TOP + (DEEP - 1) * PITCH + 13),
            marks.rule(claim, claim, BAND - 13, BAND + 13),
        ],
        texts=[
            marks.claim_label(rounding, 12),
            *_under_dots(per_hundred(parts, rounding), rounding.decimals, did),
            marks.over(at, RATE, f"<b>{rounding.percent(at / 100)}</b>", ink=OURS, size=20),
            marks.over(at, UNDER_BAND, rounding.interval(rate), ink=OURS),
            *marks.ends(AXIS),
        ],
        **rows(300),
    )


def per_hundred(parts: Parts, rounding: Rounding) -> Parts:
    """The parts in the smallest steps shown, a hundred or a thousand in all; what is met keeps its side."""
    people, steps = sum(parts), 100 * 10**rounding.decimals
    reached = int(rounding.value((parts.met + parts.assumed) / people).scaleb(rounding.decimals))
    assumed = min(reached, round(steps * parts.assumed / people))
    unseen = min(steps - reached, round(steps * parts.unseen / people))
    return Parts(reached - assumed, assumed, steps - reached - unseen, unseen)


def _dots(parts: Parts, rounding: Rounding, did: str) -> list[Mark]:
    """Filled column by column, so that the edge of what was met is the rate on the axis below."""
    looks = (("circle", OURS, 0), ("circle-open", OURS, 1.4), ("circle", REST, 0), ("circle-open", GAP, 1.4))
    said = (did, f"not scored, counted as {did}", "did not", "not scored")
    groups, first = [], 0
    hundred = per_hundred(parts, Rounding(rounding.claim))
    for dots, people, what, (symbol, ink, edge) in zip(hundred, parts, said, looks, strict=True):
        places = range(first, first + dots)
        first += dots
        marker = {"symbol": symbol, "size": 12, "color": ink, "line": {"width": edge}, "opacity": 1}
        across = [2.5 + 5 * (place // DEEP) for place in places]
        down = [TOP + PITCH * (place % DEEP) for place in places]
        groups.append(
            marks.points(across, down, marker, hover=f"{whole(people)} of {whole(sum(parts))}: {what}")
        )
    return groups


def _under_dots(parts: Parts, decimals: int, did: str) -> list[Mark]:
    """The counts of a hundred: two neighbours share one text where they would touch on a phone."""
    met, assumed, not_met, unseen = (f"<b>{Decimal(part).scaleb(-decimals):f}</b>" for part in parts)
    middle, right = f"{not_met} did not", f"{unseen} not scored"
    both = ", ".join(words for words, part in ((middle, parts.not_met), (right, parts.unseen)) if part)
    also = f", {assumed} assumed" if parts.assumed else ""
    left = f"{met} {did}{also}"
    if marks.width(f"{left}{both}", 13) > ROOM:
        left = f"{met} did{also}"
    start = marks.left(UNDER_DOTS, left, ink=OURS, size=13)
    share = 100 / sum(parts)
    centre, half = 100 - share * (parts.unseen + parts.not_met / 2), marks.width(middle, 13) / 2
    touching = centre - half < marks.width(left, 13) or centre + half > 100 - marks.width(right, 13)
    if touching or share * min(parts.not_met, parts.unseen) < MERGED_UNDER:
        return [start, marks.right(UNDER_DOTS, both, size=13)] if both else [start]
    return [
        start,
        marks.text(centre, UNDER_DOTS, middle, size=13),
        marks.right(UNDER_DOTS, right, size=13),
    ]


def _too_few(rate: Rate, rounding: Rounding) -> go.Figure:
    claim = 100 * rounding.claim
    at = 100 * rate.numerator / rate.denominator if rate.denominator else 50
    return figure(
        150,
        marks.rate_dot(rate, 72, rounding),
        shapes=[marks.track(72, 14), *marks.interval(rate, 72, 24), marks.rule(claim, claim, 24, 94)],
        texts=[
            marks.claim_label(rounding, 12),
            marks.over(at, 106, rounding.interval(rate)),
            *marks.ends(138),
        ],
        **rows(150),
    )
