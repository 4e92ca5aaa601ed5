from datetime import date

import pytest

from dashboard.charts.words import NBSP
from dashboard.components.question import definitions
from dashboard.components.question.worked_example import counted_aloud, example_of, stretch
from models.outcomes.question.change import defined_outcomes
from models.outcomes.question.estimand import Estimand, Outcome
from models.outcomes.question.vocabulary import Missing
from models.scales import all_scales

SCALES = all_scales()
PHQ9 = SCALES["phq9"]


def test_the_worked_example_counts_21_to_9_aloud() -> None:
    assert example_of(PHQ9) == (21, 9)
    assert counted_aloud(Estimand.of(PHQ9), PHQ9) == (
        "Baseline 21, endpoint 9: a change of −12 on the PHQ-9. "
        "From a baseline of 21, 10 or less counts. **Response: yes.**"
    )
    remission = counted_aloud(Estimand.of(PHQ9, outcome=Outcome.REMISSION), PHQ9)
    assert remission.endswith("4 or less counts. **Remission: no.**")


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (range(11), "10 or less counts"),
        (range(11, 16), "11 to 15 count"),
        (range(26, 28), "26 or more counts"),
        (range(27, 28), "27 counts"),
        (range(0), "no score counts"),
    ],
)
def test_the_scores_that_count_are_said_in_words(scores: range, words: str) -> None:
    assert stretch(scores, PHQ9) == words


@pytest.mark.parametrize("scale", [scale for scale in SCALES.values() if defined_outcomes(scale)])
def test_every_scale_has_an_example_and_a_source_for_each_figure(scale: object) -> None:
    for outcome in defined_outcomes(scale):
        assert "Baseline" in counted_aloud(Estimand.of(scale, outcome=outcome), scale)
    table = definitions.outcomes_of(scale, *example_of(scale))
    assert not table["Reached by"].str.contains(r":gray\[\]").any()


def test_a_partial_response_cites_its_own_source_and_not_that_of_the_response_it_falls_short_of() -> None:
    cited = definitions.outcomes_of(PHQ9, 21, 9).set_index("Outcome")["Reached by"]
    partial, response = cited["Partial response"], cited["Response"]
    assert partial.endswith(":gray[A quarter to a half of baseline gone; some studies use 20 or 30 %]")
    assert "HEDIS" in response
    assert "HEDIS" in cited["Response, low score"]


def test_each_window_says_its_days_and_its_dates() -> None:
    table = definitions.windows_of(date(2026, 3, 2), date(2026, 3, 19)).set_index("When")
    default = table.loc["2–4 weeks after"]
    assert default["Days"] == "14 to 31 days after the last induction infusion; closest to day 21"
    assert default["In that course"].replace(NBSP, " ") == "2 Apr 2026 to 19 Apr 2026"
    assert table.loc["24 hours", "Days"] == "12 to 48 hours after the first infusion; closest to 24 hours"


def test_every_strategy_says_what_it_does_and_how_it_bends() -> None:
    assert len(definitions.strategies()) == len(Missing)


def test_what_a_scale_has_no_figure_for_is_named() -> None:
    assert definitions.not_defined(PHQ9) is None
    assert "response" in str(definitions.not_defined(SCALES["pcl5"]))


def test_the_rights_of_every_scale_are_said() -> None:
    assert len(definitions.known_scales(SCALES.values())) == len(SCALES)
    assert "No permission required" in definitions.rights_of(PHQ9)
