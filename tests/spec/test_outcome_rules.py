"""What counts, drawn: clinical specification §1.3, §3.2 and §3.8.11."""

import pytest

from models.outcomes.question.change import (
    UndefinedOutcomeError,
    defined_outcomes,
    rule_of,
    undefined_outcomes,
)
from models.outcomes.question.estimand import Estimand, Outcome
from models.scales import all_scales
from tests.support.drawn import drawn

SCALES = all_scales()


def check(table: str, scale: str = "phq9") -> None:
    """Each row: a baseline, an endpoint, and for every other column whether the outcome is reached."""
    for row in drawn(table):
        baseline, endpoint = int(row["baseline"]), int(row["endpoint"])
        for outcome in row.keys() - {"course", "baseline", "endpoint"}:
            is_met = rule_of(Outcome(outcome), SCALES[scale]).is_met
            assert is_met(baseline, endpoint, SCALES[scale]) is (row[outcome] == "yes"), (row, outcome)


def test_exactly_half_gone_is_response() -> None:
    check("""
        course | baseline | endpoint | response
        A      | 14       | 7        | yes
        B      | 15       | 8        | no
        C      | 15       | 7        | yes
        D      | 1        | 0        | yes
        E      | 27       | 14       | no
        F      | 10       | 10       | no
    """)


def test_a_quarter_gone_but_not_half_is_partial_response() -> None:
    check("""
        course | baseline | endpoint | partial_response | response
        A      | 20       | 15       | yes              | no
        B      | 20       | 16       | no               | no
        C      | 20       | 11       | yes              | no
        D      | 20       | 10       | no               | yes
        E      | 19       | 14       | yes              | no
        F      | 19       | 15       | no               | no
    """)


def test_remission_looks_only_at_where_the_score_ended() -> None:
    check("""
        course | baseline | endpoint | remission
        A      | 20       | 4        | yes
        B      | 20       | 5        | no
        C      | 3        | 4        | yes
        D      | 0        | 0        | yes
    """)


def test_five_points_or_a_fifth_of_baseline_is_an_important_improvement() -> None:
    check("""
        course | baseline | endpoint | mcid | mcid20
        A      | 20       | 15       | yes  | yes
        B      | 20       | 16       | no   | yes
        C      | 26       | 21       | yes  | no
        D      | 5        | 4        | no   | yes
        E      | 14       | 10       | no   | yes
        F      | 21       | 17       | no   | no
    """)


def test_six_points_down_is_reliable_and_six_up_is_deterioration() -> None:
    check("""
        course | baseline | endpoint | reliable_improvement | deterioration
        A      | 20       | 14       | yes                  | no
        B      | 20       | 15       | no                   | no
        C      | 14       | 20       | no                   | yes
        D      | 14       | 19       | no                   | no
        E      | 0        | 6        | no                   | yes
    """)


def test_recovery_starts_as_a_case_and_ends_below_and_may_be_smaller_than_reliable() -> None:
    """The PHQ-9 halves of the NHS Talking Therapies vectors of §6.5."""
    check("""
        course | baseline | endpoint | recovery | reliable_recovery
        A      | 16       | 9        | yes      | yes
        B      | 10       | 9        | yes      | no
        C      | 20       | 13       | no       | no
        D      | 12       | 5        | yes      | yes
        E      | 8        | 2        | no       | no
    """)


def test_response_with_a_low_score_needs_both() -> None:
    check("""
        course | baseline | endpoint | response_and_le9
        A      | 18       | 9        | yes
        B      | 20       | 10       | no
        C      | 12       | 7        | no
    """)


def test_gad7_has_its_own_figures() -> None:
    check(
        """
        course | baseline | endpoint | response | reliable_improvement | recovery
        A      | 14       | 10       | no       | yes                  | no
        B      | 14       | 7        | yes      | yes                  | yes
        C      | 8        | 7        | no       | no                   | yes
        """,
        scale="gad7",
    )


def test_response_on_pcl5_is_refused_by_name() -> None:
    with pytest.raises(UndefinedOutcomeError) as refused:
        rule_of(Outcome.RESPONSE, SCALES["pcl5"])
    assert refused.value.scale == "pcl5"
    assert refused.value.outcome is Outcome.RESPONSE
    assert refused.value.defined == defined_outcomes(SCALES["pcl5"])
    assert str(refused.value).startswith("response is not defined for PCL-5; defined are: ")
    with pytest.raises(UndefinedOutcomeError):
        Estimand.of(SCALES["pcl5"]).sentence(SCALES["pcl5"])


def test_pcl5_calls_10_points_important_and_15_reliable() -> None:
    check(
        """
        course | baseline | endpoint | mcid | reliable_improvement
        A      | 50       | 40       | yes  | no
        B      | 50       | 41       | no   | no
        C      | 50       | 35       | yes  | yes
        """,
        scale="pcl5",
    )


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_every_outcome_of_a_scale_is_either_defined_or_named_as_undefined(scale: object) -> None:
    together = [*defined_outcomes(scale), *undefined_outcomes(scale)]
    assert sorted(together) == sorted(Outcome)
