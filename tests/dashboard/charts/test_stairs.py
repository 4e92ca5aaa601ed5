from dashboard.charts import stairs as chart
from dashboard.charts.theme import OURS
from dashboard.charts.words import Rounding
from models.outcomes.estimand import Estimand
from models.outcomes.specifications import counts
from models.outcomes.ways import staircase
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
        "Everyone who was scored again",
        "Everyone who started",
        "Later: 2–4 weeks after",
        "Remission, not response",
    ]
    assert rows["Rate"].iloc[0].startswith("86\u00a0% (12 of 14;")


def test_no_label_is_longer_than_a_phone_has_room_for() -> None:
    assert all(len(chart.words_of(stair, ASKED, PHQ9)) <= 34 for stair in STEPS)


def test_a_finding_of_too_few_says_counts() -> None:
    assert chart.title(STEPS, ASKED, ROUNDING) == "The same record gives 12 of 14 or 4 of 18"


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
