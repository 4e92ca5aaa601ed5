"""How sure a rate is, every way: each digit of §5.1 to §5.4 (scipy 1.17.1, statsmodels 0.15.0)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.outcomes.answers.certainty import certainty
from models.outcomes.proportions.exact import exact_test
from models.outcomes.proportions.intervals import always_valid, clopper_pearson, jeffreys
from models.outcomes.proportions.posterior import JEFFREYS, PRIORS, SCEPTICAL, UNIFORM, posterior
from models.outcomes.proportions.power import NeverTold, courses_needed, critical, power
from models.outcomes.proportions.rates import wilson

INTERVALS = [
    # x, n, Wilson, Clopper-Pearson, Jeffreys (§5.1)
    (0, 10, (0.000000, 0.277533), (0, 0.308497), (0, 0.217196)),
    (10, 10, (0.722467, 1.000000), (0.691503, 1), (0.782804, 1)),
    (7, 10, (0.396778, 0.892209), (0.347547, 0.933260), (0.394182, 0.907305)),
    (14, 20, (0.481027, 0.854523), (0.457211, 0.881068), (0.482772, 0.863884)),
    (17, 24, (0.508323, 0.850854), (0.489052, 0.873848), (0.510764, 0.858975)),
    (35, 50, (0.562496, 0.808964), (0.553918, 0.821382), (0.564472, 0.813123)),
    (42, 60, (0.574913, 0.801018), (0.567917, 0.811549), (0.576719, 0.804508)),
    (70, 100, (0.604151, 0.781051), (0.600185, 0.787594), (0.605453, 0.783159)),
    (140, 200, (0.633209, 0.759253), (0.631350, 0.762610), (0.633962, 0.760297)),
    (288, 537, (0.494027, 0.578083), (0.493103, 0.579121), (0.494035, 0.578201)),
]


@pytest.mark.conformance(
    figures="Wilson, Clopper–Pearson and Jeffreys intervals of 10 counts",
    source="scipy 1.17.1, statsmodels 0.15.0 (§5.1)",
)
@pytest.mark.parametrize(("x", "n", "by_wilson", "exact", "by_jeffreys"), INTERVALS)
def test_three_intervals_of_one_count(
    x: int, n: int, by_wilson: tuple[float, ...], exact: tuple[float, ...], by_jeffreys: tuple[float, ...]
) -> None:
    for interval, expected in ((wilson, by_wilson), (clopper_pearson, exact), (jeffreys, by_jeffreys)):
        assert interval(x, n)[2:] == pytest.approx(expected, abs=1e-6)


@pytest.mark.conformance(
    figures="always-valid intervals of 4 counts",
    source="computed apart (§5.4)",
)
@pytest.mark.parametrize(
    ("x", "n", "expected"),
    [
        (7, 10, (0.266741, 0.963360)),
        (14, 20, (0.373069, 0.924572)),
        (70, 100, (0.542754, 0.830554)),
        (42, 100, (0.271630, 0.578907)),
    ],
)
def test_the_interval_that_may_be_looked_at_after_every_patient(
    x: int, n: int, expected: tuple[float, float]
) -> None:
    assert always_valid(x, n)[2:] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("x", "n"), [(1, 1_000_000), (999_999, 1_000_000), (0, 1_000_000), (1, 1)])
def test_it_is_found_at_the_ends_of_a_great_record_too(x: int, n: int) -> None:
    low, high = always_valid(x, n)[2:]
    assert low is not None
    assert high is not None
    assert 0 <= low <= x / n <= high <= 1


@pytest.mark.parametrize("interval", [clopper_pearson, jeffreys, always_valid])
def test_nobody_has_no_interval_and_more_than_all_is_refused(interval: object) -> None:
    assert callable(interval)
    assert interval(0, 0)[2:] == (None, None)
    with pytest.raises(ValueError, match="got 3 of 2"):
        interval(3, 2)


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_every_interval_holds_its_rate_and_looking_often_costs_width(count: tuple[int, int]) -> None:
    x, n = count
    for interval in (wilson, clopper_pearson, jeffreys, always_valid):
        low, high = interval(x, n)[2:]
        assert low is not None
        assert high is not None
        assert 0 <= low <= x / n <= high <= 1
    fixed, looked = wilson(x, n), always_valid(x, n)
    if 0 < x < n:
        assert (looked.high or 1) - (looked.low or 0) > (fixed.high or 1) - (fixed.low or 0)


BELIEFS = [
    # x, n, uniform (mean, P>=.7), Jeffreys P>=.7, sceptical (mean, P>=.7) (§5.3)
    (7, 10, (0.666667, 0.430438), 0.480749, (0.533333, 0.029265)),
    (14, 20, (0.681818, 0.449482), 0.486689, (0.575000, 0.049984)),
    (17, 24, (0.692308, 0.488151), 0.523348, (0.590909, 0.065842)),
    (35, 50, (0.692308, 0.467526), 0.491706, (0.628571, 0.105193)),
    (70, 100, (0.696078, 0.476912), 0.494165, (0.658333, 0.168171)),
    (10, 10, (0.916667, 0.980227), 0.993178, (0.633333, 0.229183)),
]


@pytest.mark.conformance(
    figures="posterior means and tails of 6 counts, 3 priors",
    source="scipy 1.17.1 (§5.3)",
)
@pytest.mark.parametrize(("x", "n", "uniform", "jeffreys_tail", "sceptical"), BELIEFS)
def test_what_to_believe_after_the_counts(
    x: int, n: int, uniform: tuple[float, float], jeffreys_tail: float, sceptical: tuple[float, float]
) -> None:
    after = {prior: posterior(x, n, prior, 0.7) for prior in PRIORS}
    assert (after[UNIFORM].mean, after[UNIFORM].claim_or_more) == pytest.approx(uniform, abs=1e-6)
    assert after[JEFFREYS].claim_or_more == pytest.approx(jeffreys_tail, abs=1e-6)
    assert (after[SCEPTICAL].mean, after[SCEPTICAL].claim_or_more) == pytest.approx(sceptical, abs=1e-6)


def test_credible_intervals_of_35_in_50() -> None:
    assert posterior(35, 50, UNIFORM, 0.7)[2:4] == pytest.approx((0.561711, 0.808896), abs=1e-6)
    assert posterior(35, 50, SCEPTICAL, 0.7)[2:4] == pytest.approx((0.513087, 0.737095), abs=1e-6)
    assert posterior(35, 50, JEFFREYS, 0.7)[2:4] == pytest.approx(jeffreys(35, 50)[2:], abs=1e-9)


EXACT = [
    # x, n, two-sided, less, greater (§5.2)
    (10, 10, 0.038839603, None, 0.028247525),
    (42, 100, 8.7207109e-09, 5.9322928e-09, None),
    (288, 537, 1.8433451e-15, None, None),
    (15, 82, 4.8409503e-22, None, None),
    (17, 24, 1.0, 0.61141088, 0.56467401),
    (7, 10, 1.0, 0.61721721, 0.64961072),
    (14, 20, 1.0, None, None),
    (35, 50, 1.0, None, None),
    (70, 100, 1.0, None, None),
]


@pytest.mark.conformance(
    figures="exact binomial tests of 9 counts against 70 %",
    source="scipy 1.17.1 (§5.2)",
)
@pytest.mark.parametrize(("x", "n", "two", "less", "greater"), EXACT)
def test_the_exact_test_against_the_claim(
    x: int, n: int, two: float, less: float | None, greater: float | None
) -> None:
    found = exact_test(x, n, 0.7)
    assert found.two_sided == pytest.approx(two, rel=1e-6)
    assert less is None or found.less == pytest.approx(less, rel=1e-6)
    assert greater is None or found.greater == pytest.approx(greater, rel=1e-6)


def test_mid_p_counts_half_of_what_was_seen() -> None:
    assert exact_test(7, 10, 0.7).mid_p_less == pytest.approx(0.48380325, rel=1e-6)
    assert exact_test(17, 24, 0.7).mid_p_less == pytest.approx(0.52336843, rel=1e-6)
    with pytest.raises(ValueError, match="got 0 of 0"):
        exact_test(0, 0, 0.7)


@pytest.mark.parametrize(
    ("n", "true", "limit", "expected"),
    [
        (50, 0.55, 27, 0.498093),
        (100, 0.55, 60, 0.865746),
        (100, 0.60, 60, 0.537925),
        (200, 0.60, 126, 0.825772),
    ],
)
def test_power_of_the_one_sided_exact_test(n: int, true: float, limit: int, expected: float) -> None:
    assert critical(n, 0.7) == limit
    assert power(n, true, 0.7) == pytest.approx(expected, abs=1e-6)


@pytest.mark.conformance(
    figures="fewest courses at 80 % power for 4 true rates",
    source="scipy 1.17.1 (§5.2)",
)
@pytest.mark.parametrize(("true", "fewest"), [(0.45, 35), (0.50, 54), (0.55, 88), (0.60, 194)])
def test_the_fewest_courses_with_enough_power_from_there_on(true: float, fewest: int) -> None:
    assert courses_needed(true, 0.7) == fewest


def test_a_rate_at_the_claim_is_never_told_from_it_and_one_above_can_be() -> None:
    assert courses_needed(35 / 50, 0.7) is NeverTold.EQUAL
    assert courses_needed(0.701, 0.7) is courses_needed(0.699, 0.7) is NeverTold.TOO_NEAR
    above = courses_needed(0.85, 0.7)
    assert isinstance(above, int)
    assert above == courses_needed(1 - 0.85, 1 - 0.7)


def test_all_methods_are_of_the_one_count() -> None:
    sure = certainty(wilson(11, 20), 0.7)
    assert sure is not None
    assert list(sure.intervals) == ["wilson", "clopper_pearson", "jeffreys", "always_valid"]
    assert {each[:2] for each in sure.intervals.values()} == {(11, 20)}
    assert [each.prior for each in sure.posteriors] == list(PRIORS)
    assert sure.courses_needed == courses_needed(0.55, 0.7)


def test_a_rate_of_nobody_has_no_certainty_and_one_of_fewer_than_20_is_no_ground_to_plan_on() -> None:
    assert certainty(wilson(0, 0), 0.7) is None
    few = certainty(wilson(4, 19), 0.7)
    assert few is not None
    assert few.courses_needed is NeverTold.TOO_FEW
