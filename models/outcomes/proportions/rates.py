"""A rate never travels bare: counts, and a Wilson interval around their quotient."""

from functools import lru_cache
from typing import NamedTuple


class Rate(NamedTuple):
    """A proportion that never travels without its counts or its interval.

    `low` and `high` bound the rate with 95 % confidence. While nobody has been counted they, and `ratio`, are
    `None`: no rate is known, which is not a rate of 0 %.
    """

    numerator: int
    denominator: int
    low: float | None
    high: float | None

    @property
    def ratio(self) -> float | None:
        """The quotient, never rounded."""
        return self.numerator / self.denominator if self.denominator else None


def refuse_uncountable(numerator: int, denominator: int) -> None:
    """`ValueError` unless 0 ≤ numerator ≤ denominator."""
    if not 0 <= numerator <= denominator:
        raise ValueError(f"a rate counts from 0 to its denominator; got {numerator} of {denominator}")


@lru_cache(maxsize=8192)
def wilson(numerator: int, denominator: int) -> Rate:
    """The rate of `numerator` in `denominator` with its 95 % Wilson score interval.

    The interval holds every true proportion p from which the observed one lies less than z = 1.959964
    standard errors √(p(1−p)/n) away: centre (x + z²/2)/(n + z²), half-width z/(n + z²) · √(x(n−x)/n + z²/4).
    It stays inside 0 and 1, and is honest at small n and at 0 % and 100 %, where the textbook (Wald) interval
    is empty. Wilson 1927; Newcombe 1998; Brown, Cai and DasGupta 2001. Clinical specification §5.1.

    Raises `ValueError` unless 0 ≤ numerator ≤ denominator.
    """
    refuse_uncountable(numerator, denominator)
    if not denominator:
        return Rate(numerator, denominator, None, None)
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - a program that only saves starts in half the time

    low, high = proportion_confint(numerator, denominator, alpha=0.05, method="wilson")
    # exactly 0 and 1 at the ends, where floating point may stop a hair short
    return Rate(
        numerator,
        denominator,
        low=0.0 if numerator == 0 else float(low),
        high=1.0 if numerator == denominator else float(high),
    )
