"""What the unseen could do to a rate: the hard limits, and where the claim would tip."""

import math
from fractions import Fraction
from typing import NamedTuple

from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.vocabulary import Missing, Outcome


class Bounds(NamedTuple):
    """The same courses counted four ways; a verdict rests on these, whichever of them is displayed.

    `worst` and `best` are Manski's bounds: no assumption about the unseen can carry the rate beyond them.
    """

    non_responder: Rate
    observed: Rate
    worst: Rate
    best: Rate

    @property
    def low(self) -> float | None:
        """The lower end of what can be true: the interval's low at the lowest bound."""
        return min((rate.low for rate in (self.worst, self.best) if rate.low is not None), default=None)

    @property
    def high(self) -> float | None:
        """The upper end of what can be true: the interval's high at the highest bound."""
        return max((rate.high for rate in (self.worst, self.best) if rate.high is not None), default=None)


def bounds(tally: Tally, outcome: Outcome) -> Bounds:
    """The bounds of one tally. Clinical specification §5.4."""
    ways = (Missing.NON_RESPONDER, Missing.OBSERVED, Missing.WORST_CASE, Missing.BEST_CASE)
    return Bounds(*(wilson(*tally.fraction(way, outcome)) for way in ways))


def tipping_point(tally: Tally, claimed: float) -> float | None:
    """The share of the unseen who would have to have reached the outcome for the whole to reach the claim.

    (θ₀·n − x) / (n − m), with n counted, m of them observed and x of those met. Above 1 even everybody would
    not be enough; at 0 or below the seen reach it alone. `None` when nobody is unseen. Clinical
    specification §5.4.
    """
    if not tally.missing:
        return None
    return float(_lacking(tally, claimed) / tally.missing)


def needed_of_missing(tally: Tally, claimed: float) -> int:
    """The same as people: how many more of the unseen the claim needs; never below 0."""
    return max(0, math.ceil(_lacking(tally, claimed)))


def _lacking(tally: Tally, claimed: float) -> Fraction:
    # as it was written: 0.7 is seven tenths, not the float a little below it
    return Fraction(str(claimed)) * tally.counted - tally.met
