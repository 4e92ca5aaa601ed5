"""What may be published of small groups without telling who they are (clinical specification §5.13).

For exports and public words, never for the treating clinician's own view. The rule is that of the United
States' Centers for Medicare & Medicaid Services: no cell of 1 to 10, nor anything it can be worked out from.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

SMALLEST: Final = 11
"""A count of 1 to 10 is not published; 0 is."""


def is_small(count: int) -> bool:
    """Whether a count tells of too few people."""
    return 0 < count < SMALLEST


def is_publishable(numerator: int, denominator: int) -> bool:
    """Whether a rate may be published with its counts: neither those met, nor the others, nor all are few."""
    return not any(is_small(count) for count in (numerator, denominator - numerator, denominator))


def withheld(row: Sequence[int]) -> tuple[bool, ...]:
    """Which cells of a row whose total is shown are withheld: small ones, and a second where one is alone.

    Alone it would be the total less the others: the next smallest that is not 0 goes with it.
    """
    hidden = [is_small(count) for count in row]
    others = [place for place, count in enumerate(row) if not hidden[place] and count]
    if sum(hidden) == 1 and others:
        hidden[min(others, key=row.__getitem__)] = True
    return tuple(hidden)


def published_percent(numerator: int, denominator: int) -> int | None:
    """A rate as it may be published, in whole per cent; `None` where it may not, or of nobody."""
    if not denominator or not is_publishable(numerator, denominator):
        return None
    return int((Decimal(100) * numerator / denominator).quantize(Decimal(1), ROUND_HALF_UP))
