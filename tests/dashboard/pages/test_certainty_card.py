"""How sure, how long: the words beside each number, on the worked counts of the clinical specification."""

from datetime import date

import pytest
from sqlalchemy import Engine

from dashboard.charts.words import NBSP, Rounding
from dashboard.components.claim.certainty_card import beliefs, chance, foretelling, how_long, intervals
from dashboard.components.page.pages import Page
from models.outcomes.answers.answer import Answer, answer_from
from models.outcomes.answers.certainty import Certainty, certainty
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import Counted
from models.outcomes.counts.early_response import Foretold
from models.outcomes.counts.tally import Tally
from models.outcomes.proportions.rates import wilson
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Outcome
from tests.support.clinics import invented
from tests.support.drawn import PHQ9
from tests.support.pages import opened, ran, said

ROUNDING = Rounding(0.7)


def answered(met: int, of: int) -> Answer:
    counted = Counted({}, {Outcome.RESPONSE: Tally(of, met, of, met, 0, 0, 0)}, {})
    return answer_from(counted, Estimand.of(PHQ9), PHQ9, Claim(), as_of=date(2026, 6, 30))


def sure(met: int, of: int) -> Certainty:
    found = certainty(wilson(met, of), ROUNDING.claim)
    assert found is not None
    return found


def test_one_count_has_four_intervals() -> None:
    shown = intervals(sure(35, 50), ROUNDING, 3)
    assert list(shown[f"95{NBSP}%"])[:3] == [f"56–81{NBSP}%", f"55–82{NBSP}%", f"56–81{NBSP}%"]
    assert shown["Meaning"].iloc[3].endswith("so far 3 times")
    assert intervals(sure(35, 50), ROUNDING, 1)["Meaning"].iloc[3].endswith("so far once")


def test_the_claim_itself_is_a_coin_flip_and_the_sceptic_thinks_less_of_it() -> None:
    shown = beliefs(sure(35, 50), ROUNDING)
    assert list(shown[f"70{NBSP}% or more"]) == [
        f"47{NBSP}%, a coin flip",
        f"49{NBSP}%, a coin flip",
        f"11{NBSP}%",
    ]


@pytest.mark.parametrize(
    ("probability", "words"), [(0.0003, "under 1"), (0.9999, "over 99"), (0.2, "20"), (0.5, "50")]
)
def test_a_chance_in_words(probability: float, words: str) -> None:
    assert chance(probability).startswith(words)


@pytest.mark.parametrize(
    ("met", "of", "words"),
    [
        (11, 20, "it takes 88 courses"),
        (50, 100, "54 courses tell it from"),
        (70, 100, "no number of courses would tell"),
        (701, 1000, "more than 20,000 courses"),
        (7, 10, "no ground to plan on"),
    ],
)
def test_how_long_until_a_rate_is_told_from_the_claim(met: int, of: int, words: str) -> None:
    assert words in " ".join(how_long(answered(met, of), sure(met, of), ROUNDING))


def test_what_day_7_foretells_is_told_in_counts_while_few() -> None:
    early = Foretold(wilson(30, 40), wilson(4, 10), wilson(1, 3), 50)
    words = " ".join(foretelling(early, ROUNDING))
    assert f"on day 7 had reached the outcome, 75{NBSP}% (30 of 40;" in words
    assert "had not, 4 of 10 did" in words
    assert "3 have no score of day 7 before that time" in words
    assert "50 scores of day 7 ask about days before the first infusion too" in words
    assert "never a rule to stop" in words
    nobody = Foretold(wilson(0, 0), wilson(0, 0), wilson(0, 0), 0)
    assert "no one yet" in " ".join(foretelling(nobody, ROUNDING))


def test_it_opens_on_the_claim_page(record: Engine) -> None:
    invented(record, 120)
    page = opened(Page.CLAIM)
    page.session_state["certainty"] = True
    words = said(ran(page))
    assert "What to believe of the true rate" in words
    assert "What day 7 foretells" in words
