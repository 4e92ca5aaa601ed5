"""What to believe of the true rate after the counts, starting from what one believed before (§5.3)."""

from typing import Final, NamedTuple

from scipy.stats import beta

from models.outcomes.proportions.rates import refuse_uncountable


class Prior(NamedTuple):
    """What is believed before any count: a Beta(a, b), and its name."""

    name: str
    a: float
    b: float


UNIFORM: Final = Prior("uniform", 1, 1)
JEFFREYS: Final = Prior("Jeffreys", 0.5, 0.5)
SCEPTICAL: Final = Prior("sceptical", 9, 11)
"""Mean 0.45 with the weight of 20 courses: the pooled real-world rate (Alnefeesi 2022), down-weighted."""

PRIORS: Final = (UNIFORM, JEFFREYS, SCEPTICAL)


class Posterior(NamedTuple):
    """The belief after the counts: mean, middle 95 %, and how probable a rate of the claim or more is."""

    prior: Prior
    mean: float
    low: float
    high: float
    claim_or_more: float


def posterior(numerator: int, denominator: int, prior: Prior, claimed: float) -> Posterior:
    """Beta(a + x, b + n − x). Raises `ValueError` unless 0 ≤ x ≤ n.

    At an observed rate equal to the claim the probability is near a half by construction: a coin flip.
    """
    refuse_uncountable(numerator, denominator)
    a, b = prior.a + numerator, prior.b + denominator - numerator
    low, high = beta.ppf([0.025, 0.975], a, b)
    return Posterior(prior, a / (a + b), float(low), float(high), float(beta.sf(claimed, a, b)))
