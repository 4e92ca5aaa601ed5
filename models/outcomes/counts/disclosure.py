"""What may be published of small groups without telling who they are (clinical specification §5.13).

For exports and public words, never for the treating clinician's own view. The rule is that of the United
States' Centers for Medicare & Medicaid Services: no cell of 1 to 10, nor anything it can be worked out from.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

SMALLEST: Final = 11
"""A count of 1 to 10 is not published; 0 is."""


def is_small(count: int) -> bool:
    """Whether a count tells of too few people."""
    return 0 < count < SMALLEST


def is_publishable(numerator: int, denominator: int) -> bool:
    """Whether a rate may be published with its counts: neither those met, nor the others, nor all are few."""
    return not any(is_small(count) for count in (numerator, denominator - numerator, denominator))


class Withheld(NamedTuple):
    """Which cells of a row are withheld, and whether their total is too."""

    cells: tuple[bool, ...]
    total: bool


def withheld(row: Sequence[int]) -> Withheld:
    """What of a row and its total is withheld so that no small number can be worked out from the rest.

    Small cells are, and where they do not hide one another the next smallest with them, until what is
    withheld together is not small either. Of cells that are alike all are withheld or none: the choice then
    does not depend on the order of the row, and who knows this rule cannot tell which hidden cell is which.
    The total goes too where no other cell is left to hide behind. A cell of 0 is always shown.
    """
    hidden = [is_small(count) for count in row]
    while any(hidden) and not _hide_each_other(
        [count for count, gone in zip(row, hidden, strict=True) if gone]
    ):
        others = [count for count, gone in zip(row, hidden, strict=True) if count and not gone]
        if not others:
            return Withheld(tuple(hidden), total=True)
        hidden = [gone or count == min(others) for count, gone in zip(row, hidden, strict=True)]
    return Withheld(tuple(hidden), total=False)


def _hide_each_other(cells: Sequence[int]) -> bool:
    """Whether their sum tells none of these cells, nor is small: alike at either end they have no other."""
    ends = ({1}, {SMALLEST - 1})
    return len(cells) > 1 and sum(cells) >= SMALLEST and set(cells) not in ends
