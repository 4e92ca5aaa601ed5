"""The Claim page: the finding first, and an answer in words for every question that can be asked."""

from datetime import date
from itertools import cycle

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.charts.claim import changes, flow, quarter_words, stairs, unseen
from dashboard.charts.claim.hero import hero
from dashboard.charts.claim.quarters import quarters
from dashboard.charts.claim.rates import rates, rows_of
from dashboard.charts.claim.verdict_words import verdict_words
from dashboard.charts.claim.waterfall import waterfall
from dashboard.charts.outcome_words import outcome_words
from dashboard.charts.parts import parts_of
from dashboard.charts.words import NBSP
from dashboard.components.claim.claim_export import exported
from dashboard.components.claim.unseen_card import assumptions
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.answers.followup import by_quarter
from models.outcomes.answers.ways import staircase
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, Outcome, WindowName
from models.store.record import write
from tests.support.builders import (
    BY,
    NOW,
    course_facts,
    infusion_facts,
    moment,
    record_patient,
    score_facts,
)
from tests.support.clinics import TODAY, invented
from tests.support.pages import opened, ran, said


def test_a_harm_that_cannot_be_counted_does_not_vanish(record: Engine) -> None:
    for mrn, endpoint in (("1", 10), ("2", 26)):
        patient = record_patient(record, mrn)
        write.record_infusion(record, infusion_facts(patient, 0), by=BY, at=NOW)
        for day, total in ((0, 24), (7, endpoint)):
            scored = score_facts(patient, total, day=day, scale="hamd17", timing="before")
            write.record_assessment(record, scored, by=BY, at=NOW)
    page = opened(Page.CLAIM)
    for part, value in (("scale", "hamd17"), ("window", WindowName.D7), ("route", "any")):
        page.session_state[f"question-{part}"] = value
    page.session_state["question-treatment_resistant"] = "any"
    ran(page)
    assert "1 of 2 seen scored higher than at the start" in said(page)
    assert "Suicide item: nobody counted here answered it both before and after" in said(page)


def treated(record: Engine, mrn: str, first_day: int) -> None:
    """Somebody resistant with a baseline of 20, infused six times from that day of 2026 on."""
    patient_id = record_patient(record, mrn)
    begun = date.fromordinal(date(2026, 1, 1).toordinal() + first_day)
    course = course_facts(patient_id, begun, indication="depression", failed_trials_episode=3)
    write.record_course(record, course, by=BY, at=NOW)
    write.record_assessment(record, score_facts(patient_id, 20, day=first_day), by=BY, at=NOW)
    for day in range(first_day, first_day + 18, 3):
        given = infusion_facts(patient_id, day, given_at=moment(day, 10))
        write.record_infusion(record, given, by=BY, at=NOW)


def asking(app: AppTest, **parts: object) -> AppTest:
    for part, value in parts.items():
        app.session_state[f"question-{part}"] = value
    return ran(app)


@pytest.mark.parametrize(
    ("baseline", "words"),
    [
        (20, "Your one patient gets there on **23 Jun 2026**."),
        (9, "The one course begun is left out: 1 baseline below the limit."),
    ],
)
def test_a_single_patient_is_one(record: Engine, baseline: int, words: str) -> None:
    ruth = record_patient(record)
    course = course_facts(ruth, moment(142).date(), failed_trials_episode=2)
    write.record_course(record, course, by=BY, at=NOW)
    write.record_infusion(record, infusion_facts(ruth, 142), by=BY, at=NOW)
    write.record_assessment(record, score_facts(ruth, baseline, day=142), by=BY, at=NOW)
    assert words in said(opened(Page.CLAIM)).replace(NBSP, " ")


def test_an_empty_record_says_what_to_do_next(record: Engine) -> None:
    page = opened(Page.CLAIM)
    assert page.title[0].value == "No one can be counted yet"
    assert "Record a first infusion and the score before it to begin." in said(page)
    assert [button.label for button in page.main.button] == ["Record a score", "Import past scores"]
    assert not page.get("plotly_chart")


def test_while_every_window_is_open_it_says_who_gets_there_first_and_when(record: Engine) -> None:
    treated(record, "A1", first_day=120)
    treated(record, "A2", first_day=125)
    page = opened(Page.CLAIM)
    assert page.title[0].value == "No one can be counted yet"
    words = said(page).replace(NBSP, " ")
    assert "The first of your 2 patients gets there on **16 Jun 2026**." in words
    assert "2 begun, 2 still open" in words


def test_where_everyone_is_left_out_it_says_why(record: Engine) -> None:
    patient_id = record_patient(record, "A1")
    write.record_infusion(record, infusion_facts(patient_id, 10), by=BY, at=NOW)
    page = opened(Page.CLAIM)
    assert page.title[0].value == "No one can be counted this way"
    assert "begun is left out: 1 no score before the first infusion." in said(page)


def test_fourteen_patients_are_too_few_and_get_no_percentage_in_the_title(record: Engine) -> None:
    invented(record, 14)
    page = opened(Page.CLAIM)
    assert page.title[0].value.endswith("Too few to say.")
    assert "%" not in page.title[0].value
    assert "A rate needs at least **20** people." in said(page)


def test_the_title_is_the_finding_and_the_verdict_stands_above_it(demo: Engine) -> None:
    page = opened(Page.CLAIM)
    assert page.title[0].value == "41 in 100 responded. We advertise 70."
    words = said(page)
    assert "Our record contradicts the claim" in words
    assert "Locked question, as of 1 Jun 2026" in words.replace(NBSP, " ")
    assert "For **65 of the 159** people we can count" in words
    assert "Benefit and harm, same 159" in words
    assert "159 of 254 courses can be counted" in words


def test_every_figure_says_its_finding_and_its_question_to_a_screen_reader(demo: Engine) -> None:
    figures = opened(Page.CLAIM).get("plotly_chart")
    assert len(figures) == 7
    assert all("PHQ-9 response (at least 50 % below baseline)" in each.proto.alt for each in figures)


def test_how_it_is_counted_shows_everyone_treated_and_all_six_strategies(demo: Engine) -> None:
    page = opened(Page.CLAIM)
    assert not page.table
    page.session_state["how-counted"] = True
    tables = [table.value for table in ran(page).table]
    assert tables[0]["Courses"].iloc[0] == "Treated"
    assert int(tables[0]["Number"][0]) == sum(int(number) for number in tables[0]["Number"][1:])
    assert len(tables[1]) == len(Missing)


def test_a_table_stands_beside_every_chart_once_it_is_asked_for(demo: Engine) -> None:
    page = opened(Page.CLAIM)
    page.session_state["numbers-The numbers behind these charts"] = True
    assert len(ran(page).table) == 8
    assert [link.proto.label for link in page.get("link_button")] == ["Download these numbers"]


def test_another_question_is_called_exploratory(demo: Engine) -> None:
    page = asking(opened(Page.CLAIM), outcome=Outcome.REMISSION)
    assert page.title[0].value.startswith("Exploratory: ")
    assert "Exploratory: not the locked question." in page.info[0].value


def test_harm_gets_no_verdict_and_no_claim_beside_it(demo: Engine) -> None:
    page = asking(opened(Page.CLAIM), outcome=Outcome.DETERIORATION)
    assert page.title[0].value == "Exploratory: 3 of 111 seen got worse, 51 of 159 at worst"
    words = said(page)
    assert "No verdict on harm" in words
    assert "quarter" not in page.title[0].value
    assert len(page.get("plotly_chart")) == 3


def test_a_score_that_looks_back_before_treatment_is_warned_of_in_words(demo: Engine) -> None:
    page = asking(opened(Page.CLAIM), window=WindowName.D7)
    assert "Some of the scores counted ask about days before the first infusion." in said(page)


def test_a_manager_sees_the_same_answer(demo: Engine) -> None:
    page = opened(Page.CLAIM, role=Role.MANAGER)
    assert page.title[0].value == "41 in 100 responded. We advertise 70."


def test_a_name_of_the_record_in_the_question_cannot_speak_markdown(record: Engine) -> None:
    patient_id = record_patient(record)
    spy = "![x](http://evil.example/a.png)"
    write.record_course(record, course_facts(patient_id, clinician=spy), by=BY, at=NOW)
    write.record_infusion(record, infusion_facts(patient_id, 0), by=BY, at=NOW)
    write.record_assessment(record, score_facts(patient_id, 20), by=BY, at=NOW)
    page = asking(opened(Page.CLAIM), clinician=spy, treatment_resistant="any")
    assert page.session_state["question"].clinician == spy
    assert all(spy not in element.value for element in (*page.main.markdown, *page.main.caption))


EVERY_WINDOW = pytest.mark.parametrize(
    "windows", [[WindowName.M3], pytest.param(list(WindowName), marks=pytest.mark.thorough)], ids=len
)


@EVERY_WINDOW
def test_every_outcome_renders_in_every_window_under_one_strategy_or_another(
    demo: Engine, windows: list[WindowName]
) -> None:
    page, strategies = opened(Page.CLAIM), cycle(Missing)
    for window in windows:
        for outcome in Outcome:
            asking(page, window=window, outcome=outcome, missing=next(strategies))
            assert page.title[0].value


@EVERY_WINDOW
def test_every_outcome_window_and_strategy_has_its_words_and_figures(
    demo: Engine, windows: list[WindowName]
) -> None:
    scale = data.scales()["phq9"]
    for window in windows:
        for outcome in Outcome:
            for missing in Missing:
                question = Estimand.of(scale, outcome=outcome, window=window, missing=missing)
                drawn(question)


def drawn(question: Estimand) -> None:
    """Everything the page could draw of a question."""
    scale = data.scales()[question.scale]
    found = data.findings(question, one_by_one=True)
    rounding, rows = found.rounding, rows_of(found.answers, scale)
    parts = parts_of(found.answer.tally, question.missing, question.outcome)
    steps = flow.steps_of(found.answer.counts.excluded, found.answer.tally, question, scale)
    assert verdict_words(found.answer, scale, rounding).title
    assert hero(found.answer.rate, parts, rounding, did=outcome_words(question.outcome, scale).short).layout
    assert rates(rows, rounding).layout
    assert flow.flow(steps, parts).layout
    assert quarters(found.quarters, rounding).layout
    assert waterfall(found.changes, scale, one_by_one=True).layout
    assert quarter_words.title(found.quarters, rounding)
    assert changes.title(found.changes, scale)
    climbed = staircase(data.ways(question), question)
    assert stairs.stairs(climbed, question, scale, rounding).layout
    assert stairs.title(climbed, question, rounding)
    assumed = [*assumptions(found)]
    assert unseen.unseen(assumed, 0, 1, rounding).layout
    assert unseen.title(found.answer, rounding, "responded")
    assert sum(1 for _ in exported(found, rows, climbed, scale)) > len(rows)


@pytest.mark.parametrize(
    ("gate", "first_course"),
    [
        (10, True),
        (None, False),
        pytest.param(10, False, marks=pytest.mark.thorough),
        pytest.param(None, True, marks=pytest.mark.thorough),
    ],
)
def test_what_the_page_counts_at_once_is_what_each_question_counts_alone(
    demo: Engine, gate: int | None, *, first_course: bool
) -> None:
    scale, outcomes = data.scales()["phq9"], data.outcomes("phq9")
    for window in (WindowName.D7, WindowName.P14_31):
        for outcome in Outcome:
            for missing in Missing:
                question = Estimand.of(
                    scale,
                    outcome=outcome,
                    window=window,
                    missing=missing,
                    baseline_at_least=gate,
                    first_course=first_course,
                )
                found = data.findings(question, one_by_one=True)
                assert found.answer == answer(outcomes, question, scale, Claim(), as_of=TODAY)
                alone = [tuple(each) for each in by_quarter(outcomes, question, scale)]
                assert [tuple(each) for each in found.quarters] == alone
