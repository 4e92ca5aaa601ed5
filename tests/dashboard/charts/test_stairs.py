from dataclasses import replace

import pytest

from dashboard.charts.claim import stairs as chart
from dashboard.charts.theme import OURS
from dashboard.charts.words import Rounding
from models.outcomes.answers.specifications import counts
from models.outcomes.answers.ways import Stair, Step, staircase
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import WindowName
from tests.support.drawn import PHQ9
from tests.support.golden import cohort

ASKED = Estimand(baseline_at_least=10)
ROUNDING = Rounding(0.7)
STEPS = staircase(counts(cohort(), ASKED, PHQ9), ASKED)


def test_each_step_says_what_it_changes_and_what_it_gives() -> None:
    rows = chart.table(STEPS, ASKED, PHQ9, ROUNDING)
    assert list(rows["Counting"]) == [
        "Only those who finished",
        "With a baseline of 10 or more",
        "Everyone scored in time",
        "Everyone who started",
        "Later: 2–4 weeks after",
        "Remission, not response",
    ]
    assert rows["Rate"].iloc[0].startswith("86\u00a0% (12 of 14;")


def test_no_label_is_longer_than_a_phone_has_room_for() -> None:
    assert all(len(chart.words_of(stair, ASKED, PHQ9)) <= 34 for stair in STEPS)


def test_a_finding_of_too_few_says_counts() -> None:
    assert chart.title(STEPS, ASKED, ROUNDING) == "The same record gives 12 of 14 or 4 of 18"


def steps_of(*rates: tuple[int, int], question: Estimand = ASKED) -> list[Stair]:
    """The steps of a question with these counts in place of the golden cohort's."""
    steps = staircase(counts(cohort(), question, PHQ9), question)
    return [stair._replace(rate=wilson(*rate)) for stair, rate in zip(steps, rates, strict=True)]


@pytest.mark.parametrize(
    ("rates", "title"),
    [
        ([(6, 75)] * 6, "Every way gives 8 %"),
        (
            [(6, 75), (6, 73), (6, 74), (6, 78), (6, 76), (1, 76)],
            "Every way to count response gives 8 %",
        ),
        (
            [(4, 75), (4, 75), (3, 75), (3, 75), (6, 75), (1, 75)],
            "However it is counted, no more than 8 %",
        ),
        (
            [(60, 75), (50, 75), (40, 75), (30, 75), (6, 75), (1, 75)],
            "The same record gives 80 % or 8 %",
        ),
    ],
)
def test_the_title_is_made_of_what_the_steps_show(rates: list[tuple[int, int]], title: str) -> None:
    assert chart.title(steps_of(*rates), ASKED, ROUNDING).replace("\u00a0", " ") == title


def test_the_caption_claims_no_more_than_the_steps_do() -> None:
    """A gate leaves more people out: of 14 counted, 12 are counted at the next step."""
    assert chart.caption(STEPS) == "Why the number changes: each step changes one choice; they count 12 to 18"
    same = chart.caption(steps_of(*[(6, 75)] * 6))
    assert same == "Why the number changes: each step changes one choice; each counts 75"


@pytest.mark.parametrize(("window", "label"), [("d7", "Earlier: day 7"), ("m3", "Later: month 3")])
def test_a_window_before_the_end_of_induction_is_not_called_later(window: str, label: str) -> None:
    question = replace(ASKED, window=WindowName(window))
    steps = staircase(counts(cohort(), question, PHQ9), question)
    assert (
        chart.words_of(next(stair for stair in steps if stair.step is Step.WINDOW), question, PHQ9) == label
    )


def test_the_question_alone_is_in_our_colour() -> None:
    many = staircase(counts(cohort().sample(400, with_replacement=True, seed=1), ASKED, PHQ9), ASKED)
    figure = chart.stairs(many, ASKED, PHQ9, ROUNDING).to_plotly_json()
    blue = [trace for trace in figure["data"] if trace["marker"]["color"] == OURS]
    assert len(figure["data"]) == len(many)
    assert len(blue) == 1


def test_a_record_nobody_can_be_counted_in_has_no_finding() -> None:
    nobody = staircase(counts(cohort().head(0), ASKED, PHQ9), ASKED)
    assert chart.title(nobody, ASKED, ROUNDING) == "Why the number changes"
    chart.stairs(nobody, ASKED, PHQ9, ROUNDING)
