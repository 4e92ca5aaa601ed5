"""What a rate is made of: the people counted, by whether they were scored and how they count."""

from typing import NamedTuple

from models.outcomes.counts.tally import Tally
from models.outcomes.question.vocabulary import Missing, Outcome


class Parts(NamedTuple):
    """The people of one rate; their sum is its denominator.

    `assumed` were not scored and count as met all the same: a best case, or a score carried forward.
    """

    met: int
    assumed: int
    not_met: int
    unseen: int


def parts_of(tally: Tally, missing: Missing, outcome: Outcome) -> Parts:
    """The parts of the rate a tally gives under one strategy for missing scores."""
    reached, counted = tally.fraction(missing, outcome)
    if missing in (Missing.OBSERVED, Missing.COMPLETERS):
        return Parts(reached, 0, counted - reached, 0)
    assumed = reached - tally.met
    return Parts(tally.met, assumed, tally.observed - tally.met, tally.missing - assumed)
