"""Clinicians beside what chance alone would make of their rates; no league, no adjustment (§5.5)."""

from dataclasses import replace
from typing import Any, Literal, NamedTuple

import narwhals as nw
from scipy.stats import binom

from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.counts.counting import at_window, count
from models.outcomes.derivation.engines import opened
from models.outcomes.proportions.funnel import (
    ACTION_TAIL,
    FEWEST_UNITS,
    WARNING_TAIL,
    Limits,
    additive_limits,
    exact_limits,
    spread,
)
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.estimand import Estimand
from models.scales import Scale

FEWEST_COMPARED = 2


Place = Literal["below", "within", "above"]


class Unit(NamedTuple):
    """One clinician's rate (`name` is empty where none is recorded), and where chance would put it.

    Limits hold 95 and 99.8 of 100 rates that differ from the pooled one by chance, `place` says on which side
    of the wider ones the rate lies; `None` with too few courses.
    """

    name: str
    rate: Rate
    warning: Limits | None = None
    action: Limits | None = None
    place: Place | None = None


class Comparison(NamedTuple):
    """All courses together, and clinicians by name; `estimated`: limits are widened by their spread."""

    pooled: Rate
    units: list[Unit]
    estimated: bool


def by_clinician(outcomes: Any, estimand: Estimand, scale: Scale) -> Comparison | None:
    """The question's rate under each clinician, whichever clinician it is asked of.

    With eight clinicians or more of enough courses the limits are widened by how much these differ beyond
    chance, with fewer they are exact. `None` with fewer than two of enough courses: nothing to compare.
    """
    everyone = replace(estimand, clinician=None)
    courses = at_window(opened(outcomes), everyone.window, everyone).with_columns(
        unit=nw.col("clinician").cast(nw.String).fill_null("")
    )
    found = count(courses, everyone, scale, [everyone.outcome], by=["unit"])
    fractions = {
        name: counted.tallies[everyone.outcome].fraction(everyone.missing, everyone.outcome)
        for (name,), counted in found.items()
    }
    counts = {name: fraction for name, fraction in sorted(fractions.items()) if fraction[1]}
    enough = [fraction for name, fraction in counts.items() if name and fraction[1] >= FEWEST_COURSES]
    if len(enough) < FEWEST_COMPARED:
        return None
    pooled = wilson(sum(met for met, _ in counts.values()), sum(of for _, of in counts.values()))
    target = pooled.numerator / pooled.denominator
    estimated = len(enough) >= FEWEST_UNITS and 0 < target < 1
    tau_squared = spread(enough, target).tau_squared if estimated else None
    units = [_unit(name, wilson(*fraction), target, tau_squared) for name, fraction in counts.items()]
    return Comparison(pooled, units, estimated)


def _unit(name: str, rate: Rate, target: float, tau_squared: float | None) -> Unit:
    if not name or rate.denominator < FEWEST_COURSES:
        return Unit(name, rate)
    warning, action = (
        _limits(rate.denominator, target, tau_squared, tail) for tail in (WARNING_TAIL, ACTION_TAIL)
    )
    exact = tau_squared is None
    return Unit(name, rate, warning, action, _exact(rate, target) if exact else _beside(rate, action))


def _limits(courses: int, target: float, tau_squared: float | None, tail: float) -> Limits:
    if tau_squared is None:
        limits = exact_limits(courses, target, tail)
    else:
        limits = additive_limits(courses, target, tau_squared, tail)
    return Limits(*(min(1.0, max(0.0, each)) for each in limits))


def _exact(rate: Rate, target: float) -> Place:
    """By the binomial itself: limits between two counts lie a little below the upper count they allow."""
    met, of = rate.numerator, rate.denominator
    if binom.cdf(met, of, target) <= ACTION_TAIL:
        return "below"
    return "above" if binom.sf(met - 1, of, target) <= ACTION_TAIL else "within"


def _beside(rate: Rate, limits: Limits) -> Place:
    ratio = rate.numerator / rate.denominator
    return "below" if ratio < limits.low else "above" if ratio > limits.high else "within"
