"""The marks that mean the same in every chart: filled is known, hollow is missing, dotted is pending."""

import re
from typing import Any, Final

from dashboard.charts.theme import (
    BEYOND,
    CLEAR,
    GAP,
    HAIR,
    INK,
    MUTED,
    NARROWEST,
    OURS,
    OURS_SOFT,
    PAPER,
    Mark,
)
from dashboard.charts.words import NBSP, Rounding
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.proportions.rates import Rate

EM: Final = 0.46  # mean advance of a letter of Source Sans, in parts of its size


def text(
    x: object,
    y: object,
    words: str,
    *,
    ink: str = MUTED,
    size: int = 12,
    anchor: str = "center",
    **more: object,
) -> Mark:
    """Words at a point, `anchor` saying which of their ends stands there."""
    place = {"x": x, "y": y, "text": words, "xanchor": anchor, "yanchor": "middle", "showarrow": False}
    return (
        place
        | {"font": {"size": size, "color": ink}, "align": anchor, "borderpad": 0, "borderwidth": 0}
        | more
    )


def left(y: float, words: str, **look: Any) -> Mark:
    """Words from the figure's left edge on."""
    return text(0, y, words, anchor="left", xref="paper", **look)


def right(y: float, words: str, **look: Any) -> Mark:
    """Words up to the figure's right edge."""
    return text(1, y, words, anchor="right", xref="paper", **look)


def over(x: float, y: float, words: str, *, size: int = 12, **look: Any) -> Mark:
    """Words centred over a percentage, or set at the edge they would otherwise cross on a phone."""
    half = width(words, size) / 2
    if x < half:
        return left(y, words, size=size, **look)
    if x > 100 - half:
        return right(y, words, size=size, **look)
    return text(x, y, words, size=size, **look)


def width(words: str, size: int = 12) -> float:
    """About how many per cent of the narrowest figure these words take."""
    return 100 * EM * size * len(re.sub(r"<[^>]*>", "", words)) / NARROWEST


def claim_label(rounding: Rounding, y: float) -> Mark:
    """`70 % advertised`, above the claim's line."""
    words = f"<b>{rounding.advertised}{NBSP}%</b> advertised"
    return over(100 * rounding.claim, y, words, ink=INK, size=13)


def box(x0: object, x1: object, y0: float, y1: float, fill: str, **more: object) -> Mark:
    """A filled stretch: something known."""
    edges = {"x0": x0, "x1": x1, "y0": y0, "y1": y1}
    return {"type": "rect", **edges, "fillcolor": fill, "line": {"width": 0}, "layer": "between"} | more


def hollow(x0: object, x1: object, y0: float, y1: float, *, dotted: bool = False) -> Mark:
    """An outline: something missing, or, dotted, not due yet or too little to say."""
    edge = {"color": GAP, "width": 1.4, "dash": "dot" if dotted else "solid"}
    return box(x0, x1, y0, y1, CLEAR, line=edge)


def rule(
    x0: object, x1: object, y0: float, y1: float, *, ink: str = INK, wide: float = 2, dash: str = "solid"
) -> Mark:
    """A straight line."""
    stroke = {"color": ink, "width": wide, "dash": dash}
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": stroke, "layer": "between"}


def track(y: float, thick: float) -> Mark:
    """The empty way from 0 to 100 per cent that a rate stands on, and a little beyond, as a slider's."""
    return box(-BEYOND, 100 + BEYOND, y - thick / 2, y + thick / 2, HAIR)


def ends(y: float) -> list[Mark]:
    """The three labels of a percentage axis; tick labels at its ends would be lost on a phone."""
    return [left(y, f"0{NBSP}%"), text(50, y, "50"), right(y, f"100{NBSP}%")]


def interval(rate: Rate, y: float, thick: float, *, soft: str = OURS_SOFT) -> list[Mark]:
    """The band a rate lies in: filled, dotted where it rests on too few, nothing where it rests on no one."""
    if rate.low is None or rate.high is None:
        return []
    low, high, top, bottom = 100 * rate.low, 100 * rate.high, y - thick / 2, y + thick / 2
    if rate.denominator < FEWEST_COURSES:
        return [hollow(low, high, top, bottom, dotted=True)]
    return [box(low, high, top, bottom, soft)]


def rate_dot(rate: Rate, y: float, rounding: Rounding, *, ink: str = OURS) -> list[Mark]:
    """The rate, ringed with paper: hollow where it rests on too few, or counts the missing (`GAP`)."""
    if not rate.denominator:
        return []
    hollow_dot = rate.denominator < FEWEST_COURSES or ink == GAP
    face, edge, wide = (PAPER, GAP, 1.6) if hollow_dot else (ink, PAPER, 2)
    marker = {"size": 15, "color": face, "line": {"color": edge, "width": wide}, "opacity": 1}
    return [points([100 * rate.numerator / rate.denominator], [y], marker, hover=rounding.full(rate))]


def points(x: object, y: object, marker: Mark, *, hover: str = "") -> Mark:
    """Markers that may stand on the figure's very edge."""
    told = {"hovertemplate": f"{hover}<extra></extra>"} if hover else {"hoverinfo": "skip"}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "marker": marker,
        "cliponaxis": False,
    } | told
