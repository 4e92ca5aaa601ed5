"""Two-way tables of counts with totals, as far as they may leave the clinic (safety §6, clinical §5.13).

To hide the counts of 1 to 10 is not enough: the totals give most of them back. Here as many further counts
are hidden as it takes for nobody to tell that a hidden count is small. A count of 1 to 10 is safe when some
other table, with the same shown counts and totals and no less plausible by the rule, has at least 11 in its
place, and another at most 1. The cheapest such table is a linear program (minimum-cost flow, as in Kelly,
Golden & Assad, Networks 22, 1992); what it changes is hidden, and so the table is safe by construction.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

from models.outcomes.counts.disclosure import SMALLEST, is_small

Counts = Sequence[Sequence[int]]
Shown = tuple[tuple[int | None, ...], ...]
"""Rows of a table, the totals of the rows in the last column and those of the columns in the last row."""

_Whole = NDArray[np.int64]
_Mask = NDArray[np.bool_]

_MOVED: Final = 0.5
"""The program's answers are whole numbers; this is far from rounding."""


def suppress(counts: Counts) -> Shown | None:
    """The table with its totals as it may be shown, `None` in place of each count withheld.

    The rule, which a reader may know: a count of 1 to 10 is withheld, and others with it; where a total is
    withheld so is its whole row or column; else a 0 is shown. `None` instead of a table where only all of
    it withheld would be safe. Raises `ValueError` for a negative count, or rows of unequal length.
    """
    whole = _with_totals(counts)
    few = np.vectorize(is_small, otypes=[bool])(whole)
    hidden = _whole_lines(few)
    if hidden[-1, -1]:
        return None
    for place in np.argwhere(few):
        for value in (SMALLEST, 1):
            changed = _cheapest_change(whole, hidden, (int(place[0]), int(place[1])), value)
            if changed is None:
                return None
            hidden = _whole_lines(hidden | changed)
    if hidden[whole > 0].sum() == (whole > 0).sum() - 1:  # nothing is left but the grand total
        return None
    return tuple(
        tuple(None if hide else int(count) for count, hide in zip(row, hides, strict=True))
        for row, hides in zip(whole, hidden, strict=True)
    )


def _with_totals(counts: Counts) -> _Whole:
    inner = np.array([list(row) for row in counts], dtype=np.int64, ndmin=2)
    if (inner < 0).any():
        raise ValueError(f"a count is 0 or more; got {inner.min()}")
    rows = np.vstack([inner, inner.sum(axis=0)])
    return np.hstack([rows, rows.sum(axis=1, keepdims=True)])


def _whole_lines(hidden: _Mask) -> _Mask:
    """With a total its row or column: a 0 left standing there would say that the total is not 1."""
    return hidden | hidden[:, -1:] | hidden[-1:, :] if not hidden[-1, -1] else np.ones_like(hidden)


def _cheapest_change(whole: _Whole, hidden: _Mask, place: tuple[int, int], value: int) -> _Mask | None:
    """The counts that have to change, and so to be hidden, for one to become `value`; `None` if none can.

    Hidden counts change for nothing, shown ones at their size (little is lost with a little count), totals
    only where nothing else will do; the grand total and the zeros shown stay.
    """
    totals = np.zeros_like(hidden)
    totals[-1, :] = totals[:, -1] = True
    lowest = np.where(hidden & ~totals & (hidden[:, -1:] | hidden[-1:, :]), 0, 1)
    may_change = hidden | (whole > 0)
    may_change[-1, -1] = False
    most_down = np.where(may_change, np.maximum(whole - lowest, 0), 0)
    most_up = np.where(may_change, np.inf, 0.0)
    step = value - whole[place]
    most_up[place], most_down[place] = max(step, 0), max(-step, 0)
    least_up, least_down = np.zeros(whole.shape), np.zeros(whole.shape)
    least_up[place], least_down[place] = most_up[place], most_down[place]
    cost = np.where(hidden, 0, np.where(totals, whole[-1, -1] * whole.size, whole)).ravel()
    sums = _sums(whole.shape)
    bounds = [
        *zip(least_up.ravel(), most_up.ravel(), strict=True),
        *zip(least_down.ravel(), most_down.ravel(), strict=True),
    ]
    found = linprog(
        np.concatenate([cost, cost]),
        A_eq=hstack([sums, -sums]),
        b_eq=np.zeros(sums.shape[0]),
        bounds=bounds,
        method="highs-ds",
    )
    if not found.success:
        return None
    up, down = np.split(found.x, 2)
    return np.asarray(np.abs(up - down) > _MOVED).reshape(whole.shape)


def _sums(shape: tuple[int, ...]) -> csr_array:
    """A line for each sum in a table with totals: the counts of a row or column, less its total, are 0."""
    rows, columns = shape
    places = np.arange(rows * columns).reshape(shape)
    lines = [*places, *places.T[:-1]]
    signs = np.concatenate([np.append(np.ones(len(line) - 1), -1) for line in lines])
    starts = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    return csr_array((signs, np.concatenate(lines), starts), shape=(len(lines), places.size))
