"""Published rates beside the clinic's own: filled only where both answer one question."""

import re
from datetime import date

from dashboard.charts.claim import forest as chart
from dashboard.charts.theme import MUTED, OURS, PAPER
from dashboard.charts.words import Rounding
from dashboard.components.claim.forest_card import how_to_read
from models.benchmarks import published
from models.outcomes.answers.answer import Answer, answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import Counted
from models.outcomes.counts.tally import Tally
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome
from tests.support.drawn import PHQ9

ROUNDING = Rounding(0.7)
EVERYONE = Estimand.of(PHQ9)
SEEN = Estimand.of(PHQ9, missing=Missing.OBSERVED)


def answered(estimand: Estimand) -> Answer:
    counted = Counted({}, {Outcome.RESPONSE: Tally(121, 71, 106, 78, 47, 10, 0)}, {})
    return answer_from(counted, estimand, PHQ9, Claim(), as_of=date(2026, 6, 30))


def others(estimand: Estimand) -> list[chart.Beside]:
    return chart.beside(published().values(), estimand, PHQ9)


def test_a_rate_of_the_seen_is_no_match_for_a_question_that_counts_everyone() -> None:
    mcinnes = next(one for one in others(EVERYONE) if one.benchmark.citation == "McInnes 2022")
    assert mcinnes.mismatches == ("observed only",)
    assert chart.title(others(EVERYONE)) == "No published rate asks the same question"


def test_the_same_question_comes_first_and_is_filled() -> None:
    found = others(SEEN)
    assert found[0].benchmark.citation == "McInnes 2022"
    assert not found[0].mismatches
    assert chart.title(found) == "One published rate asks the same question"
    figure = chart.forest(answered(SEEN), found, ROUNDING).to_plotly_json()
    faces = [trace["marker"]["color"] for trace in figure["data"]]
    assert faces[:2] == [OURS, MUTED]
    assert {*faces[2:]} == {PAPER}


def test_only_rates_of_the_outcome_asked_about_stand_there() -> None:
    assert {one.benchmark.outcome for one in others(EVERYONE)} == {Outcome.RESPONSE}
    assert others(Estimand.of(PHQ9, outcome=Outcome.MCID20)) == []
    assert chart.title([]) == "No published rate is of this outcome"


def test_what_differs_is_named_as_far_as_a_phone_has_room_and_whole_in_the_table() -> None:
    figure = chart.forest(answered(EVERYONE), others(EVERYONE), ROUNDING).to_plotly_json()
    notes = {text["text"] for text in figure["layout"]["annotations"]}
    assert "another scale: MADRS; other window: end of series, 1 more" in notes
    rows = chart.table(others(EVERYONE))
    murrough = rows[rows["Published"] == "Murrough 2013"].iloc[0]
    assert murrough["Rate"] == "70.8\u00a0% (17 of 24)"
    assert murrough["What differs"].count(";") == 2
    assert len(rows) == len(others(EVERYONE))


def test_comparison_arms_stand_under_their_trial() -> None:
    rows = chart.table(others(EVERYONE))
    transform = rows[rows["Published"].str.startswith("TRANSFORM-2")].iloc[0]
    assert "52" in transform["Compared with"]
    elekt = rows[rows["Published"] == "Anand 2023"].iloc[0]
    assert elekt["Compared with"] == "ECT (another active treatment) 41.2\u00a0%"


def test_the_note_names_what_the_diamonds_drawn_are_and_the_range_of_the_control_arms() -> None:
    found = others(EVERYONE)
    note = how_to_read(found, Outcome.RESPONSE)
    figure = chart.forest(answered(EVERYONE), found, ROUNDING).to_plotly_json()
    drawn = [trace for trace in figure["data"] if trace["marker"].get("symbol") == "diamond"]
    given = {re.sub(r" [\d.]+\u00a0%$", "", trace["hovertemplate"].split("<extra>")[0]) for trace in drawn}
    assert given == {*chart.diamonds(found)}
    assert given
    assert f"given something else: {', '.join(sorted(given))}." in note
    assert "In the control arms of all the trials, 9.4–52\u00a0% reached it too" in note
    assert "Diamonds" not in how_to_read([], Outcome.MCID20)
