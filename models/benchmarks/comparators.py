"""How many reached an outcome in the control arms of trials: the one range every page and file tells."""

from collections.abc import Iterable
from typing import NamedTuple

from models.benchmarks.benchmark import Arm, Benchmark
from models.benchmarks.published import published
from models.outcomes.question.vocabulary import Outcome


class Span(NamedTuple):
    """The lowest and the highest rate, in per cent."""

    low: float
    high: float


def control_arms(benchmarks: Iterable[Benchmark]) -> list[Arm]:
    """The arms given a comparison treatment; another active treatment, as ECT is, is no control."""
    return [arm for benchmark in benchmarks for arm in benchmark.arms if not arm.active]


def control_span(outcome: Outcome) -> Span | None:
    """From the lowest to the highest control arm of the published trials; `None` where no trial has one."""
    same = (each for each in published().values() if each.outcome is outcome)
    rates = [arm.percent for arm in control_arms(same)]
    return Span(min(rates), max(rates)) if rates else None
