"""How many courses it takes to tell a true rate from the claimed one (§5.2)."""

from enum import StrEnum
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.stats import binom

ALPHA: Final = 0.025
ENOUGH: Final = 0.80
AFTERWARDS: Final = 25
"""The exact test is saw-toothed: enough power must also hold for the next 25 sizes."""

MOST: Final = 20_000
"""Beyond as many courses nobody plans; the true rate is then too near the claim to be told from it."""


class NeverTold(StrEnum):
    """Why no number of courses is named."""

    EQUAL = "equal_to_claim"
    TOO_NEAR = "too_near_claim"
    TOO_FEW = "too_few"


def critical(courses: int, claimed: float) -> int:
    """The most successes among `courses` at which a rate of the claim or more is rejected; −1 where none is.

    One-sided exact binomial test at α = 0.025.
    """
    found = int(binom.ppf(ALPHA, courses, claimed))
    while found >= 0 and binom.cdf(found, courses, claimed) > ALPHA:
        found -= 1
    return found


def power(courses: int, true: float, claimed: float) -> float:
    """How often that test tells a true rate below the claim from it."""
    return float(binom.cdf(critical(courses, claimed), courses, true))


@lru_cache(maxsize=1024)
def courses_needed(true: float, claimed: float) -> int | NeverTold:
    """The fewest courses from which on the test has 80 % power, on either side of the claim.

    A true rate above the claim is a failure rate below the failures claimed. A rate equal to the claim is
    never told from it; one so near that it takes more than `MOST` courses is too near to plan for.
    """
    if true == claimed:
        return NeverTold.EQUAL
    if true > claimed:
        true, claimed = 1 - true, 1 - claimed
    sizes = np.arange(1, MOST + AFTERWARDS + 1)
    limits = binom.ppf(ALPHA, sizes, claimed)
    limits = np.where(binom.cdf(limits, sizes, claimed) > ALPHA, limits - 1, limits)
    strong = np.asarray(binom.cdf(limits, sizes, true) >= ENOUGH)
    lasting = np.asarray(np.lib.stride_tricks.sliding_window_view(strong, AFTERWARDS + 1).all(axis=1))
    first = int(np.argmax(lasting))
    return int(sizes[first]) if lasting[first] else NeverTold.TOO_NEAR
