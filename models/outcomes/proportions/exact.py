"""The exact binomial test of a count against the claim; shown to experts, never a verdict (§5.2)."""

from typing import NamedTuple

from scipy.stats import binom, binomtest


class ExactTest(NamedTuple):
    """p values of a count under the claim: both sides, fewer, more, and fewer with half the count itself."""

    two_sided: float
    less: float
    greater: float
    mid_p_less: float


def exact_test(numerator: int, denominator: int, claimed: float) -> ExactTest:
    """The test of x in n against the claimed rate. Raises `ValueError` where nobody is counted."""
    if not 0 <= numerator <= denominator or not denominator:
        raise ValueError(f"a test needs a count of at least one; got {numerator} of {denominator}")
    two, less, greater = (
        float(binomtest(numerator, denominator, claimed, alternative=side).pvalue)
        for side in ("two-sided", "less", "greater")
    )
    mid = float(binom.cdf(numerator, denominator, claimed) - binom.pmf(numerator, denominator, claimed) / 2)
    return ExactTest(two, less, greater, mid)
