"""Each wording is carried by the record or refused with its own numbers; a sentence is read the same way."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from models.exchange.statements.own_words import read_own_words
from models.exchange.statements.statement_words import sentence_of
from models.exchange.statements.wordings import Choice, refused, wordings
from models.outcomes.answers.answer import Answer, answer_from
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.counting import Counted
from models.outcomes.counts.tally import Tally
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.locked import PRIMARY
from models.outcomes.question.vocabulary import Missing, Outcome, Warn, WindowName
from models.scales import all_scales

PHQ9: Final = all_scales()["phq9"]
FOOTER: Final = " Uncontrolled observational result; not evidence of efficacy."
CONTRADICTED: Final = Tally(121, 71, 106, 78, 47, 10, 23)


def found(tally: Tally, question: Estimand = PRIMARY, claim: float = 0.7, overlaps: int = 0) -> Answer:
    notes = {Warn.RECALL_OVERLAPS_PRE_TREATMENT: Tally(overlaps, overlaps, 0, 0, 0, 0, 0)} if overlaps else {}
    counted = Counted({}, {question.outcome: tally}, notes)
    return answer_from(counted, question, PHQ9, Claim(claim), as_of=date(2026, 6, 30))


def seen(met: int, of: int) -> Tally:
    return Tally(of, met, of, met, 0, 0, 0)


def test_a_contradicted_claim_is_refused_with_the_records_own_numbers() -> None:
    assert refused("supports", found(CONTRADICTED)) == (
        "Refused: the record contradicts 70 %: 42 % (71 of 168), 95 % interval 35 to 50 %."
    )
    assert refused("contradicts", found(CONTRADICTED)) is None


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        (seen(130, 200), "can be neither confirmed nor excluded: 65 % (130 of 200)"),
        (Tally(110, 80, 110, 80, 58, 0, 0), "too many were not scored in time"),
        (seen(7, 10), "withheld"),
        (seen(45, 50), "withheld"),
    ],
)
def test_support_is_refused_for_the_reason_of_the_verdict(tally: Tally, said: str) -> None:
    assert said in (refused(Choice.SUPPORTS, found(tally)) or "").lower()


def test_a_supported_claim_may_be_said_but_never_what_caused_it() -> None:
    supported = found(seen(164, 200))
    carried = {each.choice for each in wordings(supported) if each.refused is None}
    assert carried == {Choice.SUPPORTS, Choice.MOST, Choice.SEEN_ONLY}
    for choice in (Choice.BECAUSE, Choice.PROVEN, Choice.CURES):
        assert (
            "there is no comparison group; in trials, 9.4 to 52 % of people given the comparison treatment "
            "responded"
        ) in (refused(choice, supported) or "")
    assert "82 %" in (refused(Choice.ADVERTISED, supported) or "")


def test_the_rate_of_those_seen_alone_is_refused_with_the_number_it_leaves_out() -> None:
    wording = next(each for each in wordings(found(CONTRADICTED)) if each.choice is Choice.SEEN_ONLY)
    assert wording.words == "59 % of our patients responded"
    assert "leaves out the 47 not scored in time" in (wording.refused or "")


def test_most_needs_the_interval_above_half() -> None:
    assert "71 of 168" in (refused(Choice.MOST, found(CONTRADICTED)) or "")
    assert refused(Choice.MOST, found(seen(120, 200))) is None
    assert refused(Choice.MOST, found(seen(110, 200))) is not None
    harm = replace(PRIMARY, outcome=Outcome.DETERIORATION)
    assert "got worse" in (refused(Choice.MOST, found(seen(164, 200), harm)) or "")


def test_in_hours_needs_a_score_of_hours() -> None:
    assert "14 to 31 days" in (refused(Choice.HOURS, found(CONTRADICTED)) or "")


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("70 % of 168 people responded.", "70 %", "is the advertised rate; the record contradicts 70 %"),
        ("59% of 168 people responded.", "59%", "those scored again alone"),
        ("43 percent of 168 responded.", "43 percent", "is not the rate"),
        ("42.2 % of 168 responded.", "42.2 %", "is not the rate"),
        ("Seven in ten responded.", "Seven in ten", "say the counts instead"),
        ("42 in 100 responded.", "42 in 100", "say the counts instead"),
        ("71 of 121 responded.", "71 of 121", "the counts are 71 of 168"),
        ("42 % responded.", "42 %", "no denominator; the rate is of 168"),
        ("42 % of 168 responded.", "42 %", "stands without “Uncontrolled"),
        ("42 % of 168 got better because of ketamine.", "because of", "no comparison group"),
        ("Ketamine cured 71 of 168.", "cured", "no comparison group"),
        ("Proven: 71 of 168.", "Proven", "no comparison group"),
        ("An effective treatment.", "effective", "no comparison group"),
        ("Most people responded.", "Most", "does not lie above half"),
        ("They found relief.", "relief", "relief is not defined"),
        ("Better within hours.", "within hours", "14 to 31 days"),
        ("42 % (95 % interval 35 to 60 %) of 168.", "35 to 60 %", "is not the 95 % interval 35 to 50 %"),
        ("Two thirds of people responded.", "Two thirds of people", "say the counts instead"),
        ("Two-thirds got better.", "Two-thirds got better", "say the counts instead"),
        ("2/3 of all our patients improved.", "2/3 of all our patients", "say the counts instead"),
        ("At least half of our patients lost half their score.", "At least half of our patients", "counts"),
        (
            "More than half of our patients lost at least half their score.",
            "More than half of our patients",
            "half",
        ),
        ("Over half responded.", "Over half responded", "does not lie above half"),
        ("7 out of every 10 patients responded.", "7 out of every 10", "say the counts instead"),
        ("Seven-in-ten people respond.", "Seven-in-ten", "say the counts instead"),
        ("7/10 people responded.", "7/10", "say the counts instead"),
        ("120 patients out of 168 responded.", "120 patients out of 168", "the counts are 71 of 168"),
        ("70 pct of 168 responded.", "70 pct", "is the advertised rate"),
        ("More than 71 of 168 responded.", "71 of 168", "is the number itself, not “More than” it"),
        ("100 of 168 were scored again.", "100 of 168", "the counts are 71 of 168"),
        ("In trials, 9.4 to 62 % responded.", "9.4 to 62 %", "is not the 95 % interval"),
        ("Nineteen in twenty responded.", "Nineteen in twenty", "say the counts instead"),
        ("2 of 3 patients responded.", "2 of 3", "say the counts instead"),
        ("0.7 of patients respond.", "0.7", "is the advertised rate"),
        ("A share of .59 responded.", ".59", "those scored again alone"),
        ("Seventy per cent of 168 responded.", "Seventy per cent", "is the advertised rate"),
        ("10 to 50 % of 168.", "10 to 50 %", "is not the 95 % interval"),
        ("Between 35 and 60 % of 168.", "Between 35 and 60 %", "is not the 95 % interval"),
        ("0.35 to 0.60 of 168.", "0.35 to 0.60", "is not the 95 % interval"),
        ("121 people responded.", "121 people responded", "the counts are 71 of 168"),
        ("We have helped 168 people.", "helped", "no comparison group"),
        ("ketamine is a miracle", "miracle", "promises what no count of scores can"),
        ("A life-changing breakthrough.", "breakthrough", "promises"),
        ("It works wonders.", "wonders", "promises"),
        ("Guaranteed to transform your life.", "Guaranteed", "promises"),
        ("Seventy of our people did well.", "Seventy of our people did well", "the counts are 71 of 168"),
        ("Half did well.", "Half did well", "say the counts instead"),
        ("You have a 50/50 chance.", "50/50", "say the counts instead"),
        ("Two of the three brothers got better.", "Two of the three", "say the counts instead"),
        ("We see 50 % or more improvement.", "50 %", "is not the rate"),
        ("Response is 50 % or more improvement rate.", "50 %", "is not the rate"),
        ("Response is at least 50 % improvement in our patients.", "50 %", "is not the rate"),
        ("Response was 50 % improvement.", "50 %", "is not the rate"),
        ("Response was at least 50 %.", "50 %", "is not the rate"),
        ("Response is 30 % or more improvement.", "Response is 30 % or more improvement", "is not the rate"),
        ("Response is 50 % or more improvement; 70 % got there.", "70 %", "is the advertised rate"),
        ("71 of 168 people responded.", "71 of 168", "stands without “Uncontrolled"),
    ],
)
def test_a_sentence_is_told_which_of_its_words_are_not_carried(text: str, words: str, reason: str) -> None:
    findings = read_own_words(text, found(CONTRADICTED), PHQ9).objections
    assert any(each.words == words and reason in each.reason for each in findings), findings


@pytest.mark.parametrize(
    "text",
    [
        "71 of 168 people responded.",
        "71 (42 %) of 168 had a PHQ-9 at least half below baseline.",
        "71 of 168 lost at least half their depression score, or half of the baseline.",
        "Of 168 people treated with 0.5 mg/kg, 71 responded in 14 to 31 days.",
        "71/168 responded; 121 of 168 were scored again, 47 of 168 were not scored in time.",
        "71 patients out of 168 responded. In trials, 9.4 to 52 % of those given the comparison did.",
        "Forty-two per cent of 168 responded, or 0.42 (0.35 to 0.50).",
        "71 of 168 responded. Response is 50 % or more improvement.",
        "71 of 168 had a response (response was defined as a ≥ 50 % reduction in PHQ-9 score).",
        "71 of 168 responded; response means at least fifty per cent improvement from baseline.",
        "168 people were treated and 71 responded; a third infusion was given to some people.",
    ],
)
def test_a_sentence_that_tells_the_records_own_counts_fits(text: str) -> None:
    assert read_own_words(text + FOOTER, found(CONTRADICTED), PHQ9).fits


@pytest.mark.parametrize(
    "text",
    [
        "We are open on Mondays.",
        "Six infusions of 0.5 mg/kg in 3 weeks.",
        FOOTER.strip(),
        "Half an hour.",
        "Open 24/7 since 1/2/2019.",
    ],
)
def test_of_a_sentence_with_nothing_to_judge_nothing_is_said(text: str) -> None:
    reading = read_own_words(text, found(CONTRADICTED), PHQ9)
    assert reading == ((), ())
    assert not reading.fits


@pytest.mark.parametrize("share", ["42 %", "42.3 %", "42.26 %", "42,262 %", "0.42", "0.4226"])
def test_the_rate_may_be_written_with_any_number_of_decimals(share: str) -> None:
    answer = found(CONTRADICTED)
    said = (
        f"{share} responded (71 of 168; 95 % interval 35.0 to 49.82 %); 47 were not scored in time.{FOOTER}"
    )
    assert read_own_words(said, answer, PHQ9).fits
    assert not read_own_words(said.replace("2", "3", 1), answer, PHQ9).fits


def test_no_number_of_decimals_carries_the_rate_across_the_claim() -> None:
    """349 of 500 are 69.8 %, and 1,399 of 2,000 are 69.95 %."""
    for met, of, right, wrong in ((349, 500, "69", "70"), (1399, 2000, "69.9", "70.0")):
        answer = found(seen(met, of))
        assert read_own_words(f"{right} % of {of:,} responded.{FOOTER}", answer, PHQ9).fits
        findings = read_own_words(f"{wrong} % of {of:,} responded.{FOOTER}", answer, PHQ9).objections
        assert [each.words for each in findings] == [f"{wrong} %"]


def test_more_than_half_may_be_said_where_the_interval_lies_above_it() -> None:
    text = "More than half of 200 people responded: 120 of 200." + FOOTER
    assert read_own_words(text, found(seen(120, 200)), PHQ9).fits
    assert not read_own_words(text, found(seen(110, 200)), PHQ9).fits


@pytest.mark.parametrize("missing", list(Missing))
def test_the_generated_sentence_itself_has_no_findings(missing: Missing) -> None:
    answer = found(CONTRADICTED, replace(PRIMARY, missing=missing))
    assert read_own_words(sentence_of(answer, PHQ9), answer, PHQ9).fits


def test_a_rate_of_those_seen_says_so_in_the_same_sentence() -> None:
    answer = found(CONTRADICTED, replace(PRIMARY, missing=Missing.OBSERVED))
    findings = read_own_words("59 % of 121 responded." + FOOTER, answer, PHQ9).objections
    assert [each.reason for each in findings] == [
        "is a rate of those scored again alone; say so in the same sentence"
    ]
    assert read_own_words("59 % of 121 scored again responded." + FOOTER, answer, PHQ9).fits


def test_where_counts_are_withheld_no_number_passes_and_none_is_told() -> None:
    findings = read_own_words("70 %, 7 of 10, responded.", found(seen(14, 20)), PHQ9).objections
    assert any("Withheld" in each.reason for each in findings)
    assert not any("14" in each.reason for each in findings)


def test_twenty_four_hours_on_a_scale_of_two_weeks_is_refused() -> None:
    question = replace(PRIMARY, window=WindowName.H24)
    why = refused(Choice.HOURS, found(seen(30, 60), question, overlaps=60))
    assert "days before the infusion" in (why or "")
