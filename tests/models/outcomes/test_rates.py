"""Intervals against the table of the clinical specification §5.1 (scipy 1.17.1, statsmodels 0.15.0)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.outcomes.proportions.rates import wilson
from tests.support.drawn import drawn

WILSON = """
    x   | n   | low      | high
    0   | 10  | 0.000000 | 0.277533
    10  | 10  | 0.722467 | 1.000000
    7   | 10  | 0.396778 | 0.892209
    14  | 20  | 0.481027 | 0.854523
    17  | 24  | 0.508323 | 0.850854
    35  | 50  | 0.562496 | 0.808964
    42  | 60  | 0.574913 | 0.801018
    70  | 100 | 0.604151 | 0.781051
    140 | 200 | 0.633209 | 0.759253
    288 | 537 | 0.494027 | 0.578083
    10  | 14  | 0.453509 | 0.882786
    10  | 12  | 0.551969 | 0.953035
    10  | 18  | 0.337164 | 0.754405
    4   | 18  | 0.090009 | 0.452146
    15  | 82  | 0.114110 | 0.280122
    56  | 215 | 0.206370 | 0.322970
"""
"""§5.1, and the intervals of §3.6 and §4.3."""


@pytest.mark.parametrize("row", drawn(WILSON), ids=lambda row: f"{row['x']} of {row['n']}")
def test_the_wilson_interval_is_that_of_the_specification(row: dict[str, str]) -> None:
    rate = wilson(int(row["x"]), int(row["n"]))
    assert (rate.low, rate.high) == (
        pytest.approx(float(row["low"]), abs=1e-6),
        pytest.approx(float(row["high"]), abs=1e-6),
    )


def test_nobody_counted_is_no_rate_not_a_rate_of_nought() -> None:
    rate = wilson(0, 0)
    assert (rate.ratio, rate.low, rate.high) == (None, None, None)


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 0), (-1, 5), (6, 5)])
def test_more_met_than_counted_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="a rate counts from 0 to its denominator"):
        wilson(numerator, denominator)


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_ratio_and_stays_between_0_and_1(counts: tuple[int, int]) -> None:
    rate = wilson(*counts)
    assert rate.ratio is not None
    assert rate.low is not None
    assert rate.high is not None
    assert 0 <= rate.low <= rate.ratio <= rate.high <= 1


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_those_who_did_not_is_the_mirror_image(counts: tuple[int, int]) -> None:
    x, n = counts
    rate, mirrored = wilson(x, n), wilson(n - x, n)
    assert (rate.low, rate.high) == (pytest.approx(1 - mirrored.high), pytest.approx(1 - mirrored.low))
