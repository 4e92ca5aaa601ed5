"""Which counts of an answer may leave the clinic: none from which few people could be told (§5.13)."""

from typing import Final

from models.outcomes.answer import Answer
from models.outcomes.disclosure import is_publishable, is_small
from models.outcomes.rates import Rate
from models.outcomes.vocabulary import Missing

SEEN_ALONE: Final = (Missing.OBSERVED, Missing.COMPLETERS)


def may_publish(rate: Rate) -> bool:
    """Whether a rate may be given with its counts; a rate of nobody is none."""
    return rate.denominator > 0 and is_publishable(rate.numerator, rate.denominator)


def hides_unseen(answer: Answer) -> bool:
    """Whether how many were never scored again is withheld, and with it the bounds.

    It is where that number is small, or a small one could be worked out from it and the rate.
    """
    tally = answer.tally
    cells = [tally.missing, tally.observed, tally.met, tally.observed - tally.met]
    if answer.estimand.missing is Missing.COMPLETERS:
        cells += [
            tally.observed - tally.completers,
            tally.met - tally.completers_met,
            tally.counted - tally.completers,
        ]
    if answer.estimand.missing is Missing.LAST_CARRIED:
        cells += [tally.carried_met, tally.missing - tally.carried_met]
    return any(is_small(cell) for cell in cells)


def hides_counted(answer: Answer) -> bool:
    """Whether how many have a closed window is withheld: less the rate's own people it is the unseen."""
    return answer.estimand.missing in SEEN_ALONE and hides_unseen(answer)


def hides_flow(answer: Answer) -> bool:
    """Whether the totals before the counted are withheld: with them a small cell could be worked out."""
    few = any(is_small(cell) for cell in (*answer.counts.excluded.values(), answer.counts.pending))
    return few or hides_counted(answer)


def shown(number: int) -> str:
    """`47`, or that it is withheld."""
    return "1 to 10 (withheld)" if is_small(number) else f"{number:,}"
