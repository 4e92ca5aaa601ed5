"""The specification curve: every way to count as a dot, sorted by its rate, with its choices marked beneath.

Choices are drawn as one line a strip with gaps, not as thousands of marks: a browser draws that in one go.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.claim.curve_words import said
from dashboard.charts.theme import (
    AXIS,
    CLEAR,
    GAP,
    HAIR,
    INK,
    MUTED,
    OURS,
    OURS_SOFT,
    PAPER,
    REST,
    Mark,
    figure,
)
from dashboard.charts.words import NBSP, Rounding
from models.outcomes.answers.ways import Way
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome, WindowName
from models.outcomes.question.words import MISSING_LABELS, OUTCOME_LABELS, WINDOW_LABELS

DOTS: Final = 300  # px of the dots' plot
STRIP: Final = 15  # px a strip takes
GROUP: Final = 10  # px between groups of strips
LEFT, BOTTOM, TOP = 116, 8, 14
NEAR: Final = 4.5  # per cent from the claim within which an axis number would touch its own

GROUPS: Final = {"outcome": "Outcome", "window": "When", "missing": "A missing score", "baseline": "Baseline"}


class Strip(NamedTuple):
    """A choice: which part of the question, what is chosen, and what it is called."""

    group: str
    value: str
    label: str


def curve(ways: Sequence[Way], asked: Estimand, gate: str, rounding: Rounding) -> go.Figure:
    """Dots above, strips below. A dot's `customdata` is its place in `ways`; the question's own is blue."""
    strips = [*_strips(ways, gate)]
    below = _depths(strips)
    height = TOP + DOTS + max(below.values(), default=0) + STRIP + BOTTOM
    own = next((place for place, way in enumerate(ways) if way.estimand == asked), None)
    plot = height - TOP - BOTTOM
    floor = 1 - DOTS / plot
    return figure(
        height,
        [*_dots(ways, own, gate, rounding), *_strip_traces(ways, strips, below, own)],
        shapes=_shapes(ways, own, rounding),
        texts=[*_names(ways, strips, below, own), _advertised(rounding), *_own(ways, own, rounding)],
        margin={"l": LEFT, "r": 6, "t": TOP, "b": BOTTOM, "pad": 0},
        xaxis=AXIS | {"range": [-max(len(ways), 10) / 60, max(len(ways), 10)], "showticklabels": False},
        yaxis=AXIS
        | _percents(rounding)
        | {"range": [0, 100], "domain": [floor, 1], "showgrid": True, "gridcolor": HAIR},
        yaxis2=AXIS | {"range": [plot - DOTS, 0], "domain": [0, floor], "showticklabels": False},
    )


def _dots(ways: Sequence[Way], own: int | None, gate: str, rounding: Rounding) -> Iterator[Mark]:
    """Three traces: full, hollow and the question's own; over the claim in ink, else muted."""
    told = [f"{rounding.full(way.rate)}<br>{said(way, gate)}" for way in ways]
    for hollow in (False, True):
        places = [place for place, way in enumerate(ways) if way.is_hollow is hollow and place != own]
        inks = [INK if (ways[place].rate.ratio or 0) >= rounding.claim else MUTED for place in places]
        face = PAPER if hollow else inks
        edge = {
            "color": [GAP if ink == MUTED else INK for ink in inks] if hollow else CLEAR,
            "width": 1.2 if hollow else 0,
        }
        yield _dot(ways, places, {"size": 6, "color": face, "line": edge, "opacity": 1}, told)
    if own is not None:
        face = PAPER if ways[own].is_hollow else OURS
        ring = {"color": OURS, "width": 2}
        yield _dot(ways, [own], {"size": 15, "color": face, "line": ring, "opacity": 1}, told)


def _dot(ways: Sequence[Way], places: Sequence[int], marker: Mark, told: Sequence[str]) -> Mark:
    heights = [100 * (ways[place].rate.ratio or 0) for place in places]
    return marks.points([*places], heights, marker) | {
        "customdata": [*places],
        "text": [told[place] for place in places],
        "hoverinfo": "text",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }


def _strips(ways: Sequence[Way], gate: str) -> Iterator[Strip]:
    """The choices that occur, group by group, in the vocabulary's order."""
    names: Mapping[str, Mapping[str, str]] = {
        "outcome": {each: OUTCOME_LABELS[each] for each in Outcome},
        "window": {each: WINDOW_LABELS[each] for each in WindowName},
        "missing": {each: MISSING_LABELS[each] for each in Missing},
        "baseline": {"gate": gate, "any": "Any"},
    }
    for group, labels in names.items():
        present = {_choice(way, group) for way in ways}
        yield from (Strip(group, value, label) for value, label in labels.items() if value in present)


def _choice(way: Way, group: str) -> str:
    if group == "baseline":
        return "gate" if way.estimand.baseline_at_least else "any"
    return str(getattr(way.estimand, group))


def _depths(strips: Sequence[Strip]) -> dict[Strip, int]:
    """How many px below the dots each strip stands; a new group begins with its name."""
    depths, depth, last = {}, 0, ""
    for strip in strips:
        depth += STRIP if strip.group == last else 2 * STRIP + GROUP
        depths[strip], last = depth, strip.group
    return depths


def _strip_traces(
    ways: Sequence[Way], strips: Sequence[Strip], below: Mapping[Strip, int], own: int | None
) -> Iterator[Mark]:
    """The marks of all strips as two lines with gaps: the rows the question chose, and the others."""
    for mine, ink in ((False, REST), (True, OURS)):
        across: list[float | None] = []
        down: list[float | None] = []
        for strip in strips:
            if (own is not None and _choice(ways[own], strip.group) == strip.value) is mine:
                for place, way in enumerate(ways):
                    if _choice(way, strip.group) == strip.value:
                        across += [place, place, None]
                        down += [below[strip] - 5, below[strip] + 5, None]
        line = {"color": ink, "width": 1, "simplify": False}
        drawn = {"type": "scatter", "mode": "lines", "x": across, "y": down, "yaxis": "y2"}
        yield drawn | {"line": line, "hoverinfo": "skip"}


def _shapes(ways: Sequence[Way], own: int | None, rounding: Rounding) -> list[Mark]:
    claim = 100 * rounding.claim
    drawn = [marks.rule(0, 1, claim, claim, wide=1.5) | {"xref": "paper"}]
    if own is not None:
        wide = max(0.5, len(ways) / 400)
        band = marks.box(own - wide, own + wide, 0, 1, OURS_SOFT) | {"yref": "paper", "layer": "below"}
        drawn.insert(0, band)
    return drawn


def _names(
    ways: Sequence[Way], strips: Sequence[Strip], below: Mapping[Strip, int], own: int | None
) -> Iterator[Mark]:
    look: dict[str, Any] = {"anchor": "right", "xref": "paper", "yref": "y2", "xshift": -8, "size": 11}
    named = ""
    for strip in strips:
        if strip.group != named:
            named = strip.group
            yield marks.text(0, below[strip] - STRIP, f"<b>{GROUPS[named]}</b>", ink=INK, **look)
        mine = own is not None and _choice(ways[own], strip.group) == strip.value
        yield marks.text(0, below[strip], strip.label, ink=OURS if mine else MUTED, **look)


def _percents(rounding: Rounding) -> Mark:
    numbers = [number for number in (0, 25, 50, 75, 100) if abs(number - 100 * rounding.claim) > NEAR]
    return {"tickvals": numbers, "ticktext": [f"{number}{NBSP}%" for number in numbers]}


def _advertised(rounding: Rounding) -> Mark:
    words = f"<b>{rounding.advertised}{NBSP}%</b>"
    return marks.text(0, 100 * rounding.claim, words, ink=INK, anchor="right", xref="paper", xshift=-8)


def _own(ways: Sequence[Way], own: int | None, rounding: Rounding) -> Iterator[Mark]:
    """`40 % the question`, under its dot on the right, or left of it near the right edge."""
    ratio = None if own is None else ways[own].rate.ratio
    if own is None or ratio is None:
        return
    late = own > len(ways) / 2
    words = f"<b>{rounding.percent(ratio)}</b> the question"
    anchor, shift, lift = ("right", -12, 6) if late else ("left", 12, -6)
    yield marks.text(
        own, 100 * ratio + lift, words, ink=OURS, size=13, bgcolor=PAPER, anchor=anchor, xshift=shift
    )
