"""Every way to count the golden cohort, and the stairs from the most flattering to the most honest (§3.6)."""

from dataclasses import replace

import pytest

from models.outcomes.answers.specifications import counts
from models.outcomes.answers.ways import Step, like, reaching, staircase, ways
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome, TreatmentResistant, WindowName
from tests.support.drawn import PHQ9
from tests.support.golden import cohort

QUESTION = Estimand(baseline_at_least=10)


def stairs(question: Estimand) -> dict[str, str]:
    return {
        str(each.step): f"{each.rate.numerator}/{each.rate.denominator}"
        for each in staircase(counts(cohort(), question, PHQ9), question)
    }


def test_the_stairs_of_the_golden_cohort() -> None:
    assert stairs(QUESTION) == {
        "flattering": "12/14",
        "gate": "10/12",
        "seen": "10/14",
        "everyone": "10/18",
        "window": "4/18",
        "remission": "3/18",
    }


def test_a_step_the_question_does_not_take_is_left_out() -> None:
    at_end = replace(QUESTION, window=WindowName.END_OF_INDUCTION, outcome=Outcome.REMISSION)
    assert [*stairs(at_end)] == ["flattering", "gate", "seen", "everyone"]
    assert Step.GATE not in stairs(replace(QUESTION, baseline_at_least=None))


def test_the_last_stair_before_remission_is_the_question_itself() -> None:
    found = {each.step: each.estimand for each in staircase(counts(cohort(), QUESTION, PHQ9), QUESTION)}
    assert found[Step.WINDOW] == QUESTION


def test_nobody_treated_has_stairs_of_nobody() -> None:
    nobody = replace(QUESTION, treatment_resistant=TreatmentResistant.NO)
    assert {*stairs(nobody).values()} == {"0/0"}


def test_the_ways_rise_and_leave_out_harm_and_nobody() -> None:
    every = ways(counts(cohort(), QUESTION, PHQ9))
    ratios = [way.rate.ratio for way in every]
    assert None not in ratios
    assert ratios == sorted(ratio for ratio in ratios if ratio is not None)
    assert not any(way.estimand.outcome.is_harm for way in every)
    assert Missing.WORST_CASE not in {way.estimand.missing for way in every}
    assert QUESTION in {way.estimand for way in every}


def test_87_of_the_320_ways_of_the_specification_reach_70_per_cent() -> None:
    outcomes = [each for each in Outcome if each not in (Outcome.PARTIAL_RESPONSE, Outcome.DETERIORATION)]
    drawn_windows = ["h24", "d7", "end_of_induction", "p14_31", "m3"]
    found = like(ways(counts(cohort(), QUESTION, PHQ9)), {"outcome": outcomes, "window": drawn_windows})
    found = [way for way in found if way.estimand.missing is not Missing.BEST_CASE]
    assert (reaching(found, 0.70), len(found)) == (87, 320)


@pytest.mark.parametrize(
    ("wanted", "fewer"), [({}, False), ({"outcome": []}, False), ({"window": ["d7"]}, True)]
)
def test_no_wish_is_every_wish(wanted: dict[str, list[str]], *, fewer: bool) -> None:
    every = ways(counts(cohort(), QUESTION, PHQ9))
    assert (len(like(every, wanted)) < len(every)) is fewer


def test_fewer_than_five_behind_a_dot_make_it_hollow() -> None:
    every = ways(counts(cohort().head(4), QUESTION, PHQ9))
    assert every
    assert all(way.is_hollow for way in every)
