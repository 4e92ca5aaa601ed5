"""Published rates beside the clinic's own: filled where they answer the same question, hollow where not."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.theme import GAP, INK, MUTED, OURS, OURS_SOFT, PAPER, RULE, Mark, figure, rows
from dashboard.charts.words import NBSP, Rounding, counts, whole
from models.benchmarks import Benchmark, compared
from models.outcomes.answers.answer import Answer
from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.question.estimand import Estimand
from models.scales import Scale

ROW: Final = 62
LABEL, TRACK, NOTE = 12, 32, 48  # px below the row's upper edge
FULL: Final = 97  # per cent of the narrowest figure that words of one line may take
MOST: Final = 10  # rows drawn; the table has all


class Beside(NamedTuple):
    """A published rate, and what keeps it from answering the question asked."""

    benchmark: Benchmark
    mismatches: tuple[str, ...]


def beside(benchmarks: Iterable[Benchmark], asked: Estimand, scale: Scale) -> list[Beside]:
    """The published rates of the same outcome, those that differ least first."""
    found = [
        Beside(each, compared(each, asked, scale).mismatches)
        for each in benchmarks
        if each.outcome is asked.outcome
    ]
    return sorted(found, key=lambda one: (len(one.mismatches), one.benchmark.drug != "ketamine"))


def forest(own: Answer, others: Sequence[Beside], rounding: Rounding) -> go.Figure:
    """The clinic's own rate, then the published ones, on one axis of 0 to 100 per cent."""
    shown = others[:MOST]
    height = ROW * (len(shown) + 1) + 16
    claim = 100 * rounding.claim
    shapes: list[Mark] = [
        marks.track(TRACK, 8),
        *marks.interval(own.rate, TRACK, 10, soft=OURS_SOFT),
        marks.rule(claim, claim, TRACK - 14, TRACK + 14),
    ]
    traces = marks.rate_dot(own.rate, TRACK, rounding)
    label = marks.claim_label(rounding, NOTE + 2)
    texts = [*marks.ends(height - 8), label, *_line(0, "This clinic", _own_right(own, rounding), "", ink=INK)]
    for place, one in enumerate(shown, start=1):
        y = ROW * place + TRACK
        shapes += [marks.track(y, 4), *_band(one, y), marks.rule(claim, claim, y - 8, y + 8)]
        traces += _dots(one, y)
        texts += _line(place, one.benchmark.citation, _right(one.benchmark), _note(one), ink=MUTED)
    return figure(height, traces, shapes=shapes, texts=texts, **rows(height))


def title(others: Sequence[Beside]) -> str:
    """`No published rate asks the same question`."""
    same = sum(not one.mismatches for one in others)
    if not others:
        return "No published rate is of this outcome"
    if same > 1:
        return f"{whole(same)} published rates ask the same question"
    return f"{'One' if same else 'No'} published rate asks the same question"


def table(others: Sequence[Beside]) -> pd.DataFrame:
    """Every published rate of the outcome, with its comparison arms and what differs."""
    return pd.DataFrame(
        {
            "Published": [one.benchmark.citation for one in others],
            "Of whom": [one.benchmark.setting for one in others],
            "Rate": [_full(one.benchmark) for one in others],
            "Compared with": ["; ".join(_arms(one.benchmark)) or "nothing" for one in others],
            "What differs": ["; ".join(one.mismatches) or "nothing" for one in others],
        }
    )


def diamonds(others: Iterable[Beside]) -> list[str]:
    """What the people behind the diamonds drawn were given, each named once."""
    shown = [*others][:MOST]
    return sorted({arm.label for one in shown for arm in one.benchmark.arms})


def _line(place: int, label: str, right: str, note: str, *, ink: str) -> Iterator[Mark]:
    top = ROW * place
    yield marks.left(top + LABEL, f"<b>{label}</b>", ink=ink, size=13)
    yield marks.right(top + LABEL, right, size=13)
    if note:
        yield marks.left(top + NOTE, note, size=11)


def _own_right(own: Answer, rounding: Rounding) -> str:
    if own.rate.denominator < FEWEST_COURSES or own.rate.ratio is None:
        return counts(own.rate)
    share = rounding.percent(own.rate.ratio)
    return f"<span style='color:{OURS}'><b>{share}</b></span>  {counts(own.rate)}"


def _right(benchmark: Benchmark) -> str:
    share = f"<span style='color:{INK}'><b>{benchmark.percent:g}{NBSP}%</b></span>"
    of = f"  of {whole(benchmark.n_analysed)}" if benchmark.n_analysed else ""
    return share + of


def _note(one: Beside) -> str:
    """What differs, as much as fits a phone."""
    if not one.mismatches:
        return "the same question"
    told = [*one.mismatches]
    while told:
        more = "" if len(told) == len(one.mismatches) else f", {len(one.mismatches) - len(told)} more"
        words = "; ".join(told) + more
        if marks.width(words, 11) < FULL:
            return words
        told.pop()
    return f"{len(one.mismatches)} things differ"


def _band(one: Beside, y: float) -> list[Mark]:
    limits = one.benchmark.interval
    return [] if limits is None else [marks.box(100 * limits[0], 100 * limits[1], y - 4, y + 4, RULE)]


def _dots(one: Beside, y: float) -> Iterator[Mark]:
    benchmark = one.benchmark
    for arm in benchmark.arms:
        small = {"symbol": "diamond", "size": 8, "color": PAPER, "line": {"color": GAP, "width": 1.4}}
        yield marks.points(
            [arm.percent], [y], small | {"opacity": 1}, hover=f"{arm.label} {arm.percent:g}{NBSP}%"
        )
    face, edge = (MUTED, PAPER) if not one.mismatches else (PAPER, MUTED)
    dot = {"size": 12, "color": face, "line": {"color": edge, "width": 1.8}, "opacity": 1}
    yield marks.points([benchmark.percent], [y], dot, hover="<br>".join([_full(benchmark), *one.mismatches]))


def _full(benchmark: Benchmark) -> str:
    rate, of = benchmark.rate, f" of {whole(benchmark.n_analysed)}" if benchmark.n_analysed else ""
    if rate is None or benchmark.x_rounded:
        return f"{benchmark.percent:g}{NBSP}%{of}"
    return f"{benchmark.percent:g}{NBSP}% ({counts(rate)})"


def _arms(benchmark: Benchmark) -> Iterator[str]:
    for arm in benchmark.arms:
        yield f"{arm.label} {arm.percent:g}{NBSP}%"
