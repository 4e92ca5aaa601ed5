"""Clinicians beside chance: one row each, the band where chance alone would put the rate, by name."""

from html import escape
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.theme import HAIR, INK, MUTED, RULE, Mark, figure, rows
from dashboard.charts.words import Rounding, counts
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.answers.comparison import Comparison, Unit
from models.outcomes.proportions.funnel import PRIOR_WEIGHT, Limits, shrunken
from models.outcomes.proportions.rates import Rate

ROW: Final = 58
LABEL, TRACK = 14, 36  # px below the row's upper edge
LONGEST: Final = 26  # letters of a name that find room beside its counts on a phone
DRAWN: Final = f"With {PRIOR_WEIGHT} more courses like all together"
PLACES: Final = {
    "below": "lower than chance explains",
    "above": "higher than chance explains",
    "within": "as chance alone may make it",
    None: f"fewer than {FEWEST_COURSES} counted, or no name",
}


def units(found: Comparison, rounding: Rounding) -> go.Figure:
    """A dot a clinician on a band of 95 and a fainter one of 99.8 in 100; the line is everybody together."""
    height = ROW * len(found.units) + 16
    pooled = 100 * found.pooled.numerator / found.pooled.denominator
    traces, shapes, texts = [], [], marks.ends(height - 10)
    for place, unit in enumerate(found.units):
        top = ROW * place
        shapes += [*_bands(unit, top + TRACK), marks.rule(pooled, pooled, top + TRACK - 9, top + TRACK + 9)]
        traces += marks.rate_dot(unit.rate, top + TRACK, rounding)
        texts.append(marks.left(top + LABEL, f"<b>{_short(unit.name)}</b>", ink=INK, size=13))
        texts.append(marks.right(top + LABEL, _said(unit, rounding), ink=MUTED, size=13))
    return figure(height, traces, shapes=shapes, texts=texts, **rows(height))


def title(found: Comparison) -> str:
    """`2 clinicians differ no more than chance explains`."""
    compared = [unit for unit in found.units if unit.place]
    apart = [unit for unit in compared if unit.place != "within"]
    if not apart:
        return f"{len(compared)} clinicians differ no more than chance explains"
    of = "1 clinician differs" if len(apart) == 1 else f"{len(apart)} clinicians differ"
    return f"{of} by more than chance explains, of {len(compared)}"


def table(found: Comparison, rounding: Rounding) -> pd.DataFrame:
    """The same as rows to read."""
    everybody = ["All together", rounding.full(found.pooled), "", "", ""]
    each = [
        [
            unit.name or "No name recorded",
            _told(unit, rounding),
            _span(unit.warning, rounding),
            PLACES[unit.place],
            _drawn(unit, found.pooled, rounding),
        ]
        for unit in found.units
    ]
    columns = ["Clinician", "Rate", "By chance, 95 of 100", "It is", DRAWN]
    rows = pd.DataFrame([*each, everybody], columns=columns)
    return rows if found.estimated else rows.drop(columns=DRAWN)


def _drawn(unit: Unit, pooled: Rate, rounding: Rounding) -> str:
    """The rate of few courses drawn furthest; of too few it is none that could be drawn."""
    if unit.place is None:
        return ""
    met, of, *_ = unit.rate
    return rounding.percent(shrunken(met, of, pooled.numerator / pooled.denominator))


def _bands(unit: Unit, y: float) -> list[Mark]:
    bands = [marks.track(y, 10)]
    for limits, fill, half in ((unit.action, HAIR, 8), (unit.warning, RULE, 5)):
        if limits is not None:
            bands.append(marks.box(100 * limits.low, 100 * limits.high, y - half, y + half, fill))
    return bands


def _short(name: str) -> str:
    named = name or "No name recorded"
    return escape(named if len(named) <= LONGEST else f"{named[: LONGEST - 1]}…")


def _said(unit: Unit, rounding: Rounding) -> str:
    of = counts(unit.rate)
    if unit.rate.ratio is None or unit.rate.denominator < FEWEST_COURSES:
        return of
    return f"<b>{rounding.percent(unit.rate.ratio)}</b>  {of}"


def _told(unit: Unit, rounding: Rounding) -> str:
    return counts(unit.rate) if unit.rate.denominator < FEWEST_COURSES else rounding.full(unit.rate)


def _span(limits: Limits | None, rounding: Rounding) -> str:
    return "" if limits is None else rounding.span(limits.low, limits.high)
