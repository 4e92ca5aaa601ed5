"""Which counts of an answer may leave the clinic: none from which few people could be told (§5.13)."""

from typing import Final, NamedTuple

from models.outcomes.answers.answer import Answer
from models.outcomes.counts.disclosure import is_publishable, is_small, withheld
from models.outcomes.proportions.rates import Rate
from models.outcomes.question.vocabulary import Exclusion, Missing

SEEN_ALONE: Final = (Missing.OBSERVED, Missing.COMPLETERS)


def may_publish(rate: Rate) -> bool:
    """Whether a rate may be given with its counts; a rate of nobody is none."""
    return rate.denominator > 0 and is_publishable(rate.numerator, rate.denominator)


def hides_unseen(answer: Answer) -> bool:
    """Whether how many were not scored in time is withheld, and with it the bounds.

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


class Flow(NamedTuple):
    """Everybody treated and where they went, as far as it may be told; `None` is withheld."""

    treated: int | None
    eligible: int | None
    pending: int | None
    excluded: dict[Exclusion, int | None]


def flow(answer: Answer) -> Flow:
    """The flow with small cells withheld, and others where these could be worked out (`withheld`).

    The totals go as well where nothing else is left to hide behind.
    """
    counts = answer.counts
    row = [*counts.excluded.values(), counts.pending]
    hidden = withheld(row)
    told = [None if hide else cell for cell, hide in zip(row, hidden.cells, strict=True)]
    total = not (hides_counted(answer) or hidden.total)
    return Flow(
        treated=counts.treated if total else None,
        eligible=counts.eligible if total and not hidden.cells[-1] else None,
        pending=told[-1],
        excluded=dict(zip(counts.excluded, told, strict=False)),
    )


def shown(number: int | None) -> str:
    """`47`, or that it is withheld."""
    return "withheld" if number is None else f"{number:,}"
