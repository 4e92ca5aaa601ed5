"""Nobody who reads a table with its totals can tell that a count withheld is of 1 to 10 people."""

from collections.abc import Iterator
from math import inf
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from models.exchange.leaving.suppression import Shown, suppress

COUNTS = st.one_of(st.just(0), st.integers(1, 10), st.integers(11, 20), st.integers(11, 300))
TABLES = st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(COUNTS, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


class Attacker:
    """Knows every count and total shown, and the rule, and asks a linear program what each other may be.

    The unknowns are the people in the cells; a total is a sum of them. By the rule a cell withheld whose row
    and column totals are shown is not 0, and neither is a total withheld.
    """

    def __init__(self, shown: Shown) -> None:
        self.rows, self.columns = len(shown) - 1, len(shown[0]) - 1
        self.bounds: list[tuple[int, int | None]] = []
        self.known: list[tuple[list[float], int]] = []
        self.not_zero: list[list[float]] = []
        for row in range(self.rows):
            for column in range(self.columns):
                count = shown[row][column]
                totals = shown[row][-1], shown[-1][column]
                self.bounds.append((int(None not in totals), None) if count is None else (count, count))
        for row, column in [
            *((row, self.columns) for row in range(self.rows + 1)),
            *((self.rows, column) for column in range(self.columns)),
        ]:
            total = shown[row][column]
            if total is None:
                self.not_zero.append([-each for each in self.summed(row, column)])
            else:
                self.known.append((self.summed(row, column), total))

    def summed(self, row: int, column: int) -> list[float]:
        """The cells a place of the table is the sum of."""
        return [
            float(row in (self.rows, one) and column in (self.columns, other))
            for one in range(self.rows)
            for other in range(self.columns)
        ]

    def interval(self, row: int, column: int) -> tuple[float, float]:
        """The least and the most there may be in a place."""
        summed = self.summed(row, column)
        least = self._least(summed)
        most = self._least([-each for each in summed])
        assert least is not None
        return least, inf if most is None else -most

    def _least(self, objective: list[float]) -> float | None:
        found = linprog(
            objective,
            A_ub=self.not_zero or None,
            b_ub=[-1] * len(self.not_zero) or None,
            A_eq=[summed for summed, _ in self.known] or None,
            b_eq=[total for _, total in self.known] or None,
            bounds=self.bounds,
        )
        assert found.status in {0, 3}, found.message
        return None if found.status == 3 else float(found.fun)


class Cell(NamedTuple):
    place: tuple[int, int]
    true: int
    shown: int | None


def cells(counts: list[list[int]], shown: Shown) -> Iterator[Cell]:
    """Every count and total, as it is and as it is shown."""
    columns = [*map(list, zip(*counts, strict=True))]
    totals = [*map(sum, columns), sum(map(sum, columns))]
    whole = [*([*row, sum(row)] for row in counts), totals]
    for row, (true, told) in enumerate(zip(whole, shown, strict=True)):
        for column, pair in enumerate(zip(true, told, strict=True)):
            yield Cell((row, column), *pair)


@given(TABLES)
@example([[12, 30, 4, 54], [40, 40, 40, 40]])
@example([[4, 3, 4], [61, 43, 44], [7, 2, 2]])
@example([[1, 0, 30], [0, 1, 30], [30, 30, 0]])
@settings(max_examples=100, deadline=None)
def test_of_a_small_count_nobody_can_tell_more_than_that_it_is_1_to_11_or_more(
    counts: list[list[int]],
) -> None:
    shown = suppress(counts)
    if shown is None:
        assert any(0 < count < 11 for row in counts for count in row)
        return
    assert shown[-1][-1] is not None
    attacker = Attacker(shown)
    for cell in cells(counts, shown):
        if cell.shown is not None:
            assert cell.shown == cell.true
        if 0 < cell.true < 11:
            assert cell.shown is None
            least, most = attacker.interval(*cell.place)
            assert least <= 1 + 1e-6
            assert most >= 11 - 1e-6


@given(TABLES)
@settings(max_examples=100, deadline=None)
def test_the_rule_a_reader_is_told_is_the_rule(counts: list[list[int]]) -> None:
    shown = suppress(counts)
    if shown is None:
        return
    for cell in cells(counts, shown):
        totals = shown[cell.place[0]][-1], shown[-1][cell.place[1]]
        if cell.shown is None:
            assert cell.true > 0 or None in totals
        else:
            assert None not in totals


def test_the_attacker_works_out_a_small_count_that_is_hidden_alone() -> None:
    alone: Any = ((12, 30, None, 54, 100), (40, 40, 40, 40, 160), (52, 70, 44, 94, 260))
    assert Attacker(alone).interval(0, 2) == (4, 4)


def test_the_smallest_other_goes_with_it_as_in_5_13_and_in_another_row_too() -> None:
    assert suppress([[12, 30, 4, 54], [40, 41, 42, 43]]) == (
        (None, 30, None, 54, 100),
        (None, 41, None, 43, 166),
        (52, 71, 46, 97, 266),
    )


def test_a_table_without_small_counts_is_shown_whole_with_its_zeros() -> None:
    assert suppress([[11, 0], [25, 40]]) == ((11, 0, 11), (25, 40, 65), (36, 40, 76))
    assert suppress([[0, 0]]) == ((0, 0, 0), (0, 0, 0))


@pytest.mark.parametrize("counts", [[[3, 4]], [[10]], [[5, 0], [0, 7]], [[0, 2], [2, 0]], [[1, 0], [0, 10]]])
def test_a_table_of_few_people_is_withheld_whole(counts: list[list[int]]) -> None:
    assert suppress(counts) is None


def test_a_small_total_goes_with_its_whole_row() -> None:
    shown = suppress([[3, 0, 2], [40, 50, 60], [45, 55, 65]])
    assert shown is not None
    assert shown[0] == (None, None, None, None)


def test_two_small_counts_that_only_add_up_are_not_enough() -> None:
    """4 and 5 hidden together say that each is at most 8: a third count goes with them."""
    shown = suppress([[4, 5, 30], [50, 60, 70]])
    assert shown is not None
    assert shown[0][:3] == (None, None, None)


def test_a_count_is_never_negative() -> None:
    with pytest.raises(ValueError, match="a count is 0 or more; got -1"):
        suppress([[12, -1]])


def test_rows_are_of_one_length() -> None:
    with pytest.raises(ValueError, match="inhomogeneous"):
        suppress([[12, 30], [40]])


def test_most_tables_keep_most_of_what_they_say() -> None:
    """Of 100 drawn tables of 4 by 3: at most four further counts are withheld, in the median."""
    dice = np.random.default_rng(7)
    further = []
    for _ in range(100):
        counts = dice.poisson(dice.gamma(1.2, 25, size=(4, 3))).tolist()
        shown = suppress(counts)
        assert shown is not None
        further.append(sum(cell.shown is None and cell.true > 10 for cell in cells(counts, shown)))
    assert np.median(further) <= 4
