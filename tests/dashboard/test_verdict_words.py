"""The verdicts in the words of the page, on the examples the page was designed with."""

from datetime import date

import pytest

from dashboard.charts.words import NBSP, Rounding
from dashboard.components.verdict_words import Finding, finding
from models.outcomes.answer import Answer, answer_from
from models.outcomes.claim import Claim
from models.outcomes.counting import Counted
from models.outcomes.estimand import Estimand, Missing, Outcome
from models.outcomes.tally import Tally
from models.outcomes.vocabulary import Exclusion, Warn
from models.scales import all_scales

SCALE = all_scales()["phq9"]
AS_OF = date(2026, 6, 30)


def answered(tally: Tally, **question: object) -> Answer:
    estimand = Estimand.of(SCALE, **question)
    nobody = dict.fromkeys(Exclusion, 0)
    counted = Counted(nobody, {estimand.outcome: tally}, dict.fromkeys(Warn, Tally(0, 0, 0, 0, 0, 0, 0)))
    return answer_from(counted, estimand, SCALE, Claim(), as_of=AS_OF)


def told(
    observed: int, met: int, missing: int, closings: tuple[date, ...] = (), **question: object
) -> Finding:
    tally = Tally(observed, met, observed, met, missing, 0, len(closings))
    answer = answered(tally, **question)
    ratios = [answer.rate.ratio, answer.rate.low, answer.rate.high]
    found = finding(answer, SCALE, Rounding.beside(answer.claim.rate, ratios), closings)
    return found._replace(title=plain(found.title), sentences=plain(found.sentences))


def plain(words: str) -> str:
    return words.replace(NBSP, " ")


def test_a_record_that_contradicts_says_by_how_much_the_unseen_would_have_to_do_better() -> None:
    found = told(observed=121, met=71, missing=47)
    assert found.badge.words == "Our record contradicts the claim"
    assert found.title == "42 in 100 responded. We advertise 70."
    assert found.sentences == (
        "For **71 of the 168** people we can count, the depression score fell by at least half. "
        "From 168 people, the rate could plausibly be anywhere from 35 to 50 %. "
        "The advertised 70 % lies outside. Of the **121 scored again**, 59 % responded; "
        "for 70 % overall, 99 % of the other 47 would have to have."
    )


def test_where_not_even_all_of_the_unseen_would_do_it_says_so() -> None:
    found = told(observed=150, met=60, missing=18)
    assert found.sentences.endswith("for 70 % overall, not even all of the other 18 would be enough.")


def test_a_record_that_supports_says_that_nothing_shows_the_cause() -> None:
    found = told(observed=160, met=139, missing=10)
    assert found.title == "82 in 100 responded. We advertise 70."
    assert "anywhere from 75 to 87 %: all of it above 70 %." in found.sentences
    assert found.sentences.endswith("There is no comparison group, so this does not show what caused it.")


def test_a_record_that_cannot_tell_yet_says_how_many_it_takes() -> None:
    found = told(observed=41, met=31, missing=7)
    assert found.badge.words == "Cannot tell yet"
    assert found.title == "65 in 100 responded. That may or may not be 70."
    assert found.sentences.endswith(
        "anywhere from 50 to 77 %, and 70 % lies inside. "
        "At this rate it takes about 300 people to tell the two apart."
    )


def test_a_record_with_too_many_unseen_says_how_many_of_them_it_would_take() -> None:
    found = told(observed=65, met=48, missing=35)
    assert found.badge.words == "Cannot tell: too many unseen"
    assert found.title == "48 in 100 responded, 35 were never scored again."
    assert found.sentences.endswith(
        "as long as none of those never scored again responded. "
        "70 % would be true only if **22 of the 35** in a hundred we never saw again had responded."
    )


def test_too_few_says_when_there_will_be_enough() -> None:
    closings = tuple(date(2026, 9, 25 + day) for day in range(6))
    found = told(observed=12, met=10, missing=2, closings=closings)
    assert found.title == "10 of 14 responded. Too few to say."
    assert found.sentences == ("A rate needs at least **20** people. 6 more windows close by 30 Sep 2026.")


@pytest.mark.parametrize(
    ("closings", "said"),
    [
        ((date(2026, 9, 30),), "1 more window closes by 30 Sep 2026, which is not yet enough."),
        ((), "No window is open now; the next first infusion opens one."),
    ],
)
def test_too_few_says_so_when_the_open_windows_are_not_enough(closings: tuple[date, ...], said: str) -> None:
    assert told(observed=12, met=10, missing=2, closings=closings).sentences.endswith(said)


def test_harm_gets_no_verdict_and_its_worst_case_beside_it() -> None:
    found = told(observed=121, met=9, missing=47, outcome=Outcome.DETERIORATION)
    assert found.badge.words == "No verdict"
    assert found.title == "7 in 100 of those scored again got worse."
    assert "If everyone never scored again got worse too, it would be 56 of 168." in found.sentences
    assert found.sentences.endswith("No verdict: the claim is about benefit, and this is harm.")


def test_several_courses_of_one_person_get_no_verdict() -> None:
    found = told(observed=121, met=71, missing=47, first_course=False)
    assert found.title == "42 in 100 responded."
    assert found.sentences.startswith("For **71 of the 168** courses we can count,")
    assert found.sentences.endswith("and they are not independent.")


def test_another_way_of_counting_the_missing_does_not_move_the_verdict_and_says_so() -> None:
    of_the_seen = answered(Tally(121, 71, 121, 71, 47, 0, 0), missing=Missing.OBSERVED)
    found = finding(of_the_seen, SCALE, Rounding(0.7, 1), ())
    assert found.badge == told(observed=121, met=71, missing=47).badge
    assert found.title == "58.7 in 100 of those scored again responded. We advertise 70."
    assert "For **71 of the 121** people scored again," in found.sentences
    assert plain(found.sentences).endswith(
        "The verdict does not rest on this way of counting: with none of the unseen it is 42.3 %, "
        "with all of them 70.2 %."
    )


def test_nobody_scored_in_time_is_said_and_is_not_a_rate_of_zero() -> None:
    nobody = finding(
        answered(Tally(0, 0, 0, 0, 25, 0, 0), missing=Missing.OBSERVED), SCALE, Rounding(0.7), ()
    )
    assert nobody.title == "No one scored again responded. We advertise 70."
    assert nobody.sentences.startswith("None of the 25 whose window has closed was scored in it.")


def test_fewer_than_twenty_in_the_rate_get_counts_instead_of_a_percentage_in_the_title() -> None:
    few = answered(Tally(14, 10, 14, 10, 10, 0, 0), missing=Missing.OBSERVED)
    assert finding(few, SCALE, Rounding(0.7), ()).title.startswith("10 of 14 scored again responded.")


def test_a_share_that_rounds_to_none_or_all_is_written_as_counts() -> None:
    assert told(observed=1000, met=2, missing=0).title.startswith("2 of 1,000 responded.")
    assert told(observed=100, met=0, missing=0).title.startswith("None of the 100 responded.")
    assert told(observed=100, met=100, missing=0).title.startswith("All 100 responded.")
