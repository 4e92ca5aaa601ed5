"""Two ways a number looks better than it is: choosing the ill, and choosing the best of several scores."""

import math
from dataclasses import replace
from typing import Any, Final, NamedTuple

import narwhals as nw
from scipy.integrate import quad
from scipy.stats import norm

from models.outcomes.counts.counting import at_window
from models.outcomes.counts.population import COUNTED
from models.outcomes.derivation.engines import opened, rows_of
from models.outcomes.question.estimand import Estimand
from models.scales import Scale

OVER_WEEKS: Final = 0.6
"""The correlation of two scores of an untreated person weeks apart: assumed, lower than over days."""

VISITS: Final = 6


class ChosenIll(NamedTuple):
    """Everyone with a baseline, before the gate: how many, mean, spread and untreated fall, in points."""

    courses: int
    mean: float
    deviation: float
    fall: float


def chosen_ill(outcomes: Any, estimand: Estimand, scale: Scale) -> ChosenIll | None:
    """What the question's baseline gate makes of a mean change by choosing the ill alone (§5.9).

    `None` without a gate, with fewer than two baselines, or where all are alike.
    """
    gate = estimand.baseline_at_least
    if not gate:
        return None
    ungated = replace(estimand, baseline_at_least=None)
    courses = at_window(opened(outcomes), ungated.window, ungated).filter(
        nw.col("early") == COUNTED, ~nw.col("baseline").is_null()
    )
    score = nw.col("baseline").cast(nw.Int64)
    found = rows_of(courses.select(n=nw.len(), total=score.sum(), squares=(score * score).sum()))[0]
    n, total = int(found["n"]), int(found["total"] or 0)
    # in whole numbers: a mean of floats has other last digits in another order of the rows
    spread = n * int(found["squares"] or 0) - total**2
    if not spread:
        return None
    point = 10**scale.decimals
    mean, deviation = total / (n * point), math.sqrt(spread / (n * (n - 1))) / point
    fall = regression_to_the_mean(mean, deviation, OVER_WEEKS, (gate - 0.5) / point)
    return ChosenIll(n, mean, deviation, fall)


def regression_to_the_mean(mean: float, deviation: float, correlation: float, cut: float) -> float:
    """How far a group chosen for a baseline above `cut` falls on average without any treatment, in points.

    (1 − ρ)·σ·φ(u)/(1 − Φ(u)) with u = (c − μ)/σ: Davis 1976. `correlation` is that of two scores of one
    untreated person over the time between them. Raises `ValueError` for one outside 0 to 1, and for a
    `deviation` that is not above 0. Clinical specification §5.9.
    """
    if deviation <= 0 or not 0 <= correlation <= 1:
        raise ValueError(f"a deviation above 0 and a correlation of 0 to 1; got {deviation}, {correlation}")
    above = (cut - mean) / deviation
    return float((1 - correlation) * deviation * norm.pdf(above) / norm.sf(above))


def at_least_once(chance: float, visits: int, correlation: float) -> float:
    """How often somebody who meets an outcome at any one visit with this chance meets it at one of several.

    Visits share a normal trait with the given correlation; integrated over it. At 40 %, six visits and a
    correlation of 0.8: 63 %. "Ever responded" counts this. Raises `ValueError` for a chance outside
    0 to 1, a correlation outside 0 to below 1, and no visit. Clinical specification §5.12.
    """
    if not 0 <= chance <= 1 or visits < 1 or not 0 <= correlation < 1:
        raise ValueError(
            f"a chance, some visits, a correlation below 1; got {chance}, {visits}, {correlation}"
        )
    threshold, shared, own = norm.ppf(chance), correlation**0.5, (1 - correlation) ** 0.5

    def never(trait: float) -> float:
        return float(norm.pdf(trait) * norm.sf((threshold - shared * trait) / own) ** visits)

    return 1 - float(quad(never, -8, 8, epsabs=1e-9)[0])
