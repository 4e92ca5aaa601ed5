"""What may be assumed of the unseen between the hard bounds, and what the rate then is (§5.4)."""

from typing import NamedTuple

from models.outcomes.counts.bounds import Bounds
from models.outcomes.counts.tally import Tally


class Assumption(NamedTuple):
    """The share of the unseen taken to have reached the outcome, and the rate of everyone that follows."""

    of_missing: float
    ratio: float


def odds_ratio(tally: Tally, odds: float) -> Assumption | None:
    """The rate if the odds of the outcome among the unseen are `odds` times those among the seen.

    At 1 the unseen did as the seen, at 0 none of them did (the count of `non_responder`). White, Higgins and
    Wood 2008: the informative missingness odds ratio. `None` where nobody was seen or nobody is counted.
    Raises `ValueError` for negative odds.
    """
    if odds < 0:
        raise ValueError(f"an odds ratio is 0 or more; got {odds}")
    if not tally.observed:
        return None
    seen = tally.met / tally.observed
    of_missing = float(odds > 0) if seen == 1 else odds * seen / (1 - seen + odds * seen)
    return Assumption(of_missing, (tally.met + of_missing * tally.missing) / tally.counted)


def identified(limits: Bounds) -> tuple[float, float] | None:
    """From where to where the truth may lie, whatever became of the unseen and however chance fell.

    The interval of the worst case at its low end, of the best case at its high end. `None` of nobody.
    """
    return None if limits.low is None or limits.high is None else (limits.low, limits.high)
