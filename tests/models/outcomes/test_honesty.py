"""Assumptions on the unseen, selection, small cells, early response, funnels: §5.4, 5.5, 5.9, 5.11–5.13."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.outcomes.counts.bounds import bounds, needed_of_missing, tipping_point
from models.outcomes.counts.disclosure import is_publishable, withheld
from models.outcomes.counts.early_response import early_response
from models.outcomes.counts.selection import at_least_once, regression_to_the_mean
from models.outcomes.counts.sensitivity import identified, odds_ratio
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.funnel import (
    ACTION_TAIL,
    additive_limits,
    exact_limits,
    multiplicative_limits,
    shrunken,
    spread,
)
from models.outcomes.question.vocabulary import Missing, Outcome


def seen(n: int, m: int, x: int) -> Tally:
    """n counted, m of them observed, x of those responders."""
    return Tally(m, x, m, x, n - m, 0, 0)


@pytest.mark.conformance(
    figures="hard bounds of the records of McInnes and Sakurai",
    source="McInnes 2022, Sakurai 2020; §5.4",
)
@pytest.mark.parametrize(
    ("n", "m", "x", "observed", "none", "all_of_them"),
    [
        (100, 60, 42, 0.70, 0.42, 0.82),
        (9016, 537, 288, 0.536313, 0.031943, 0.972382),  # McInnes 2022
        (85, 82, 15, 0.182927, 0.176471, 0.211765),  # Sakurai 2020
    ],
)
def test_the_bounds_of_three_records(
    n: int, m: int, x: int, observed: float, none: float, all_of_them: float
) -> None:
    found = bounds(seen(n, m, x), Outcome.RESPONSE)
    ratios = (found.observed.ratio, found.non_responder.ratio, found.best.ratio)
    assert ratios == pytest.approx((observed, none, all_of_them), abs=1e-6)


def test_the_identified_set_has_an_interval_at_each_end() -> None:
    assert identified(bounds(seen(100, 60, 42), Outcome.RESPONSE)) == pytest.approx(
        (0.327984, 0.882998), abs=1e-6
    )
    assert identified(bounds(seen(0, 0, 0), Outcome.RESPONSE)) is None


def test_the_tipping_point() -> None:
    assert tipping_point(seen(100, 60, 42), 0.7) == pytest.approx(0.70)
    assert tipping_point(seen(100, 60, 33), 0.7) == pytest.approx(0.925)
    assert needed_of_missing(seen(100, 60, 33), 0.7) == 37


@pytest.mark.conformance(
    figures="5 rates by odds of the unseen",
    source="White, Higgins and Wood 2008; §5.4",
)
@pytest.mark.parametrize(
    ("odds", "of_missing", "overall"),
    [
        (1, 0.7, 0.700000),
        (0.75, 0.636364, 0.674545),
        (0.5, 0.538462, 0.635385),
        (0.25, 0.368421, 0.567368),
        (0, 0, 0.420000),
    ],
)
def test_the_odds_of_the_unseen(odds: float, of_missing: float, overall: float) -> None:
    assert odds_ratio(seen(100, 60, 42), odds) == pytest.approx((of_missing, overall), abs=1e-6)


def test_odds_of_nobody_seen_say_nothing_and_negative_ones_are_refused() -> None:
    assert odds_ratio(seen(10, 0, 0), 1) is None
    assert odds_ratio(seen(10, 5, 5), 0.5) == (1, 1)
    with pytest.raises(ValueError, match="got -1"):
        odds_ratio(seen(10, 5, 3), -1)


@given(st.integers(1, 200), st.integers(0, 200), st.data())
def test_odds_of_one_are_the_seen_and_of_none_the_count(m: int, missing: int, data: st.DataObject) -> None:
    tally = seen(m + missing, m, data.draw(st.integers(0, m)))
    as_seen, none = odds_ratio(tally, 1), odds_ratio(tally, 0)
    assert as_seen is not None
    assert none is not None
    x, n = tally.fraction(Missing.NON_RESPONDER, Outcome.RESPONSE)
    assert as_seen.ratio == pytest.approx(tally.met / tally.observed)
    assert none.ratio == pytest.approx(x / n)


@pytest.mark.conformance(
    figures="6 falls by regression to the mean",
    source="Davis 1976; §5.9",
)
@pytest.mark.parametrize(
    ("mean", "deviation", "correlation", "cut", "fall"),
    [
        (15, 5.5, 0.84, 9.5, 0.253088),
        (15, 5.5, 0.84, 19.5, 1.215747),
        (12, 6, 0.84, 19.5, 1.659664),
        (12, 6, 0.60, 19.5, 4.149160),
        (18.5, 5, 0.6, 9.5, 0.163785),
        (18.5, 5, 0.6, 19.5, 1.858832),
    ],
)
def test_the_fall_of_a_chosen_group_without_treatment(
    mean: float, deviation: float, correlation: float, cut: float, fall: float
) -> None:
    assert regression_to_the_mean(mean, deviation, correlation, cut) == pytest.approx(fall, abs=1e-6)


@pytest.mark.conformance(
    figures="4 chances of ever responding",
    source="200,000 simulations (§5.12)",
)
@pytest.mark.parametrize(("correlation", "ever"), [(0, 0.953), (0.5, 0.776), (0.8, 0.630), (0.9, 0.559)])
def test_ever_is_more_than_once(correlation: float, ever: float) -> None:
    assert at_least_once(0.4, 6, correlation) == pytest.approx(ever, abs=0.003)  # simulated, 200,000 draws


def test_impossible_selections_are_refused() -> None:
    with pytest.raises(ValueError, match=r"got 0, 0\.5"):
        regression_to_the_mean(10, 0, 0.5, 9)
    with pytest.raises(ValueError, match=r"got 0\.4, 0"):
        at_least_once(0.4, 0, 0.5)


@pytest.mark.parametrize(
    ("x", "n", "may"), [(7, 10, False), (0, 40, True), (35, 50, True), (45, 50, False), (11, 22, True)]
)
def test_which_rates_may_be_published(x: int, n: int, *, may: bool) -> None:
    assert is_publishable(x, n) is may


def hidden(*row: int) -> list[int]:
    return [count for count, gone in zip(row, withheld(row).cells, strict=True) if gone]


def test_a_small_cell_takes_a_second_one_with_it() -> None:
    assert withheld([12, 30, 4, 54]) == ((True, False, True, False), False)
    assert withheld([12, 30, 0, 54]) == ((False, False, False, False), False)


def test_small_cells_whose_sum_is_small_take_another_with_them() -> None:
    assert hidden(6, 7, 54) == [6, 7]  # 13 together
    assert hidden(4, 3, 54, 60) == [4, 3, 54]  # the total less 114 would be 7
    assert hidden(0, 4, 0) == [4]
    assert withheld([4, 3, 0]).total
    assert withheld([4]).total
    assert not withheld([0, 0]).total


def test_cells_that_are_alike_are_withheld_together_or_not_at_all() -> None:
    """Of 11, 11 and 10 the first alone would go: whoever knows that knows which of the two hidden is 10."""
    assert hidden(11, 11, 10, 12) == [11, 11, 10]
    assert hidden(12, 10, 10) == [12, 10, 10]  # two of at most 10 that make 20 are 10 each
    assert hidden(*[1] * 11, 40) == [*[1] * 11, 40]  # and eleven of at least 1 that make 11 are 1 each


Told = tuple[tuple[int | None, ...], int | None]


def told(row: Sequence[int]) -> Told:
    """What the public reads of a row and its total."""
    found = withheld(row)
    cells = tuple(None if gone else count for count, gone in zip(row, found.cells, strict=True))
    return cells, None if found.total else sum(row)


def other_rows(row: Sequence[int], place: int) -> Iterator[Sequence[int]]:
    """Rows with another number in one place: of the same total, or of any."""
    yield [min(count, 1) for count in row]
    for change in range(-row[place] - 80, 81):
        changed = [*row]
        changed[place] += change
        if change and changed[place] >= 0:
            yield changed
            for other in set(range(len(row))) - {place}:
                if changed[other] >= change:
                    yield [count - change * (at == other) for at, count in enumerate(changed)]


@given(st.lists(st.integers(0, 13) | st.integers(0, 80), min_size=1, max_size=6))
def test_nobody_who_knows_the_rule_and_the_total_finds_a_hidden_cell_or_a_small_sum(row: list[int]) -> None:
    public, rule = told(row), withheld(row)
    assert all(count > 10 or gone or not count for count, gone in zip(row, rule.cells, strict=True))
    for place, gone in enumerate(rule.cells):
        if gone:
            others = (other for other in other_rows(row, place) if other[place] != row[place])
            assert any(told(other) == public for other in others), place
    if public[1] is not None:
        left = public[1] - sum(count or 0 for count in public[0])
        assert not 0 < left <= 10


@pytest.mark.conformance(
    figures="early response of Bio-K: 7 measures",
    source="Parikh 2023; scipy 1.17.1 (§5.11)",
)
def test_early_response_of_bio_k() -> None:
    found = early_response(22, 11, 16, 24)  # Parikh 2023, after infusion 1 to remission after 3
    expected = (0.578947, 0.685714, 0.666667, 0.600000, 1.842105, 0.614035, 0.034044)
    assert found == pytest.approx(expected, abs=1e-6)
    with pytest.raises(ValueError, match="got 0 0 1 2"):
        early_response(0, 0, 1, 2)


LIMITS = [
    # n, 99.8 % low, 95 % low, 95 % high, 99.8 % high, normal 95 % (§5.5, target 0.70)
    (10, 0.159191, 0.339198, 0.911497, 0.996460, (0.415974, 0.984026)),
    (20, 0.336300, 0.462745, 0.868823, 0.948523, (0.499163, 0.900837)),
    (30, 0.408315, 0.511627, 0.841579, 0.920605, (0.536018, 0.863982)),
    (50, 0.480930, 0.559864, 0.813861, 0.876870, (0.572980, 0.827020)),
    (100, 0.548437, 0.603088, 0.783098, 0.829739, (0.610183, 0.789817)),
    (200, 0.594895, 0.632959, 0.759969, 0.794477, (0.636490, 0.763510)),
]


@pytest.mark.conformance(
    figures="exact and normal funnel limits at 6 sizes",
    source="Spiegelhalter 2005; §5.5",
)
@pytest.mark.parametrize(("n", "action_low", "low", "high", "action_high", "normal"), LIMITS)
def test_the_limits_of_a_funnel(
    n: int, action_low: float, low: float, high: float, action_high: float, normal: tuple[float, float]
) -> None:
    assert exact_limits(n, 0.7) == pytest.approx((low, high), abs=1e-6)
    assert exact_limits(n, 0.7, ACTION_TAIL) == pytest.approx((action_low, action_high), abs=1e-6)
    assert additive_limits(n, 0.7, 0) == pytest.approx(normal, abs=1e-6)


UNITS = [(18, 30), (25, 30), (10, 25), (30, 40), (22, 40), (12, 15), (35, 60), (20, 22)]


@pytest.mark.conformance(
    figures="overdispersion of 8 units",
    source="Spiegelhalter 2005; §5.5",
)
def test_how_much_eight_units_differ_beyond_chance() -> None:
    found = spread(UNITS, 0.7)
    z = (-1.195229, 1.593638, -3.273268, 0.690066, -2.070197, 0.845154, -1.972027, 2.140114)
    assert found.scores == pytest.approx(z, abs=1e-6)
    assert (found.raw, found.phi, found.tau_squared) == pytest.approx(
        (3.578463, 2.791595, 0.014369075), abs=1e-6
    )
    assert additive_limits(25, 0.7, 0) == pytest.approx((0.520366, 0.879634), abs=1e-6)
    assert additive_limits(25, 0.7, found.tau_squared) == pytest.approx((0.404253, 0.995747), abs=1e-6)
    assert multiplicative_limits(25, 0.7, found.phi) == pytest.approx((0.399867, 1.000133), abs=1e-6)
    with pytest.raises(ValueError, match="got 7"):
        spread(UNITS[:7], 0.7)


def test_a_units_rate_drawn_towards_that_of_all() -> None:
    pooled = 172 / 262
    drawn = [shrunken(x, n, pooled) for x, n in ((18, 30), (10, 25), (20, 22))]
    assert drawn == pytest.approx([0.622595, 0.513995, 0.788804], abs=1e-6)
