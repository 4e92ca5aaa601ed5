"""Arrays of invented rows, and the dice thrown over them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Dice = np.random.Generator


@dataclass(frozen=True)
class Rows:
    """Arrays of one length: entry i of each belongs to row i."""

    def where(self, chosen: Flags | Ints) -> Self:
        """The rows chosen, by a flag each or by their places."""
        return type(self)(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @classmethod
    def of(cls, parts: Iterable[Self]) -> Self:
        """The rows of all these, one after another."""
        together = list(parts)
        return cls(
            *(np.concatenate([getattr(part, field.name) for part in together]) for field in fields(cls))
        )


def dealt(count: int, dice: Dice) -> Floats:
    """Numbers from 0 to 1, one a row, dealt rather than thrown: one from each of so many equal parts.

    Shares then come out as meant in a clinic of 240 as in one of 100,000.
    """
    numbers: Floats = (dice.permutation(count) + dice.random(count)) / count
    return numbers


def happens(chance: float | Floats, count: int, dice: Dice) -> Flags:
    """Whether something of this chance (one for all, or one a row) happens, for each of so many rows."""
    return dealt(count, dice) < chance


def pick(shares: Iterable[float], count: int, dice: Dice) -> Ints:
    """Places in a list whose entries have these shares, for so many rows."""
    weights = np.cumsum(list(shares))
    return np.searchsorted(weights / weights[-1], dealt(count, dice), side="right")
