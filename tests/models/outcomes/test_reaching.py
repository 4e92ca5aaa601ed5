import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.outcomes.question.change import UndefinedOutcomeError, defined_outcomes, rule_of
from models.outcomes.question.reaching import scores_reaching
from models.outcomes.question.vocabulary import Outcome
from models.scales import all_scales

SCALES = all_scales()
PHQ9 = SCALES["phq9"]


def test_from_21_ten_or_less_is_response_and_eleven_to_fifteen_a_partial_one() -> None:
    assert scores_reaching(Outcome.RESPONSE, 21, PHQ9) == range(11)
    assert scores_reaching(Outcome.PARTIAL_RESPONSE, 21, PHQ9) == range(11, 16)
    assert scores_reaching(Outcome.DETERIORATION, 21, PHQ9) == range(27, 28)


def test_from_the_top_of_the_scale_nobody_can_get_worse() -> None:
    assert not scores_reaching(Outcome.DETERIORATION, 27, PHQ9)


def test_an_outcome_the_scale_does_not_define_is_refused() -> None:
    with pytest.raises(UndefinedOutcomeError, match="response is not defined for PCL-5"):
        scores_reaching(Outcome.RESPONSE, 40, SCALES["pcl5"])


@given(st.data())
def test_a_score_is_among_them_exactly_if_the_rule_says_so(data: st.DataObject) -> None:
    scale = data.draw(st.sampled_from([scale for scale in SCALES.values() if defined_outcomes(scale)]))
    outcome = data.draw(st.sampled_from(defined_outcomes(scale)))
    baseline, score = (data.draw(st.integers(scale.low, scale.high)) for _ in range(2))
    reaches = bool(rule_of(outcome, scale).is_met(baseline, score, scale))
    assert (score in scores_reaching(outcome, baseline, scale)) == reaches
