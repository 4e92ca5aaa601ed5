"""What people did and what it says of the claim, in words made from scale, question and counts."""

from datetime import date

import pytest

from dashboard.charts.claim.verdict_words import VerdictWords, verdict_words
from dashboard.charts.outcome_words import LONGEST_REMARK, outcome_words
from dashboard.charts.words import Rounding
from models.outcomes.answers.answer import answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import Counted
from models.outcomes.counts.tally import Tally
from models.outcomes.question.change import defined_outcomes
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Outcome
from models.scales import Scale, Scales

MIXED = {
    "observed": 121,
    "met": 71,
    "missing": 47,
    "completers": 106,
    "completers_met": 78,
    "carried_met": 10,
    "pending": 23,
}


def words_of(
    scale: Scale, closed_by: date | None = None, *, tally: dict[str, int] = MIXED, **choices: object
) -> VerdictWords:
    counts = Tally(**(dict.fromkeys(Tally._fields, 0) | tally))
    question = Estimand.of(scale, **choices)
    counted = Counted({}, {question.outcome: counts}, {})
    answer = answer_from(counted, question, scale, Claim(), as_of=date(2026, 6, 30))
    told = verdict_words(answer, scale, Rounding(0.7), closed_by=closed_by)
    return told._replace(title=plain(told.title), sentence=plain(told.sentence))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_outcome_of_every_scale_has_words_short_enough_for_their_place(scales: Scales) -> None:
    for scale in scales.values():
        for outcome in defined_outcomes(scale):
            told = outcome_words(outcome, scale)
            assert len(told.short) <= 18
            assert len(told.remark) <= LONGEST_REMARK
            assert "{" not in "".join(told)


def test_the_words_of_an_outcome_have_the_scales_own_figures(scales: Scales) -> None:
    remission = outcome_words(Outcome.REMISSION, scales["promis_depression"])
    assert remission.remark == "54.9 or less"
    assert outcome_words(Outcome.RESPONSE, scales["gad7"]).clause == "the anxiety score fell by at least half"
    assert outcome_words(Outcome.DETERIORATION, scales["phq9"]).remark == "6 points or more"


def test_contradicted_says_how_much_better_the_unseen_would_have_had_to_do(phq9: Scale) -> None:
    assert words_of(phq9) == (
        "Our record contradicts the claim",
        "trending_down",
        "orange",
        "42 in 100 responded. We advertise 70.",
        (
            "For **71 of the 168** people we can count, the depression score fell by at least half. "
            "From 168 people, the rate could plausibly be anywhere from 35 to 50 %. "
            "The advertised 70 % lies outside. "
            "Of the **121 scored in time**, 59 % responded; "
            "for 70 % overall, 99 % of the other 47 would have to have."
        ),
    )


def test_contradicted_beyond_what_the_unseen_could_mend_says_so(phq9: Scale) -> None:
    told = words_of(phq9, tally=MIXED | {"met": 41}, outcome="remission")
    assert told.title == "24 in 100 reached remission. We advertise 70."
    assert told.sentence.endswith(
        "34 % reached remission; even if all of the other 47 had, it would be 52 %."
    )


def test_a_single_person_never_scored_again_is_told_in_the_singular(phq9: Scale) -> None:
    one = {"observed": 60, "met": 20, "missing": 1}
    assert "; even if the other one had, it would be 34 %." in words_of(phq9, tally=one).sentence
    best = words_of(phq9, tally=one, missing="best_case").sentence
    assert "if it did so for the one not scored in time" in best
    nearly = {"observed": 20, "met": 10, "missing": 1}
    for tally in (one, nearly):
        for missing in ("non_responder", "observed", "best_case"):
            assert "other 1 " not in words_of(phq9, tally=tally, missing=missing).sentence


def test_supported_does_not_claim_a_cause(phq9: Scale) -> None:
    told = words_of(phq9, tally={"observed": 165, "met": 139, "missing": 5})
    assert told[:3] == ("Our record supports the claim", "check", "blue")
    assert told.title == "82 in 100 responded. We advertise 70."
    assert told.sentence.endswith(
        "from 75 to 87 %: all of it above 70 %. "
        "There is no comparison group, so this does not show what caused it."
    )


def test_inconclusive_for_want_of_people_says_how_many_it_takes(phq9: Scale) -> None:
    told = words_of(phq9, tally={"observed": 41, "met": 31, "missing": 7})
    assert told[:3] == ("Cannot tell yet", "balance", "gray")
    assert told.title == "65 in 100 responded. That may or may not be 70."
    assert told.sentence.endswith(
        "and 70 % lies inside. At this rate it takes about 300 people to tell the two apart."
    )


def test_inconclusive_for_want_of_scores_says_what_the_unseen_would_have_to_be(phq9: Scale) -> None:
    told = words_of(phq9, tally={"observed": 65, "met": 48, "missing": 35})
    assert told[:3] == ("Cannot tell: too many unseen", "visibility_off", "gray")
    assert told.title == "48 in 100 responded, 35 were not scored in time."
    assert told.sentence.endswith(
        "from 38 to 58 % if a missing score means no response. "
        "70 % would be true only if **22 of the 35** not scored in time had responded."
    )


def test_inconclusive_where_all_of_the_unseen_would_not_be_enough_never_asks_for_more_than_there_are(
    phq9: Scale,
) -> None:
    told = words_of(phq9, tally={"observed": 37, "met": 21, "missing": 16})
    assert told.badge == "Cannot tell: too many unseen"
    assert told.sentence.endswith(
        "Even if **all 16** not scored in time had responded, it would be 69 %, "
        "which chance alone does not tell from 70 %."
    )


def test_too_few_gives_counts_and_a_day_and_no_percentage(phq9: Scale) -> None:
    told = words_of(phq9, date(2026, 9, 30), tally={"observed": 14, "met": 10, "pending": 6})
    assert told == (
        "Too few to say",
        "hourglass_empty",
        "gray",
        "10 of 14 responded. Too few to say.",
        "A rate needs at least **20** people. 6 more windows close by 30 Sep 2026.",
    )


def test_one_open_window_is_one(phq9: Scale) -> None:
    told = words_of(phq9, tally={"pending": 1})
    assert told.title == "No one can be counted yet"
    assert told.sentence == "A rate needs at least **20** people. 1 more window is still open."


def test_harm_is_told_of_those_seen_with_its_worst_case_and_has_no_verdict(phq9: Scale) -> None:
    told = words_of(phq9, tally=MIXED | {"met": 9}, outcome="deterioration")
    assert told.badge == "No verdict on harm"
    assert told.title == "9 of 121 seen got worse, 56 of 168 at worst"
    assert "it would be **56 of the 168**" in told.sentence


def test_several_courses_of_one_person_have_no_verdict(phq9: Scale) -> None:
    told = words_of(phq9, first_course=False)
    assert told.badge == "No verdict"
    assert told.title == "By course, 42 in 100 responded. We advertise 70."
    assert told.sentence.endswith("not independent, so no verdict is given.")


def test_a_few_courses_are_called_too_few_where_no_verdict_is_given(phq9: Scale) -> None:
    told = words_of(phq9, tally={"observed": 1, "met": 1}, first_course=False)
    assert (told.badge, told.title) == ("No verdict", "By course, 1 of 1 responded. Too few to say.")
    assert told.sentence == (
        "For **1 of the 1** courses we can count, the depression score fell by at least half. "
        "That is too few: a rate needs at least **20** courses. "
        "Several courses of one person are not independent, so no verdict is given."
    )
    assert "too few" not in words_of(phq9, tally={"observed": 20, "met": 1}, first_course=False).sentence


@pytest.mark.parametrize(
    ("missing", "title", "counted"),
    [
        (
            "observed",
            "Of those scored in time, 59 in 100 responded. We advertise 70.",
            "**71 of the 121** people scored in time",
        ),
        (
            "completers",
            "Of those who finished, 74 in 100 responded. We advertise 70.",
            "**78 of the 106** people who had every",
        ),
        (
            "last_carried",
            "By their last score, 48 in 100 responded. We advertise 70.",
            "**81 of the 168** people we can count",
        ),
        (
            "best_case",
            "At best, 71 in 100 responded. We advertise 70.",
            "**118 of the 168** people we can count",
        ),
        (
            "worst_case",
            "At worst, 42 in 100 responded. We advertise 70.",
            "**71 of the 168** people we can count",
        ),
    ],
)
def test_every_strategy_says_of_whom_it_speaks(phq9: Scale, missing: str, title: str, counted: str) -> None:
    told = words_of(phq9, missing=missing)
    assert told.title == title
    assert counted in told.sentence
    assert ("does not rest on this way of counting" in told.sentence) == (missing != "worst_case")


def test_a_strategy_that_leaves_nobody_says_so(phq9: Scale) -> None:
    told = words_of(phq9, tally={"missing": 40}, missing="observed")
    assert told.title == "No one can be counted this way"
    assert told.sentence.startswith("None of the 40 whose window has closed can be counted this way.")


def test_fewer_than_twenty_counted_are_told_as_counts_in_a_title(phq9: Scale) -> None:
    told = words_of(
        phq9, tally={"observed": 30, "met": 20, "completers": 12, "completers_met": 7}, missing="completers"
    )
    assert told.title == "Of those who finished, 7 of 12 responded. That may or may not be 70."
