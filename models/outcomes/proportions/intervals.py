"""Other intervals around a proportion than Wilson's, for whoever asks how much the method matters."""

import math
from functools import lru_cache
from typing import Final

from scipy.optimize import brentq
from scipy.special import betaln
from statsmodels.stats.proportion import proportion_confint

from models.outcomes.proportions.rates import Rate, refuse_uncountable

ALPHA: Final = 0.05


@lru_cache(maxsize=4096)
def clopper_pearson(numerator: int, denominator: int) -> Rate:
    """The rate with its exact 95 % interval: no true proportion is ever covered less often than that.

    Beta quantiles at α/2 and 1 − α/2; 0 and 1 at the ends. Wider than need be, most of all at small n.
    """
    return _by("beta", numerator, denominator)


@lru_cache(maxsize=4096)
def jeffreys(numerator: int, denominator: int) -> Rate:
    """The rate with its 95 % Jeffreys interval: the middle of Beta(x + ½, n − x + ½), 0 and 1 at the ends."""
    return _by("jeffreys", numerator, denominator)


@lru_cache(maxsize=4096)
def always_valid(numerator: int, denominator: int) -> Rate:
    """The rate with an interval that may be looked at after every patient and still errs in at most 5 %.

    A fixed interval is right for one look planned beforehand; a clinic looks every month. This one holds at
    every sample size at once (a uniform beta–binomial mixture and Ville's inequality): all θ with
    B(1 + x, 1 + n − x) ≤ 20 · θˣ(1 − θ)ⁿ⁻ˣ. Wider than Wilson's, which is the price of looking.
    """
    refuse_uncountable(numerator, denominator)
    if not denominator:
        return Rate(numerator, denominator, None, None)
    ratio, evidence = numerator / denominator, betaln(1 + numerator, 1 + denominator - numerator)

    def excess(theta: float) -> float:
        met = numerator * math.log(theta) if numerator else 0.0
        unmet = (denominator - numerator) * math.log1p(-theta) if numerator < denominator else 0.0
        return float(met + unmet - math.log(ALPHA) - evidence)

    low = 0.0 if not numerator else float(brentq(excess, 1e-300, ratio, xtol=1e-15))
    high = 1.0 if numerator == denominator else float(brentq(excess, ratio or 1e-300, 1 - 1e-15, xtol=1e-15))
    return Rate(numerator, denominator, low, high)


def _by(method: str, numerator: int, denominator: int) -> Rate:
    refuse_uncountable(numerator, denominator)
    if not denominator:
        return Rate(numerator, denominator, None, None)
    low, high = proportion_confint(numerator, denominator, alpha=ALPHA, method=method)
    return Rate(
        numerator,
        denominator,
        low=0.0 if numerator == 0 else float(low),
        high=1.0 if numerator == denominator else float(high),
    )
