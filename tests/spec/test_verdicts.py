"""What a record says about the advertised 70 %: clinical specification §5.2 and §5.4."""

import pytest

from models.outcomes.answers.claim import Claim, Judgement, Reason, Verdict, courses_to_tell_apart, judge
from models.outcomes.counts.bounds import bounds, needed_of_missing, tipping_point
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand, Outcome
from tests.support.drawn import drawn

QUESTION, CLAIM = Estimand(), Claim()


def seen(met: int, observed: int, missing: int = 0) -> Tally:
    return Tally(observed, met, observed, met, missing, 0, 0)


def verdict(tally: Tally) -> str:
    judgement = judge(tally, QUESTION, CLAIM)
    return str(judgement.verdict) + (f", {judgement.reason}" if judgement.reason else "")


THRESHOLDS = """
    n   | supported from | contradicted to | half-width
    20  | 19             | 9               | 0.1867
    30  | 26             | 16              | 0.1561
    40  | 34             | 22              | 0.1368
    50  | 42             | 28              | 0.1232
    75  | 61             | 44              | 0.1022
    100 | 79             | 61              | 0.0884
    150 | 117            | 93              | 0.0726
    200 | 153            | 127             | 0.0630
    300 | 226            | 194             | 0.0516
    500 | 371            | 329             | 0.0400
"""


@pytest.mark.parametrize("row", drawn(THRESHOLDS), ids=lambda row: f"n={row['n']}")
def test_with_nobody_missing_the_thresholds_are_those_of_the_specification(row: dict[str, str]) -> None:
    n, least, most = int(row["n"]), int(row["supported from"]), int(row["contradicted to"])
    verdicts = [verdict(seen(met, n)) for met in range(n + 1)]
    assert verdicts[: most + 1] == ["contradicted"] * (most + 1)
    assert verdicts[most + 1 : least] == ["inconclusive, sampling"] * (least - most - 1)
    assert verdicts[least:] == ["supported"] * (n + 1 - least)


@pytest.mark.parametrize("row", drawn(THRESHOLDS), ids=lambda row: f"n={row['n']}")
def test_an_interval_around_70_per_cent_is_as_wide_as_the_specification_says(row: dict[str, str]) -> None:
    n = int(row["n"])
    centre = 0.7 * n
    if centre.is_integer():
        rate = wilson(int(centre), n)
        assert rate.high is not None
        assert rate.low is not None
        assert (rate.high - rate.low) / 2 == pytest.approx(float(row["half-width"]), abs=5e-5)


def test_fewer_than_20_are_too_few_however_they_did() -> None:
    for met in (0, 4, 10, 19):
        assert verdict(seen(met, 19)) == "too_few"
    assert verdict(seen(10, 10)) == "too_few"
    assert verdict(seen(15, 15, missing=4)) == "too_few"
    assert verdict(seen(20, 20)) == "supported"


def test_the_unseen_make_up_the_20_as_well() -> None:
    assert verdict(seen(15, 15, missing=5)) == "inconclusive, sampling"


def test_the_unseen_can_never_support_a_claim() -> None:
    assert verdict(seen(80, 80, missing=20)) == "supported"
    assert verdict(seen(78, 80, missing=20)) == "inconclusive, sampling"


def test_a_claim_is_contradicted_when_even_everybody_unseen_could_not_save_it() -> None:
    assert verdict(seen(10, 49, missing=51)) == "contradicted"
    assert verdict(seen(11, 49, missing=51)) == "inconclusive, missing"


def test_or_when_at_least_half_were_seen_and_they_fall_short() -> None:
    assert verdict(seen(25, 50, missing=50)) == "contradicted"
    assert verdict(seen(25, 49, missing=51)) == "inconclusive, missing"
    assert verdict(seen(34, 60, missing=40)) == "contradicted"


def test_a_clinic_that_loses_many_is_not_contradicted_by_its_losses_alone() -> None:
    """80 % of those seen responded, 30 of 100 were never seen: judged on everyone it would be 56 %."""
    assert verdict(seen(56, 70, missing=30)) == "inconclusive, missing"


def test_a_harm_and_several_courses_of_one_patient_have_no_verdict() -> None:
    for question in (Estimand(outcome=Outcome.DETERIORATION), Estimand(first_course=False)):
        for tally in (seen(100, 100), seen(0, 100), seen(1, 2)):
            assert judge(tally, question, CLAIM) == Judgement(None, None)


@pytest.mark.parametrize(
    ("met", "observed", "counted", "ratios"),
    [
        (42, 60, 100, (0.70, 0.42, 0.82)),
        (288, 537, 9016, (0.536313, 0.031943, 0.972382)),
        (15, 82, 85, (0.182927, 0.176471, 0.211765)),
    ],
    ids=["the example", "McInnes", "Sakurai"],
)
def test_bounds_are_those_of_the_specification(
    met: int, observed: int, counted: int, ratios: tuple[float, float, float]
) -> None:
    limits = bounds(seen(met, observed, counted - observed), Outcome.RESPONSE)
    found = (limits.observed.ratio, limits.non_responder.ratio, limits.best.ratio)
    assert found == pytest.approx(ratios, abs=1e-6)
    assert limits.worst == limits.non_responder


def test_the_interval_of_what_can_be_true_reaches_from_worst_to_best() -> None:
    limits = bounds(seen(42, 60, 40), Outcome.RESPONSE)
    assert (limits.low, limits.high) == pytest.approx((0.327984, 0.882998), abs=1e-6)
    assert bounds(seen(0, 0), Outcome.RESPONSE).low is None


def test_of_a_harm_the_worst_case_is_the_upper_bound() -> None:
    limits = bounds(seen(5, 60, 40), Outcome.DETERIORATION)
    assert (limits.best.ratio, limits.worst.ratio) == (0.05, 0.45)
    assert limits.low == limits.best.low
    assert limits.high == limits.worst.high


def test_the_tipping_point_is_what_the_unseen_would_have_had_to_do() -> None:
    assert tipping_point(seen(42, 60, 40), 0.70) == pytest.approx(0.70)
    assert tipping_point(seen(33, 60, 40), 0.70) == pytest.approx(0.925)
    assert tipping_point(seen(42, 60), 0.70) is None


def test_people_needed_are_counted_without_the_errors_of_decimal_fractions() -> None:
    """0.7 · 100 − 42 is 28.000000000000004 in floating point: 28 people, not 29."""
    assert needed_of_missing(seen(42, 60, 40), 0.70) == 28
    assert needed_of_missing(seen(33, 60, 40), 0.70) == 37
    assert needed_of_missing(seen(80, 90, 10), 0.70) == 0


def test_it_takes_about_300_people_to_tell_65_from_70_per_cent() -> None:
    needed = courses_to_tell_apart(wilson(65, 100), CLAIM)
    assert needed == 323
    assert wilson(round(0.65 * 340), 340).high < 0.70 <= wilson(round(0.65 * 300), 300).high
    assert courses_to_tell_apart(wilson(70, 100), CLAIM) is None
    assert courses_to_tell_apart(wilson(0, 0), CLAIM) is None


@pytest.mark.parametrize("rate", [0, 1, 70, -0.1, float("nan")])
def test_a_claim_that_is_no_share_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Claim(rate)


def test_verdicts_are_named_as_the_interface_names_them() -> None:
    assert [*Verdict] == ["supported", "contradicted", "inconclusive", "too_few"]
    assert [*Reason] == ["missing", "sampling"]
