"""What the unseen could do, in words and marks, on worked numbers of the clinical specification (§5.4)."""

from datetime import date

import pytest

from dashboard.charts.claim import unseen as chart
from dashboard.charts.claim.unseen import Assumed
from dashboard.charts.theme import CLEAR, OURS
from dashboard.charts.words import NBSP, Rounding
from models.outcomes.answers.answer import Answer, answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import Counted
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Outcome
from tests.support.drawn import PHQ9

ROUNDING = Rounding(0.7)


def answered(observed: int, met: int, missing: int) -> Answer:
    tally = Tally(observed, met, observed, met, missing, 0, 0)
    counted = Counted({}, {Outcome.RESPONSE: tally}, {})
    return answer_from(counted, Estimand.of(PHQ9), PHQ9, Claim(), as_of=date(2026, 6, 30))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        # n 100, m 60, x 33: 92.5 % of the unseen would have to be responders
        (
            answered(60, 33, 40),
            f"For 70{NBSP}%, 37 of the 40 not scored in time would have to have responded",
        ),
        (answered(60, 10, 40), f"Even if all 40 not scored in time responded, it would not be 70{NBSP}%"),
        (answered(90, 80, 10), f"70{NBSP}% is reached whatever became of the 10 not scored in time"),
        (answered(90, 80, 0), "Everyone was scored again: nothing hides behind the 90"),
    ],
)
def test_the_tipping_point_is_the_title(found: Answer, said: str) -> None:
    assert chart.title(found, ROUNDING, "responded").startswith(said)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (answered(60, 33, 40), "93 % (37 of 40)"),
        # 70 of 100 less 29: 41 of 40, of more than there are never rounded down to all
        (answered(60, 29, 40), "103 % (41 of 40, more than there are)"),
        (answered(600, 301, 400), "over 99 % (399 of 400)"),
        (answered(600, 299, 400), "101 % (401 of 400, more than there are)"),
        (answered(90, 80, 10), "none of 10"),
    ],
)
def test_the_tipping_point_stands_beside_the_chart_as_a_share_and_as_people(found: Answer, said: str) -> None:
    needed, _ = chart.limits(found, ROUNDING)["Rate"]
    assert needed.replace(NBSP, " ") == said


def test_with_everybody_seen_only_chance_is_left() -> None:
    (within,) = chart.limits(answered(90, 80, 0), ROUNDING)["Rate"]
    assert within == ROUNDING.span(*wilson(80, 90)[2:])


def test_a_rate_of_too_few_seen_is_not_said() -> None:
    assert "of those seen" not in chart.title(answered(12, 6, 20), ROUNDING, "responded")
    assert f"of those seen 55{NBSP}% did" in chart.title(answered(60, 33, 40), ROUNDING, "responded")


def test_the_way_from_none_to_all_is_hollow_around_every_row() -> None:
    rows = [Assumed.counting("None of the unseen did", wilson(42, 100), own=True)]
    figure = chart.unseen(rows, 0.42, 0.82, ROUNDING).to_plotly_json()
    outlines = [shape for shape in figure["layout"]["shapes"] if shape.get("fillcolor") == CLEAR]
    assert [(outline["x0"], outline["x1"]) for outline in outlines] == [(42, 82)] * len(rows)
    assert figure["data"][0]["marker"]["color"] == OURS


def test_an_estimate_is_called_one_and_has_no_counts() -> None:
    rows = [Assumed("If they did half as well", 0.635385, None, None, None)]
    assert list(chart.table(rows, ROUNDING)["Rate"]) == [f"64{NBSP}% (estimated)"]
    with_interval = [Assumed("Imputed", 0.55, 0.47, 0.62, None)]
    assert list(chart.table(with_interval, ROUNDING)["Rate"]) == [
        f"55{NBSP}% (estimated; 95{NBSP}% CI 47–62{NBSP}%)"
    ]


def test_nobody_is_no_one_yet_and_has_no_dot() -> None:
    rows = [Assumed.counting("Only those who finished", wilson(0, 0))]
    assert list(chart.table(rows, ROUNDING)["Rate"]) == ["no one yet"]
    assert not chart.unseen(rows, 0, 1, ROUNDING).data
