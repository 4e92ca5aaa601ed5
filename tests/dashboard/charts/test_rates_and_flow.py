"""Benefit and harm side by side, and the way from everyone treated to everyone counted."""

from datetime import date

import pytest

from dashboard.charts.claim import flow as way
from dashboard.charts.claim.flow import Step, flow, steps_of
from dashboard.charts.claim.rates import RateRow, rates, rows_of
from dashboard.charts.parts import Parts
from dashboard.charts.theme import GAP, HARM, HARM_SOFT, INK, MUTED, OURS, PAPER, REST, RULE
from dashboard.charts.words import Rounding
from models.outcomes.answers.answer import Answer, answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import Counted
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Exclusion, Outcome
from models.scales import Scale
from tests.support.figures import boxes, lines, outlines, words

CLAIM = Rounding(0.7)
STEPS = [
    Step("A later course of the same person", 14),
    Step("Baseline of 0", 0),
    Step("Window still open", 23, pending=True),
]
COUNTED = Parts(met=71, assumed=0, not_met=50, unseen=47)


def answer_of(scale: Scale, outcome: Outcome, met: int) -> Answer:
    question = Estimand.of(scale, outcome=outcome)
    tally = Tally(
        observed=121, met=met, completers=0, completers_met=0, missing=47, carried_met=0, pending=23
    )
    return answer_from(Counted({}, {outcome: tally}, {}), question, scale, Claim(), as_of=date(2026, 6, 30))


def benefit_and_harm(scale: Scale) -> list[RateRow]:
    asked = ((Outcome.RESPONSE, 71), (Outcome.REMISSION, 41), (Outcome.DETERIORATION, 9))
    return rows_of([answer_of(scale, outcome, met) for outcome, met in asked], scale)


def test_harm_stands_at_the_size_of_benefit_with_its_worst_case(phq9: Scale) -> None:
    told = words(rates(benefit_and_harm(phq9), CLAIM))
    assert told[3:] == [
        "Responded  at least half gone",
        "42 %  71 of 168",
        "Remission  PHQ-9 4 or less",
        "24 %  41 of 168",
        "Got worse  6 points or more",
        "7 %  9 of 121 seen",
        "at worst 56 of 168",
        "Not scored in time  no score",
        "28 %  47 of 168",
    ]


def test_what_the_unseen_could_do_to_harm_is_a_hollow_band_from_best_to_worst(phq9: Scale) -> None:
    figure = rates(benefit_and_harm(phq9), CLAIM)
    (unsure,) = outlines(figure, "solid")
    assert (unsure["x0"], unsure["x1"]) == pytest.approx((100 * 9 / 168, 100 * 56 / 168))
    assert len(boxes(figure, HARM_SOFT)) == 1


def test_benefit_is_ours_harm_is_vermilion_and_the_unseen_are_hollow(phq9: Scale) -> None:
    dots = [
        (trace.marker.color, trace.marker.line.color) for trace in rates(benefit_and_harm(phq9), CLAIM).data
    ]
    assert dots == [(OURS, PAPER), (OURS, PAPER), (HARM, PAPER), (PAPER, GAP)]


def test_only_the_outcome_asked_about_bears_the_claim(phq9: Scale) -> None:
    (tick,) = lines(rates(benefit_and_harm(phq9), CLAIM), INK)
    assert tick["x0"] == 70


def test_a_rate_of_too_few_is_hollow_dotted_and_without_a_percentage() -> None:
    figure = rates([RateRow("Responded", "at least half gone", wilson(10, 14))], CLAIM)
    assert figure.data[0].marker.color == PAPER
    assert len(outlines(figure, "dot")) == 1
    assert "10 of 14" in words(figure)


def test_nobody_is_no_one_yet() -> None:
    figure = rates([RateRow("Responded", "at least half gone", wilson(0, 0))], CLAIM)
    assert not figure.data
    assert "no one yet" in words(figure)


def test_each_step_says_how_many_it_leaves() -> None:
    assert words(flow(STEPS, COUNTED)) == [
        "Courses begun",
        "205",
        "A later course of the same person",
        "− 14  191",
        "Window still open",
        "− 23  168",
        "Counted",
        "168",
        "71 responded, 50 did not, 47 not scored in time",
    ]


def test_what_is_left_out_is_hollow_and_what_is_pending_dotted() -> None:
    figure = flow(STEPS, COUNTED)
    assert len(outlines(figure, "dot")) == 1
    assert len(outlines(figure, "solid")) == 2
    assert [len(boxes(figure, fill)) for fill in (MUTED, RULE, OURS, REST)] == [1, 2, 1, 1]


def test_bars_end_where_the_next_begins() -> None:
    figure = flow(STEPS, COUNTED)
    assert [bar["x1"] for bar in boxes(figure, RULE)] == [
        gap["x0"] for gap in [*outlines(figure, "solid")[:1], *outlines(figure, "dot")]
    ]


def test_the_title_says_how_many_of_how_many() -> None:
    assert way.title(STEPS, COUNTED) == "168 of 205 courses can be counted"
    assert (
        way.title([Step("Window still open", 12, pending=True)], Parts(0, 0, 0, 0))
        == "None of 12 courses can be counted"
    )


def test_the_table_has_the_steps_that_leave_nobody_out_too() -> None:
    assert way.table(STEPS, COUNTED).to_numpy().tolist() == [
        ["Courses begun", 0, 205],
        ["A later course of the same person", 14, 191],
        ["Baseline of 0", 0, 191],
        ["Window still open", 23, 168],
    ]


def test_the_steps_of_a_question_name_its_own_gate_and_its_strategy(phq9: Scale) -> None:
    tally = Tally(
        observed=121, met=71, completers=100, completers_met=60, missing=47, carried_met=0, pending=23
    )
    steps = steps_of({Exclusion.BASELINE_BELOW: 12}, tally, Estimand.of(phq9, missing="completers"), phq9)
    assert [step for step in steps if step.left_out] == [
        Step("Baseline below 10", 12),
        Step("Window still open", 23, pending=True),
        Step("Not scored in time", 47),
        Step("Fewer infusions than planned", 21),
    ]
    assert all(len(step.label) <= 34 for step in steps)
