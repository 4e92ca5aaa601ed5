"""What the unseen could do to the rate: how far they could move it, and what may be assumed of them."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.theme import GAP, INK, MUTED, OURS, OURS_SOFT, PAPER, RULE, Mark, figure, rows
from dashboard.charts.words import NBSP, NO_ONE, Rounding, counts, whole
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.counts.sensitivity import identified
from models.outcomes.proportions.rates import Rate

ROW: Final = 52
LABEL, TRACK = 12, 34  # px below the row's upper edge


class Assumed(NamedTuple):
    """One assumption about the unseen in at most 34 letters, and the rate it gives.

    `of` are the people counted, `None` where the rate is an estimate and no count; `own` is the question's.
    """

    label: str
    ratio: float | None
    low: float | None
    high: float | None
    of: Rate | None
    own: bool = False

    @classmethod
    def counting(cls, label: str, rate: Rate, *, own: bool = False) -> "Assumed":
        """An assumption that counts people."""
        return cls(label, rate.ratio, rate.low, rate.high, rate, own)

    @property
    def is_too_few(self) -> bool:
        """Whether it rests on too few to be a percentage."""
        return self.of is not None and self.of.denominator < FEWEST_COURSES


def unseen(assumed: Sequence[Assumed], lowest: float, highest: float, rounding: Rounding) -> go.Figure:
    """A row an assumption; around each, hollow, how far the unseen could move the rate at all."""
    height = ROW * len(assumed) + 16
    shapes: list[Mark] = []
    traces: list[Mark] = []
    claim = 100 * rounding.claim
    texts = marks.ends(height - 8)
    for place, one in enumerate(assumed):
        y = ROW * place + TRACK
        shapes += [
            marks.track(y, 6),
            marks.hollow(100 * lowest, 100 * highest, y - 8, y + 8),
            *_band(one, y),
            marks.rule(claim, claim, y - 8, y + 8),
        ]
        traces += _dot(one, y, rounding)
        name = f"<b>{one.label}</b>" if one.own else one.label
        texts.append(marks.left(ROW * place + LABEL, name, ink=INK if one.own else MUTED, size=13))
        texts.append(marks.right(ROW * place + LABEL, _right(one, rounding), size=13))
    return figure(height, traces, shapes=shapes, texts=texts, **rows(height))


def title(answer: Answer, rounding: Rounding, did: str) -> str:
    """The tipping point: what would have to be so of the people not scored in time."""
    missing, claim = answer.counts.missing, f"{rounding.advertised}{NBSP}%"
    share, seen = answer.tipping_point, answer.bounds.observed
    if not missing or share is None:
        return f"Everyone was scored again: nothing hides behind the {whole(answer.counts.counted)}"
    if share > 1:
        return f"Even if all {whole(missing)} not scored in time {did}, it would not be {claim}"
    if share <= 0:
        return f"{claim} is reached whatever became of the {whole(missing)} not scored in time"
    needed = f"{whole(answer.needed_of_missing)} of the {whole(missing)}"
    beside = (
        ""
        if seen.ratio is None or seen.denominator < FEWEST_COURSES
        else (f"; of those seen {rounding.percent(seen.ratio)} did")
    )
    return f"For {claim}, {needed} not scored in time would have to have {did}{beside}"


def table(assumed: Sequence[Assumed], rounding: Rounding) -> pd.DataFrame:
    """The numbers behind the figure."""
    return _rows((one.label, _full(one, rounding)) for one in assumed)


def limits(answer: Answer, rounding: Rounding) -> pd.DataFrame:
    """What no assumption changes, as more rows: what the claim would take, and how far the truth may lie."""
    rows = []
    if answer.tipping_point is not None:
        rows.append((f"Needed of them for {rounding.advertised}{NBSP}%", _needed(answer, rounding)))
    if within := identified(answer.bounds):
        rows.append(("Whatever they did, and by chance", rounding.span(*within)))
    return _rows(rows)


def _rows(rows: Iterable[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["The unseen", "Rate"])


def _needed(answer: Answer, rounding: Rounding) -> str:
    """The tipping point as a share and as people; of more than there are, never rounded down to all."""
    share, unseen = answer.tipping_point or 0.0, answer.counts.missing
    if share <= 0:
        return f"none of {whole(unseen)}"
    needed = f"{whole(answer.needed_of_missing)} of {whole(unseen)}"
    if share > 1:
        return f"{whole(ceil(100 * share))}{NBSP}% ({needed}, more than there are)"
    return f"{rounding.percent(share)} ({needed})"


def _full(one: Assumed, rounding: Rounding) -> str:
    if one.of is not None or one.ratio is None:
        return rounding.full(one.of) if one.of else NO_ONE
    within = (
        "" if one.low is None or one.high is None else f"; 95{NBSP}% CI {rounding.span(one.low, one.high)}"
    )
    return f"{rounding.percent(one.ratio)} (estimated{within})"


def _right(one: Assumed, rounding: Rounding) -> str:
    if one.ratio is None:
        return NO_ONE
    if one.of is not None and one.is_too_few:
        return counts(one.of)
    share = f"<span style='color:{OURS if one.own else INK}'><b>{rounding.percent(one.ratio)}</b></span>"
    return f"{share}  {counts(one.of) if one.of else 'estimated'}"


def _band(one: Assumed, y: float) -> list[Mark]:
    if one.low is None or one.high is None:
        return []
    low, high = 100 * one.low, 100 * one.high
    if one.is_too_few:
        return [marks.hollow(low, high, y - 5, y + 5, dotted=True)]
    return [marks.box(low, high, y - 5, y + 5, OURS_SOFT if one.own else RULE)]


def _dot(one: Assumed, y: float, rounding: Rounding) -> list[Mark]:
    if one.ratio is None:
        return []
    face, edge = (PAPER, GAP) if one.is_too_few else (OURS if one.own else MUTED, PAPER)
    marker = {"size": 15 if one.own else 11, "color": face, "line": {"color": edge, "width": 2}, "opacity": 1}
    return [marks.points([100 * one.ratio], [y], marker, hover=_full(one, rounding))]
