"""Clinicians or sites beside one another: how far chance alone carries a rate (clinical specification §5.5).

Spiegelhalter 2005. With fewer than eight units nothing is estimated from them, and no league is ever made.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.stats import binom, norm

FEWEST_UNITS: Final = 8
WINSOR: Final = (10, 90)
WARNING_TAIL, ACTION_TAIL = 0.025, 0.001
PRIOR_WEIGHT: Final = 20


class Limits(NamedTuple):
    """The lower and upper limit of a rate."""

    low: float
    high: float


def exact_limits(courses: int, target: float, tail: float = WARNING_TAIL) -> Limits:
    """Where a unit's rate lies by chance but for a `tail` at each end; interpolated between counts.

    r is the smallest count with P(X ≤ r) > p, α = (P(X ≤ r) − p)/P(X = r), the limit (r − α)/n.
    """
    return Limits(*(_limit(courses, target, each) for each in (tail, 1 - tail)))


class Spread(NamedTuple):
    """How much the units differ beyond chance: φ after Winsorising, and the variance τ² between them."""

    scores: tuple[float, ...]
    raw: float
    phi: float
    tau_squared: float


def spread(counts: Sequence[tuple[int, int]], target: float) -> Spread:
    """Overdispersion of (met, courses) around a target. `ValueError` with fewer than eight units."""
    if len(counts) < FEWEST_UNITS:
        raise ValueError(f"differences are estimated from {FEWEST_UNITS} units or more; got {len(counts)}")
    met, of = np.array(counts, dtype=float).T
    error = np.sqrt(target * (1 - target) / of)
    scores = (met / of - target) / error
    clipped = np.clip(scores, *np.percentile(scores, WINSOR))
    phi, units, weights = float(np.mean(clipped**2)), len(counts), 1 / error**2
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    tau = max(0.0, (units * phi - (units - 1)) / scale)
    return Spread(tuple(map(float, scores)), float(np.mean(scores**2)), phi, float(tau))


def multiplicative_limits(courses: int, target: float, phi: float, tail: float = WARNING_TAIL) -> Limits:
    """Normal limits widened by √φ where the units differ more than chance."""
    reach = norm.isf(tail) * max(1.0, phi) ** 0.5 * (target * (1 - target) / courses) ** 0.5
    return Limits(float(target - reach), float(target + reach))


def additive_limits(courses: int, target: float, tau_squared: float, tail: float = WARNING_TAIL) -> Limits:
    """Normal limits with the variance between units added."""
    reach = norm.isf(tail) * (target * (1 - target) / courses + tau_squared) ** 0.5
    return Limits(float(target - reach), float(target + reach))


def shrunken(met: int, courses: int, pooled: float) -> float:
    """A unit's rate drawn towards that of all, which counts as twenty courses."""
    return (met + PRIOR_WEIGHT * pooled) / (courses + PRIOR_WEIGHT)


def _limit(courses: int, target: float, probability: float) -> float:
    count = int(binom.ppf(probability, courses, target))
    below = binom.cdf(count, courses, target)
    if below <= probability:
        count, below = count + 1, binom.cdf(count + 1, courses, target)
    return float((count - (below - probability) / binom.pmf(count, courses, target)) / courses)
