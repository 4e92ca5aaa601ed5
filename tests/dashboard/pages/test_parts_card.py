"""Each part of the advertised sentence and the case mix agree with the answer, on the invented clinic."""

import re
from dataclasses import replace

from sqlalchemy import Engine

from dashboard import data
from dashboard.charts.words import Rounding
from dashboard.components.claim.parts_card import (
    FACETS,
    middle_in_words,
    mix_table,
    parts_table,
    questions_of,
    warnings_of,
)
from dashboard.components.page.pages import Page
from dashboard.components.question.estimand_picker import ASKED
from dashboard.parts import flattery_of, middle_of, mix_of, parts_of
from models.outcomes.answers.claim_parts import ClaimPart
from models.outcomes.counts.case_mix import Quartiles
from models.outcomes.question.locked import PRIMARY
from models.outcomes.question.vocabulary import Missing, Outcome
from tests.support.pages import opened, press, ran, said


def part(phrase: str, counted: str = "") -> ClaimPart:
    return next(
        each
        for each in parts_of(data.findings(PRIMARY, one_by_one=True))
        if each.phrase == phrase and counted in each.counted
    )


def test_each_facet_of_the_mix_adds_up_to_everyone_counted(demo: Engine) -> None:
    rate, groups = (
        data.findings(PRIMARY, one_by_one=True).answer.rate,
        mix_of(data.findings(PRIMARY, one_by_one=True)),
    )
    for facet in FACETS:
        mine = [group.rate for group in groups if group.facet == facet]
        assert sum(each.numerator for each in mine) == rate.numerator
        assert sum(each.denominator for each in mine) == rate.denominator


def test_no_group_is_milder_than_the_gate_or_less_treated_than_asked(demo: Engine) -> None:
    labels = {(group.facet, group.label) for group in mix_of(data.findings(PRIMARY, one_by_one=True))}
    assert (
        not {("severity", "minimal"), ("severity", "mild"), ("trials", "0–1"), ("trials", "unknown")} & labels
    )
    assert {label for facet, label in labels if facet == "route_given"} == {"iv"}


def test_relief_has_three_readings_and_response_is_the_answer(demo: Engine) -> None:
    readings = [
        each for each in parts_of(data.findings(PRIMARY, one_by_one=True)) if each.phrase == "found relief"
    ]
    assert [each.counted for each in readings] == ["an important change", "response", "remission"]
    assert readings[1].rate == data.findings(PRIMARY, one_by_one=True).answer.rate


def test_in_hours_is_refused_to_phq9_and_answered_by_scores_about_that_day(demo: Engine) -> None:
    rapid = part("in hours")
    assert "PHQ-9 asks about 14 days and cannot answer" in rapid.remark
    scores = data.record().assessments
    one_day = scores.filter(scores["scale"] == "madrs", scores["recall_days"] == 1)
    assert (rapid.rate is not None) == bool(one_day.height)


def test_harm_stands_beside_the_suicide_items_improvement(demo: Engine) -> None:
    change = data.findings(PRIMARY, one_by_one=True).suicide_item
    assert change is not None
    worse = part("suicidality", "worse").rate
    assert worse is not None
    assert worse[:2] == (change.worsened, change.answered)


def test_the_answer_about_suicide_is_of_whom_the_question_counts(demo: Engine) -> None:
    for missing in Missing:
        found = data.findings(replace(PRIMARY, missing=missing), one_by_one=True)
        change = found.suicide_item
        assert change is not None
        counted = change.answered + change.unanswered + change.unseen
        assert counted == found.answer.rate.denominator


def test_what_is_not_recorded_is_not_answered(demo: Engine) -> None:
    shown = parts_table(parts_of(data.findings(PRIMARY, one_by_one=True)), Rounding(0.7))
    other = shown[shown["The sentence"] == "alongside other therapies"].iloc[0]
    assert other["Our record"] == "cannot be answered"


def test_a_group_under_twenty_has_counts_and_no_percentage(demo: Engine) -> None:
    shown = mix_table(mix_of(data.findings(PRIMARY, one_by_one=True)), Rounding(0.7))
    small = [
        text
        for text, group in zip(shown["Rate"], mix_of(data.findings(PRIMARY, one_by_one=True)), strict=True)
        if group.rate.denominator < 20
    ]
    assert small
    assert not any("%" in text for text in small)


def test_a_part_asks_its_question_on_the_page(demo: Engine) -> None:
    told = parts_of(data.findings(PRIMARY, one_by_one=True))
    questions = questions_of(told, PRIMARY)
    assert {"PTSD", "found relief: remission", "people who have received ketamine"} <= {*questions}
    assert PRIMARY not in questions.values()
    page = opened(Page.CLAIM)
    page.session_state["parts"] = True
    page.run()
    press(page, "found relief: remission")
    assert page.session_state[ASKED] == questions["found relief: remission"]


def test_the_middle_of_those_counted_is_told_in_the_scales_own_points(demo: Engine) -> None:
    words = middle_in_words(middle_of(data.findings(PRIMARY, one_by_one=True)))
    assert re.search(r"baseline \d+(\.5)? \(\d+", words)
    assert "age at the first infusion" in words
    tenths = [Quartiles("baseline", 54.9, 60.15, 65, 4, 0)]
    assert middle_in_words(tenths).endswith("baseline 60.15 (54.9 to 65).")
    nobody = Quartiles("age", None, None, None, 0, 7)
    assert middle_in_words([nobody]).endswith("age at the first infusion: unknown of all.")


def test_both_open_on_the_claim_page(demo: Engine) -> None:
    page = opened(Page.CLAIM)
    page.session_state["parts"] = True
    page.session_state["mix"] = True
    words = said(ran(page))
    assert "What the record can say about each part" in words.replace("\\", "")
    assert len(page.table) == 2


def test_a_question_about_another_outcome_keeps_the_parts(demo: Engine) -> None:
    assert parts_of(data.findings(replace(PRIMARY, outcome=Outcome.REMISSION), one_by_one=True))[
        0
    ].counted.startswith("remission")


def test_choosing_the_ill_is_warned_of_with_the_clinics_own_spread(demo: Engine) -> None:
    ill = flattery_of(data.findings(PRIMARY, one_by_one=True))
    assert ill is not None
    told = " ".join(warnings_of(ill, "10", Rounding(0.7)))
    assert f"{ill.fall:.1f} points lower" in told
    assert "at one of 6 visits with 63" in told
    assert flattery_of(data.findings(replace(PRIMARY, baseline_at_least=None), one_by_one=True)) is None
