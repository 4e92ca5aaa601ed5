"""The advertised rate, and what the clinic's own record says about it (clinical specification §5.2)."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from models.outcomes.counts.bounds import Bounds, bounds
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import Rate
from models.outcomes.question.estimand import Estimand

FEWEST_COURSES: Final = 20
"""10 of 10 would otherwise "support" 70 %: its interval starts at 0.722."""

_Z: Final = 1.959963984540054


class Verdict(StrEnum):
    """What the record says about the claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    INCONCLUSIVE = "inconclusive"
    TOO_FEW = "too_few"


class Reason(StrEnum):
    """Why a record is inconclusive."""

    MISSING = "missing"
    SAMPLING = "sampling"


class Judgement(NamedTuple):
    """A verdict and, where it is `inconclusive`, the reason; both `None` where no verdict may be given."""

    verdict: Verdict | None
    reason: Reason | None


@dataclass(frozen=True)
class Claim:
    """An advertised rate, in its own words, and where it comes from.

    Raises `ValueError` unless the rate lies between 0 and 1.
    """

    rate: float = 0.70
    words: str = "70 % of people who have received ketamine infusions have found relief"
    source: str = "As advertised; the advertisement names no source."

    def __post_init__(self) -> None:
        if not 0 < self.rate < 1:
            raise ValueError(f"a claimed rate lies between 0 and 1; got {self.rate}")


def judge(tally: Tally, estimand: Estimand, claim: Claim) -> Judgement:
    """The verdict on a claim: always judged on the bounds, whichever strategy is displayed.

    * `too_few`: fewer than 20 courses are eligible with a closed window.
    * `supported`: the low of `non_responder` reaches the claim: true even if every unseen patient failed.
    * `contradicted`: the high of `best_case` lies below the claim: true even if every unseen patient
      responded. Or at least half were observed and the high of `observed` lies below it: the claim could hold
      only if the unseen did better than the seen (by how much: `tipping_point`).
    * else `inconclusive`: `missing` if the counted rate lies below the claim and only the unseen could lift
      it, otherwise `sampling`.

    A harm has no claim to stand up to, and several courses of one patient are not independent: no verdict.
    """
    if estimand.outcome.is_harm or not estimand.first_course:
        return Judgement(None, None)
    if tally.counted < FEWEST_COURSES:
        return Judgement(Verdict.TOO_FEW, None)
    return _weigh(tally, bounds(tally, estimand.outcome), claim.rate)


def _weigh(tally: Tally, limits: Bounds, claimed: float) -> Judgement:
    if _low(limits.non_responder) >= claimed:
        return Judgement(Verdict.SUPPORTED, None)
    if _high(limits.best) < claimed or (half_seen(tally) and _high(limits.observed) < claimed):
        return Judgement(Verdict.CONTRADICTED, None)
    unseen_decide = _high(limits.non_responder) < claimed
    return Judgement(Verdict.INCONCLUSIVE, Reason.MISSING if unseen_decide else Reason.SAMPLING)


def half_seen(tally: Tally) -> bool:
    """Whether at least half of those counted were scored again: of fewer, the seen tell little."""
    return 2 * tally.observed >= tally.counted


def courses_to_tell_apart(rate: Rate, claim: Claim) -> int | None:
    """How many courses it takes, at this rate, until the interval leaves the claim outside.

    The Wilson interval excludes θ₀ once |p − θ₀| > z·√(θ₀(1−θ₀)/n), that is beyond
    n = z²·θ₀(1−θ₀)/(p − θ₀)². `None` while nobody is counted, and where the rate is the claim.
    """
    if rate.ratio is None or rate.ratio == claim.rate:
        return None
    return math.ceil(_Z**2 * claim.rate * (1 - claim.rate) / (rate.ratio - claim.rate) ** 2)


def _low(rate: Rate) -> float:
    return 0.0 if rate.low is None else rate.low


def _high(rate: Rate) -> float:
    return 1.0 if rate.high is None else rate.high
