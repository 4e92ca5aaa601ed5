"""Benefit and harm of the same people: one row a rate, one axis, one size."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate
from typing import Final, Literal, NamedTuple

import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.theme import GAP, HARM, HARM_SOFT, INK, MUTED, OURS, OURS_SOFT, RULE, Mark, figure, rows
from dashboard.charts.words import NO_ONE, Rounding, counts
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.answers.of_many import Withheld
from models.outcomes.counts.suicide_item import SuicideItemChange
from models.outcomes.proportions.rates import Rate, wilson
from models.scales import Scale

ROW: Final = 64
LABEL, TRACK, NOTE = 16, 38, 57  # px below the row's upper edge
NOTED: Final = 12  # px more for a row with a note under its band
FULL: Final = 97  # per cent of the narrowest figure that two texts of one line may take together
KINDS: Final = {"benefit": (OURS, OURS_SOFT), "harm": (HARM, HARM_SOFT), "unseen": (GAP, RULE)}


class RateRow(NamedTuple):
    """One rate, what it is called (34 letters with its remark), and how far the unseen could move it.

    `best` and `worst` bound everyone's rate where `rate` counts the seen only; `claimed` rows bear the claim.
    """

    label: str
    remark: str
    rate: Rate
    kind: Literal["benefit", "harm", "unseen"] = "benefit"
    best: Rate | None = None
    worst: Rate | None = None
    claimed: bool = False

    @property
    def unsure(self) -> tuple[float, float] | None:
        """From where to where, in per cent, the unseen could move the rate; `None` where they could not."""
        if not self.best or not self.worst or self.best.ratio is None or self.worst.ratio is None:
            return None
        return (100 * self.best.ratio, 100 * self.worst.ratio) if self.best.ratio < self.worst.ratio else None


def rows_of(answers: Sequence[Answer], scale: Scale) -> list[RateRow]:
    """The rows of one question's outcomes, the one asked about first, and of those not scored in time."""
    rows = [_row_of(answer, scale) for answer in answers]
    counts = answers[0].counts
    unseen = RateRow("Not scored in time", "no score", wilson(counts.missing, counts.counted), "unseen")
    return [rows[0]._replace(claimed=rows[0].kind == "benefit"), *rows[1:], unseen]


def suicide_rows(change: SuicideItemChange | Withheld | None) -> list[RateRow]:
    """What became of the answer about suicide, worse at the size of better; nothing where nobody answered."""
    if change is None or isinstance(change, Withheld) or not change.answered:
        return []
    better, same, worse = change.rates
    return [
        RateRow("Suicide item: better", "lower answer", better),
        RateRow("Suicide item: unchanged", "same answer", same, "unseen"),
        RateRow("Suicide item: worse", "higher answer", worse, "harm"),
    ]


def _row_of(answer: Answer, scale: Scale) -> RateRow:
    words, bounds = outcome_words(answer.estimand.outcome, scale), answer.bounds
    if not answer.estimand.outcome.is_harm:
        return RateRow(words.row, words.remark, answer.rate)
    return RateRow(words.row, words.remark, bounds.observed, "harm", best=bounds.best, worst=bounds.worst)


def rates(outcomes: Sequence[RateRow], rounding: Rounding) -> go.Figure:
    """The rows, one under another, on one axis of 0 to 100 per cent."""
    tops = [0, *accumulate(ROW + (NOTED if row.unsure else 0) for row in outcomes)]
    height = tops.pop() + 16
    traces: list[Mark] = []
    shapes: list[Mark] = []
    texts = marks.ends(height - 10)
    for top, row in zip(tops, outcomes, strict=True):
        ink, _ = KINDS[row.kind]
        traces += marks.rate_dot(row.rate, top + TRACK, rounding, ink=ink)
        shapes += _bands(row, top + TRACK, rounding.claim)
        texts += _texts(row, top, rounding)
    return figure(height, traces, shapes=shapes, texts=texts, **rows(height))


def _bands(row: RateRow, y: float, claim: float) -> list[Mark]:
    bands = [marks.track(y, 10), *marks.interval(row.rate, y, 10, soft=KINDS[row.kind][1])]
    if row.unsure:
        bands.append(marks.hollow(*row.unsure, y - 5, y + 5))
    if row.claimed:
        bands.append(marks.rule(100 * claim, 100 * claim, y - 11, y + 11))
    return bands


def _texts(row: RateRow, top: float, rounding: Rounding) -> list[Mark]:
    right = _right(row, rounding)
    left = f"<b>{row.label}</b>"
    remarked = f"{left}  <span style='color:{MUTED}'>{escape(row.remark)}</span>"
    if row.remark and marks.width(remarked, 13) + marks.width(right, 13) < FULL:
        left = remarked
    texts = [
        marks.left(top + LABEL, left, ink=INK, size=13),
        marks.right(top + LABEL, right, size=13),
    ]
    if row.unsure and row.worst:
        texts.append(marks.over(row.unsure[1], top + NOTE, f"at worst {counts(row.worst)}"))
    return texts


def _right(row: RateRow, rounding: Rounding) -> str:
    """`42 % 71 of 168`, without the percentage where it would rest on too few."""
    if not row.rate.denominator:
        return NO_ONE
    of = counts(row.rate) + (" seen" if row.worst else "")
    if row.rate.denominator < FEWEST_COURSES:
        return of
    share = rounding.percent(row.rate.numerator / row.rate.denominator)
    return f"<span style='color:{INK}'><b>{share}</b></span>  {of}"
