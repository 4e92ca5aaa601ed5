"""The Patient page: where a course stands and why, and every row with what was corrected."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from dashboard.components.patient.course_card import sentences
from models.outcomes.question.locked import PRIMARY
from models.store.record import write
from tests.support.builders import (
    BY,
    NOW,
    after,
    course_facts,
    infusion_facts,
    phq9_facts,
    record_patient,
    score_facts,
)
from tests.support.pages import choose, opened, press, said, type_in
from tests.support.reading import patient
from tests.support.ruth import page_of, ruth_in, scored


@pytest.fixture(name="ruth")
def _ruth(record: Engine) -> int:
    return ruth_in(record)


@pytest.mark.parametrize(("planned", "words"), [(1, "1 infusion planned."), (6, "6 infusions planned.")])
def test_what_was_planned_is_said_in_its_number(record: Engine, planned: int, words: str) -> None:
    patient_id = record_patient(record, "1043")
    course = course_facts(patient_id, planned_infusions=planned)
    write.record_course(record, course, by=BY, at=NOW)
    write.record_infusion(record, infusion_facts(patient_id, 0), by=BY, at=NOW)
    (found,) = patient(record, patient_id).courses
    assert words in [*sentences(found)]


def test_status_is_said_with_the_rule_spelled_out(record: Engine, ruth: int) -> None:
    scored(record, ruth, 9, day=38)
    words = said(page_of(ruth))
    assert "From 21 to 9 in the window: response" in words
    assert "**Response: yes.** Baseline 21, endpoint 9. Half of 21 is 10.5, so 10 or less counts." in words
    assert "**Remission: no.** 4 or less counts." in words
    assert "**Got worse: no.** From 21, 27 counts." in words


def test_what_happened_after_the_window_is_said_too(record: Engine, ruth: int) -> None:
    for total, day in ((9, 38), (12, 60), (10, 90)):
        scored(record, ruth, total, day=day)
    assert "**Since then:** 12, then 10. Still counts as response." in said(page_of(ruth))
    scored(record, ruth, 19, day=100)
    page = page_of(ruth)
    assert "12, then 10, then 19. No longer counts as response." in said(page)
    assert "Responded, lost since" in said(page)


def test_getting_worse_is_said_as_loud_as_getting_better(record: Engine, ruth: int) -> None:
    scored(record, ruth, 27, day=38)
    words = said(page_of(ruth))
    assert "From 21 to 27 in the window: clearly worse" in words
    assert "**Got worse: yes.**" in words


def test_a_closed_window_without_a_score_is_named(record: Engine, ruth: int) -> None:
    words = said(page_of(ruth))
    assert "21 at the start, never scored in the window" in words
    assert "Half of 21 is 10.5, so 10 or less counts." in words


def test_the_legend_names_a_band_too_low_for_its_name_and_no_mark_that_is_not_there(
    record: Engine, ruth: int
) -> None:
    assert "× due, not answered" in said(page_of(ruth))
    for total, day in ((30, 0), (0, 38)):
        write.record_assessment(record, score_facts(ruth, total, day, "sidas"), by=BY, at=after(1))
    asked = replace(PRIMARY, scale="sidas", baseline_at_least=None)
    write.lock_question(record, asked, claim=None, by=BY, at=after(2), reason="ours")
    (legend,) = (each.value for each in page_of(ruth).caption if "shaded column" in each.value)
    assert legend.endswith(r"SIDAS 0\: none")
    assert "due" not in legend


def test_an_open_window_says_when_it_closes(record: Engine) -> None:
    nils = record_patient(record, "2077")
    write.record_infusion(record, infusion_facts(nils, 148), by=BY, at=NOW)
    scored(record, nils, 18, day=148)
    assert "Not known before" in said(page_of(nils))


def test_a_course_without_a_baseline_says_why_nothing_can_be_said(record: Engine) -> None:
    nils = record_patient(record, "2077")
    write.record_infusion(record, infusion_facts(nils, 0), by=BY, at=NOW)
    scored(record, nils, 9, day=38)
    assert "No PHQ-9 was taken in the 14 days before the first infusion" in said(page_of(nils))


def test_the_page_says_why_that_score_is_the_baseline(record: Engine, ruth: int) -> None:
    scored(record, ruth, 24, day=-6)
    words = said(page_of(ruth))
    assert "the last PHQ-9 before the first infusion" in words
    assert "Not used: 24 on 26\u00a0Dec\u00a02025, because a later one is there." in words


def test_a_patient_without_an_infusion_is_told_what_comes_first(record: Engine) -> None:
    words = said(page_of(record_patient(record, "2077")))
    assert "Not begun" in words
    assert "Take the first score before the first infusion" in words


def test_nobody_chosen_asks_for_somebody(record: Engine) -> None:
    assert opened(Page.PATIENT).title[0].value == "No patients yet"
    record_patient(record, "2077")
    assert opened(Page.PATIENT).title[0].value == "Whose course?"


def test_the_suicide_item_is_followed_and_zero_is_not_called_safe(record: Engine, ruth: int) -> None:
    for day, answer in ((20, 2), (30, 0)):
        write.record_assessment(record, phq9_facts(ruth, item_9=answer, day=day), by=BY, at=NOW)
    words = said(page_of(ruth))
    assert "Last not endorsed, on 31\u00a0Jan\u00a02026." in words
    assert "the highest was 2" in words
    assert "Not endorsed is not the same as safe." in words
    write.record_assessment(record, phq9_facts(ruth, item_9=1, day=40), by=BY, at=NOW)
    words = said(page_of(ruth))
    assert "Last answered 1" in words
    assert "Not endorsed" not in words


def test_a_course_nobody_recorded_can_be_given_its_details(record: Engine) -> None:
    nils = record_patient(record, "2077")
    write.record_infusion(record, infusion_facts(nils, 0), by=BY, at=NOW)
    page = page_of(nils)
    assert "Nobody recorded it" in said(page)
    page = press(page, "Add its details")
    page = press(type_in(page, "number_input", "failed_trials_episode", 2), "Save")
    assert "2 failed trials in this episode: treatment-resistant." in said(page)
    (course,) = patient(record, nils).courses
    assert (course.started_on, course.is_recorded) == (date(2026, 1, 1), True)


def test_an_earlier_course_can_be_looked_at(record: Engine, ruth: int) -> None:
    write.record_infusion(record, infusion_facts(ruth, 140), by=BY, at=NOW)
    write.record_course(record, course_facts(ruth, date(2026, 5, 21)), by=BY, at=NOW)
    page = page_of(ruth)
    assert "Begun on 21\u00a0May\u00a02026" in said(page)
    page = choose(page, f"course of {ruth}", 1)
    assert "Begun on 1\u00a0Jan\u00a02026" in said(page)
    assert "21 at the start" in said(page)


def test_a_score_in_a_window_that_is_still_open_is_no_endpoint_yet(record: Engine) -> None:
    nils = record_patient(record, "2078")
    write.record_infusion(record, infusion_facts(nils, 0, given_at=after(-20 * 24 * 60)), by=BY, at=NOW)
    for total, days in ((20, 21), (9, 3)):
        facts = score_facts(nils, total, assessed_at=after(-days * 24 * 60))
        write.record_assessment(record, facts, by=BY, at=NOW)
    (figure,) = page_of(nils).get("plotly_chart")
    assert " so far" in figure.proto.spec
    assert "endpoint" not in figure.proto.spec


def test_somebody_scored_on_another_scale_is_shown_on_that_one(record: Engine) -> None:
    nils = record_patient(record, "2077")
    write.record_infusion(record, infusion_facts(nils, 0), by=BY, at=NOW)
    scored(record, nils, 30, day=0, scale="madrs")
    scored(record, nils, 12, day=20, scale="madrs")
    assert "From 30 to 12 in the window: response" in said(page_of(nils))


def test_a_patients_name_is_corrected(record: Engine, ruth: int) -> None:
    page = press(page_of(ruth), "Correct")
    page = type_in(type_in(page, "text_input", "family_name", "Adler-Roe"), "text_input", "why", "married")
    page = press(page, "Save correction")
    assert page.title[0].value == "Adler-Roe, Ruth"


def test_the_figure_is_there_and_can_be_read_by_day_date_and_infusion(record: Engine, ruth: int) -> None:
    page = page_of(ruth)
    for reading in ("date", "infusion", "day"):
        page = choose(page, "trajectory read by", reading)
        assert page.get("plotly_chart")


def test_a_practice_manager_sees_no_name(record: Engine, ruth: int) -> None:
    assert "Adler" not in said(opened(Page.PATIENT, role=Role.MANAGER, patient_id=ruth))
