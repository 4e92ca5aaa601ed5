"""The rate by the quarter in which the window closed."""

from collections.abc import Sequence
from math import ceil
from typing import Final

import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.claim.quarter_words import Quarter, full_names, is_too_few, name_of, short_names
from dashboard.charts.theme import (
    AXIS,
    GAP,
    HAIR,
    INK,
    NARROWEST,
    OURS,
    OURS_SOFT,
    PAPER,
    Mark,
    figure,
)
from dashboard.charts.words import NBSP, Rounding, counts, whole

HEIGHT: Final = 320
LEFT, TOP, BOTTOM = 44, 10, 56  # px around the plot
LINE: Final = 100 * 16 / (HEIGHT - TOP - BOTTOM)  # per cent of the axis that a line of text takes
MOST: Final = 12  # quarters drawn, the latest
ROOMY: Final = 7  # so many or fewer leave room for per cent signs and a year under each,
ROOMIER: Final = 6  # and these for the counts of too few
BESIDE: Final = 0.63 * LINE  # from the end of a band to the middle of its number
LONGEST: Final = 6  # letters of a number with its sign: `69.6 %`, but not `over 99 %`
FEWEST_SLOTS: Final = 3
FULL: Final = 100
NEAR: Final = 4.5  # per cent from the claim within which an axis number would touch its own
FEWEST_DOT: Final = 5  # fewer people make a small dot


def quarters(record: Sequence[Quarter], rounding: Rounding) -> go.Figure:
    """Each quarter's rate and interval, dotted while it rests on too few; open windows as a dotted column."""
    shown = record[-MOST:]
    roomy = len(shown) <= ROOMY
    claim = 100 * rounding.claim
    shapes = [marks.rule(0, 1, claim, claim) | {"xref": "paper"}]
    values = [_value(place, quarter, rounding, of=len(shown)) for place, quarter in enumerate(shown)]
    texts = [_claim(shown, values, rounding), *(value for value in values if value)]
    for place, quarter in enumerate(shown):
        shapes += _interval(place, quarter)
        texts += _open(place, quarter, roomy=roomy)
    if not roomy:
        texts.append(
            marks.text(0, 0, "n", anchor="right", xref="paper", yref="paper", xshift=-14, yshift=-27)
        )
    return figure(
        HEIGHT,
        [_dot(place, quarter, rounding) for place, quarter in enumerate(shown) if quarter.rate.denominator],
        shapes=shapes,
        texts=texts,
        **_axes(shown, claim, roomy=roomy),
    )


def _axes(shown: Sequence[Quarter], claim: float, *, roomy: bool) -> Mark:
    slots = max(len(shown), FEWEST_SLOTS)
    names = full_names(shown) if roomy else short_names(shown)
    numbers = [number for number in (0, 25, 50, 75, 100) if abs(number - claim) > NEAR]
    up = {
        "tickvals": numbers,
        "ticktext": [f"100{NBSP}%" if number == FULL else str(number) for number in numbers],
    }
    return {
        "margin": {"l": LEFT, "r": 0, "t": TOP, "b": BOTTOM, "pad": 6},
        "xaxis": AXIS
        | {"range": [-0.5, slots - 0.5], "tickvals": list(range(len(shown))), "ticktext": names},
        "yaxis": AXIS | up | {"range": [0, 100], "showgrid": True, "gridcolor": HAIR},
    }


def _interval(place: int, quarter: Quarter) -> list[Mark]:
    drawn = [marks.hollow(place - 0.36, place + 0.36, 0.4, 99.6, dotted=True)] if quarter.pending else []
    low, high = quarter.rate.low, quarter.rate.high
    if low is None or high is None:
        return drawn
    if is_too_few(quarter):
        band = marks.hollow(-5, 5, 100 * low, 100 * high, dotted=True)
    else:
        band = marks.box(-5, 5, 100 * low, 100 * high, OURS_SOFT)
    return [*drawn, band | {"xsizemode": "pixel", "xanchor": place}]


def _dot(place: int, quarter: Quarter, rounding: Rounding) -> Mark:
    rate = quarter.rate
    face, edge, wide = (PAPER, GAP, 1.6) if is_too_few(quarter) else (OURS, PAPER, 2)
    size = 7 if rate.denominator < FEWEST_DOT else 11
    marker = {"size": size, "color": face, "line": {"color": edge, "width": wide}, "opacity": 1}
    height = 100 * rate.numerator / rate.denominator
    return marks.points([place], [height], marker, hover=f"{name_of(quarter)}<br>{rounding.full(rate)}")


def _value(place: int, quarter: Quarter, rounding: Rounding, *, of: int) -> Mark | None:
    """The rate in bold just below its band, or above it where the axis is near; of too few, their counts."""
    rate, crowded = quarter.rate, of > (ROOMIER if is_too_few(quarter) else MOST)
    if rate.ratio is None or rate.low is None or rate.high is None or crowded:
        return None
    y = 100 * rate.low - BESIDE if 100 * rate.low > LINE else 100 * rate.high + BESIDE
    if is_too_few(quarter):
        return marks.text(place, y, counts(rate), bgcolor=PAPER)
    if of > ROOMY:
        return marks.text(place, y, f"<b>{rounding.number(rate.ratio)}</b>", ink=OURS, size=11, bgcolor=PAPER)
    words = rounding.percent(rate.ratio)
    if len(words) > LONGEST:
        words = words.removesuffix(f"{NBSP}%")
    return marks.text(place, y, f"<b>{words}</b>", ink=OURS, size=13, bgcolor=PAPER)


def _open(place: int, quarter: Quarter, *, roomy: bool) -> list[Mark]:
    """How many windows are open, in the half of the column that the rate, if there is one, leaves free."""
    if not quarter.pending:
        return []
    number, size = f"<b>{whole(quarter.pending)}</b><br>", 12 if roomy else 11
    low, high = quarter.rate.low, quarter.rate.high
    if low is None or high is None:
        return [marks.text(place, 30, number + ("still<br>open" if roomy else "open"), size=size)]
    above = 1 - high > low
    y, anchor = (98, "top") if above else (2, "bottom")
    return [marks.text(place, y, f"{number}open", size=size, yanchor=anchor)]


def _claim(shown: Sequence[Quarter], values: Sequence[Mark | None], rounding: Rounding) -> Mark:
    """`70 % advertised` on its line where nothing is in the way, else its number beside the axis."""
    percent, claim = f"<b>{rounding.advertised}{NBSP}%</b>", 100 * rounding.claim
    words = f"{percent} advertised"
    slots = max(len(shown), FEWEST_SLOTS)
    reach = ceil(slots * marks.width(words, 13) / 100 * NARROWEST / (NARROWEST - LEFT))
    for first in range(slots - reach + 1):
        for y in (claim + 0.65 * LINE, claim - 0.65 * LINE):
            under = zip(shown[first : first + reach], values[first : first + reach], strict=True)
            if LINE / 2 < y < FULL - LINE / 2 and not any(_takes(*each, y) for each in under):
                return marks.text(first - 0.5, y, words, ink=INK, size=13, anchor="left")
    return marks.text(0, claim, percent, ink=INK, anchor="right", xref="paper", xshift=-6, bgcolor=PAPER)


def _takes(quarter: Quarter, value: Mark | None, y: float) -> bool:
    """Whether a line of text at this height would touch what is drawn for the quarter."""
    low, high = quarter.rate.low, quarter.rate.high
    banded = low is not None and high is not None and 100 * low - LINE / 2 < y < 100 * high + LINE / 2
    return banded or quarter.pending > 0 or (value is not None and abs(value["y"] - y) < LINE)
