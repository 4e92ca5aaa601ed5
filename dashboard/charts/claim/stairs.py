"""Why the number changes: from the most flattering way of counting to the question, one row a step."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.theme import GAP, INK, MUTED, OURS, PAPER, RULE, Mark, figure, rows
from dashboard.charts.words import NO_ONE, Rounding, counts, whole
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.answers.ways import Stair, Step
from models.outcomes.proportions.rates import Rate
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import WindowName
from models.outcomes.question.windows import WINDOWS
from models.outcomes.question.words import OUTCOME_NOUNS, WINDOW_LABELS
from models.scales import Scale

ROW: Final = 52
LABEL, TRACK = 12, 34  # px below the row's upper edge
_WORDS: Final[Mapping[Step, str]] = {
    Step.FLATTERING: "Only those who finished",
    Step.GATE: "With a baseline of {gate} or more",
    Step.SEEN: "Everyone scored in time",
    Step.EVERYONE: "Everyone who started",
    Step.WINDOW: "{window}",
    Step.REMISSION: "Remission, not {outcome}",
}


def words_of(stair: Stair, asked: Estimand, scale: Scale) -> str:
    """What a step changes, in at most 34 letters."""
    gate = "any" if not asked.baseline_at_least else scale.shown(asked.baseline_at_least)
    order = [*WINDOWS]
    earlier = order.index(asked.window) < order.index(WindowName.END_OF_INDUCTION)
    window = f"{'Earlier' if earlier else 'Later'}: {WINDOW_LABELS[asked.window].lower()}"
    return _WORDS[stair.step].format(gate=gate, window=window, outcome=asked.outcome.replace("_", " "))


def stairs(steps: Sequence[Stair], asked: Estimand, scale: Scale, rounding: Rounding) -> go.Figure:
    """The rate at each step on one axis of 0 to 100 per cent; the question's own in our colour."""
    height = ROW * len(steps) + 16
    traces: list[Mark] = []
    shapes: list[Mark] = []
    claim = 100 * rounding.claim
    texts = marks.ends(height - 10)
    for place, stair in enumerate(steps):
        y, own = ROW * place + TRACK, stair.estimand == asked
        traces += _dot(stair.rate, y, rounding, own=own)
        shapes += [marks.track(y, 6), marks.rule(claim, claim, y - 8, y + 8)]
        name = words_of(stair, asked, scale)
        texts.append(
            marks.left(
                ROW * place + LABEL, f"<b>{name}</b>" if own else name, ink=INK if own else MUTED, size=13
            )
        )
        texts.append(marks.right(ROW * place + LABEL, _right(stair.rate, rounding, own=own), size=13))
    shapes += [_drop(steps, place) for place in range(1, len(steps)) if _known(steps, place)]
    return figure(height, traces, shapes=shapes, texts=texts, **rows(height))


def title(steps: Sequence[Stair], asked: Estimand, rounding: Rounding) -> str:
    """`The same record gives 86 % or 22 %`, the highest step and the question; or `Every way gives 8 %`."""
    own = next((stair.rate for stair in steps if stair.estimand == asked), None)
    known = [stair for stair in steps if stair.rate.ratio is not None]
    same_outcome = [stair.rate for stair in known if stair.estimand.outcome is asked.outcome]
    if own is None or own.ratio is None:
        return "Why the number changes"
    said = _said(own, rounding)
    if all(_said(stair.rate, rounding) == said for stair in known):
        return f"Every way gives {said}"
    if all(_said(rate, rounding) == said for rate in same_outcome):
        return f"Every way to count {OUTCOME_NOUNS[asked.outcome]} gives {said}"
    highest = _said(max(same_outcome, key=lambda rate: rate.ratio or 0.0), rounding)
    if highest == said:
        return f"However it is counted, no more than {said}"
    return f"The same record gives {highest} or {said}"


def caption(steps: Sequence[Stair]) -> str:
    """What a step is, and how many are counted on the way: fewer are not always left out."""
    counted = {stair.rate.denominator for stair in steps if stair.rate.denominator}
    told = "Why the number changes: each step changes one choice"
    if not counted:
        return told
    few, many = min(counted), max(counted)
    if few == many:
        return f"{told}; each counts {whole(many)}"
    return f"{told}; they count {whole(few)} to {whole(many)}"


def table(steps: Sequence[Stair], asked: Estimand, scale: Scale, rounding: Rounding) -> pd.DataFrame:
    """The numbers behind the figure."""
    return pd.DataFrame(
        {
            "Counting": [words_of(stair, asked, scale) for stair in steps],
            "Rate": [rounding.full(stair.rate) for stair in steps],
        }
    )


def _said(rate: Rate, rounding: Rounding) -> str:
    """A percentage, or counts where it would rest on too few."""
    return counts(rate) if rate.denominator < FEWEST_COURSES else rounding.percent(rate.ratio or 0.0)


def _right(rate: Rate, rounding: Rounding, *, own: bool) -> str:
    if not rate.denominator:
        return NO_ONE
    if rate.denominator < FEWEST_COURSES:
        return counts(rate)
    share = rounding.percent(rate.numerator / rate.denominator)
    return f"<span style='color:{OURS if own else INK}'><b>{share}</b></span>  {counts(rate)}"


def _dot(rate: Rate, y: float, rounding: Rounding, *, own: bool) -> list[Mark]:
    if not rate.denominator:
        return []
    few = rate.denominator < FEWEST_COURSES
    face, edge = (PAPER, GAP) if few else (OURS if own else MUTED, PAPER)
    marker = {"size": 15 if own else 11, "color": face, "line": {"color": edge, "width": 2}, "opacity": 1}
    return [marks.points([100 * rate.numerator / rate.denominator], [y], marker, hover=rounding.full(rate))]


def _known(steps: Sequence[Stair], place: int) -> bool:
    return bool(steps[place].rate.denominator and steps[place - 1].rate.denominator)


def _drop(steps: Sequence[Stair], place: int) -> Mark:
    """The way down from the step before, at the step before's rate."""
    before = 100 * (steps[place - 1].rate.ratio or 0.0)
    return marks.rule(
        before, before, ROW * (place - 1) + TRACK, ROW * place + TRACK, ink=RULE, wide=1, dash="dot"
    )
