"""Numbers as they are written on screen, and the law that rounding never carries one across the claim."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import words
from dashboard.charts.words import Rounding
from models.outcomes.proportions.rates import Rate, wilson

WHOLE = Rounding(0.7)
TENTHS = Rounding(0.7, 1)


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("ratio", "rounding", "written"),
    [
        (71 / 168, WHOLE, "42 %"),
        (0.425, WHOLE, "43 %"),
        (0.0, WHOLE, "0 %"),
        (1.0, WHOLE, "100 %"),
        (1 / 300, WHOLE, "under 1 %"),
        (299 / 300, WHOLE, "over 99 %"),
        (1 / 300, TENTHS, "0.3 %"),
        (0.696, WHOLE, "69 %"),
        (0.696, TENTHS, "69.6 %"),
        (0.6997, TENTHS, "69.9 %"),
        (0.7, TENTHS, "70.0 %"),
        (0.7004, TENTHS, "70.1 %"),
        (0.7004, WHOLE, "71 %"),
    ],
)
def test_a_percentage_stays_on_its_side_of_the_claim(ratio: float, rounding: Rounding, written: str) -> None:
    assert spaced(rounding.percent(ratio)) == written


@pytest.mark.parametrize(
    ("claim", "numerator", "denominator", "decimals"),
    [(0.7, 71, 168, 0), (0.7, 696, 1000, 1), (0.7, 35, 50, 0), (0.693, 35, 50, 1), (0.7083, 35, 50, 2)],
)
def test_a_page_shows_decimals_only_where_whole_numbers_would_mislead(
    claim: float, numerator: int, denominator: int, decimals: int
) -> None:
    known = Rate(numerator, denominator, None, None)
    assert Rounding.beside(claim, [known]).decimals == decimals


def test_an_interval_that_would_round_to_the_claim_makes_the_page_show_decimals() -> None:
    assert Rounding.beside(0.7, [Rate(60, 100, 0.5, 0.6997)]).decimals == 1


def test_nobody_counted_asks_for_no_decimals_and_is_never_a_percentage() -> None:
    nobody = wilson(0, 0)
    assert Rounding.beside(0.7, [nobody]) == WHOLE
    assert WHOLE.full(nobody) == WHOLE.interval(nobody) == "no one yet"


def test_a_rate_in_full_has_its_counts_and_its_interval() -> None:
    assert spaced(WHOLE.full(wilson(118, 212))) == "56 % (118 of 212; 95 % CI 49–62 %)"


def test_the_claim_is_written_as_it_was_advertised() -> None:
    assert [Rounding(claim, 1).advertised for claim in (0.7, 0.693, 0.5)] == ["70", "69.3", "50"]


@given(
    claim=st.integers(1, 99).map(lambda percent: percent / 100),
    people=st.integers(1, 200_000),
    part=st.floats(0, 1),
    decimals=st.sampled_from([0, 1]),
)
def test_rounding_never_carries_a_number_across_the_claim(
    claim: float, people: int, part: float, decimals: int
) -> None:
    ratio = round(part * people) / people
    shown, advertised = Rounding(claim, decimals).value(ratio), Decimal(str(claim)) * 100
    assert (shown > advertised) == (ratio > claim)
    assert (shown < advertised) == (ratio < claim)
    assert abs(shown - Decimal(ratio) * 100) <= Decimal(10) ** -decimals


@given(claim=st.sampled_from([0.5, 0.7]), met=st.integers(0, 3000), others=st.integers(0, 3000))
def test_whole_numbers_are_shown_exactly_when_they_keep_every_number_on_its_side(
    claim: float, met: int, others: int
) -> None:
    rate = wilson(met, met + others)
    rounding = Rounding.beside(claim, [rate])
    known = [number for number in (rate.ratio, rate.low, rate.high) if number is not None]
    halves_up = [int(Decimal(repr(number)) * 100 + Decimal("0.5")) for number in known]
    kept = all(
        (whole > claim * 100) == (n > claim) and (whole < claim * 100) == (n < claim)
        for whole, n in zip(halves_up, known, strict=True)
    )
    assert rounding.decimals == (0 if kept else 1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (words.signed(-11), "−11"),
        (words.signed(5), "+5"),
        (words.signed(0), "0"),
        (words.signed(-112, 1), "−11.2"),
        (words.on(date(2026, 6, 30)), "30 Jun 2026"),
        (words.on(date(2026, 1, 4)), "4 Jan 2026"),
        (words.at(time(9, 20)), "09:20"),
        (words.dose(0.5), "0.5 mg/kg"),
        (words.dose(0.666), "0.67 mg/kg"),
        (words.people(1), "1 person"),
        (words.people(9016), "9,016 people"),
        (words.counts(wilson(71, 168)), "71 of 168"),
        (WHOLE.span(0.351, 0.5), "35–50 %"),
    ],
)
def test_everything_is_written_one_way(written: str, expected: str) -> None:
    assert spaced(written) == expected
