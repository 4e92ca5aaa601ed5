"""From everyone treated to everyone counted: one row a step, its bar what remains."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.parts import Parts
from dashboard.charts.theme import INK, MUTED, OURS, REST, RULE, Mark, figure, rows
from dashboard.charts.words import MINUS, NBSP, whole
from models.outcomes.counts.tally import Tally
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Exclusion, Missing
from models.outcomes.question.words import EXCLUSION_WORDS
from models.scales import Scale

ROW: Final = 44
LABEL, TOP, BOTTOM = 10, 21, 34  # px below the row's upper edge: words, and the bar
LEGEND: Final = 46  # px below the last row's upper edge
FULL: Final = 97  # per cent of the narrowest figure
UNSEEN: Final = "not scored in time"


class Step(NamedTuple):
    """Courses left out for one reason, in at most 34 letters; `pending` ones may yet be counted."""

    label: str
    left_out: int
    pending: bool = False


def steps_of(excluded: Mapping[Exclusion, int], tally: Tally, estimand: Estimand, scale: Scale) -> list[Step]:
    """The steps of one question, in the order in which courses are left out."""
    words = {reason: text[:1].upper() + text[1:] for reason, text in EXCLUSION_WORDS.items()}
    if estimand.baseline_at_least:
        words[Exclusion.BASELINE_BELOW] = f"Baseline below {scale.shown(estimand.baseline_at_least)}"
    steps = [Step(words[reason], excluded.get(reason, 0)) for reason in Exclusion]
    steps.append(Step("Window still open", tally.pending, pending=True))
    if estimand.missing in (Missing.OBSERVED, Missing.COMPLETERS):
        steps.append(Step("Not scored in time", tally.missing))
    if estimand.missing is Missing.COMPLETERS:
        steps.append(Step("Fewer infusions than planned", tally.observed - tally.completers))
    return steps


def flow(steps: Sequence[Step], parts: Parts, *, did: str = "responded") -> go.Figure:
    """The courses begun, what each step leaves of them, and what became of those counted.

    Those begun are the sum of `steps` and `parts`. A step that leaves nobody out is not drawn.
    """
    taken = [step for step in steps if step.left_out]
    remaining = sum(parts) + sum(step.left_out for step in taken)
    share = 100 / max(remaining, 1)
    shapes, texts = [_bar(0, remaining * share, 0, MUTED)], _row(0, "Courses begun", 0, remaining)
    for place, step in enumerate(taken, start=1):
        remaining -= step.left_out
        gone = _gap(remaining * share, (remaining + step.left_out) * share, place, dotted=step.pending)
        shapes += [_bar(0, remaining * share, place, RULE), gone]
        texts += _row(place, step.label, step.left_out, remaining)
    last = len(taken) + 1
    height = ROW * last + LEGEND + 10
    return figure(
        height,
        shapes=[*shapes, *_became(parts, share, last)],
        texts=[*texts, *_row(last, "<b>Counted</b>", 0, remaining), _legend(parts, last, did)],
        **rows(height, beyond=0),
    )


def title(steps: Sequence[Step], parts: Parts) -> str:
    """`168 of 240 courses can be counted`."""
    counted = sum(parts)
    begun = counted + sum(step.left_out for step in steps)
    return f"{whole(counted) if counted else 'None'} of {whole(begun)} courses can be counted"


def table(steps: Sequence[Step], parts: Parts) -> pd.DataFrame:
    """The numbers behind the figure: every step, those that leave nobody out included."""
    left_out = [0, *(step.left_out for step in steps)]
    begun = sum(parts) + sum(left_out)
    remaining = [begun - gone for gone in accumulate(left_out)]
    labels = ["Courses begun", *(step.label for step in steps)]
    return pd.DataFrame({"Step": labels, "Left out": left_out, "Remaining": remaining})


def _became(parts: Parts, share: float, place: int) -> list[Mark]:
    """The last bar by outcome; those never scored are hollow, however they count."""
    ends = [share * count for count in accumulate(parts)]
    drawn = []
    for fill, count, start, end in zip((OURS, None, REST, None), parts, [0, *ends], ends, strict=False):
        if count:
            drawn.append(_bar(start, end, place, fill) if fill else _gap(start, end, place))
    return drawn


def _bar(start: float, end: float, place: int, fill: str) -> Mark:
    return marks.box(start, end, ROW * place + TOP, ROW * place + BOTTOM, fill)


def _gap(start: float, end: float, place: int, *, dotted: bool = False) -> Mark:
    return marks.hollow(start, end, ROW * place + TOP + 0.7, ROW * place + BOTTOM - 0.7, dotted=dotted)


def _row(place: int, label: str, left_out: int, remaining: int) -> list[Mark]:
    y = ROW * place + LABEL
    count = f"<span style='color:{INK}'><b>{whole(remaining)}</b></span>"
    gone = f"{MINUS}{NBSP}{whole(left_out)}  " if left_out else ""
    return [
        marks.left(y, label, ink=INK, size=13),
        marks.right(y, gone + count, size=13),
    ]


def _legend(parts: Parts, place: int, did: str) -> Mark:
    """What the pieces of the last bar are; long words give way to short ones where a phone has no room."""
    told = (_became_words(parts, *words) for words in ((did, UNSEEN), ("did", UNSEEN), ("did", "unseen")))
    words = next(
        (words for words in told if marks.width(words) < FULL), _became_words(parts, "did", "unseen")
    )
    return marks.left(ROW * place + LEGEND, words)


def _became_words(parts: Parts, did: str, unseen: str) -> str:
    met = f"<span style='color:{OURS}'><b>{{}}</b> {did}</span>"
    kinds = (met, "{} assumed", "{} did not", f"{{}} {unseen}")
    return ", ".join(kind.format(whole(count)) for kind, count in zip(kinds, parts, strict=True) if count)
