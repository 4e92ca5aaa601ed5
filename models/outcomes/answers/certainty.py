"""How sure a count is, by every method side by side, and how many courses tell it from the claim."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from models.outcomes.answers.claim import FEWEST_COURSES
from models.outcomes.proportions.intervals import always_valid, clopper_pearson, jeffreys
from models.outcomes.proportions.posterior import PRIORS, Posterior, posterior
from models.outcomes.proportions.power import NeverTold, courses_needed
from models.outcomes.proportions.rates import Rate, wilson

METHODS: Final[Mapping[str, Callable[[int, int], Rate]]] = {
    "wilson": wilson,
    "clopper_pearson": clopper_pearson,
    "jeffreys": jeffreys,
    "always_valid": always_valid,
}


class Certainty(NamedTuple):
    """The 95 % interval by each method, the belief from each beginning, and the courses a study would need.

    `courses_needed` says why where no number of courses tells, or where the rate rests on fewer than 20,
    which is no ground to plan on.
    """

    intervals: Mapping[str, Rate]
    posteriors: tuple[Posterior, ...]
    courses_needed: int | NeverTold


def certainty(rate: Rate, claimed: float) -> Certainty | None:
    """All of one count (§5.1, §5.2, §5.3, §5.4); `None` of nobody."""
    if rate.ratio is None:
        return None
    x, n = rate.numerator, rate.denominator
    needed = courses_needed(rate.ratio, claimed) if n >= FEWEST_COURSES else NeverTold.TOO_FEW
    return Certainty(
        intervals={name: method(x, n) for name, method in METHODS.items()},
        posteriors=tuple(posterior(x, n, prior, claimed) for prior in PRIORS),
        courses_needed=needed,
    )
