"""The locked question on the Claim page: its history, its looks, and another one locked by a manager."""

from dataclasses import replace

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.outcomes.question.locked import PRIMARY, question_hash
from models.outcomes.question.vocabulary import Outcome
from models.store.record import write
from models.tables.facts import ClaimFacts
from tests.support.bringing import plain
from tests.support.builders import NOW
from tests.support.clinics import invented
from tests.support.pages import errors, opened, press, ran, said, type_in


def unfolded(engine: Engine, role: Role = Role.MANAGER, **parts: object) -> AppTest:
    invented(engine, 120)
    return unfolded_again(role, **parts)


def unfolded_again(role: Role = Role.MANAGER, **parts: object) -> AppTest:
    """The page of a record that is there already."""
    page = opened(Page.CLAIM, role=role)
    page.session_state["locks"] = True
    for part, value in parts.items():
        page.session_state[f"question-{part}"] = value
    return ran(page)


def history(page: AppTest) -> list[str]:
    """The line of each lock, the latest first."""
    return [each.value for each in page.main.markdown if each.value.startswith("**Locked ")]


def test_the_primary_question_was_locked_before_anybody_looked(record: Engine) -> None:
    page = unfolded(record)
    (line,) = history(page)
    assert " by seventy" in line
    assert f"hash {question_hash(PRIMARY)[:12]}" in line
    assert "looked at **once**" in said(page)


def test_drawing_the_page_again_is_no_new_look(record: Engine) -> None:
    ran(unfolded(record))
    lock = data.ledger().lock
    assert lock is not None
    assert len(data.looks(lock.id)) == 1


def test_an_exploratory_answer_is_no_look(record: Engine) -> None:
    invented(record, 60)
    page = opened(Page.METHODS, role=Role.MANAGER)
    page.session_state["question-outcome"] = Outcome.REMISSION
    ran(page)
    lock = data.ledger().lock
    assert lock is not None
    assert data.looks(lock.id) == []


def test_another_question_is_locked_with_a_reason_and_the_first_stays_visible(record: Engine) -> None:
    page = unfolded(record, outcome=Outcome.REMISSION)
    press(page, "Lock the question asked now")
    assert errors(page)
    assert len(data.ledger().locks) == 1
    type_in(page, "text_input", "why", "agreed for the year 2027")
    press(page, "Lock the question asked now")
    latest, first = history(page)
    assert "agreed for the year 2027" in latest
    assert " by seventy" in first
    assert data.ledger().question.outcome is Outcome.REMISSION
    assert not page.title[0].value.startswith("Exploratory")


def test_a_locked_question_whose_scale_is_gone_is_not_answered_with_another(record: Engine) -> None:
    lost = replace(PRIMARY, scale="mood")
    write.lock_question(record, lost, claim=None, by="Dr Roe", at=NOW, reason="ours")
    page = unfolded(record)
    assert "The locked question cannot be answered" in errors(page)[0]
    assert "mood" in errors(page)[0]
    assert any(each.value.startswith("Exploratory: ") for each in page.main.title)
    assert data.looks(data.ledger().locks[-1].id) == []
    told = plain(said(page)).replace("\u00a0", " ")
    assert "mood response 14 to 31 days after" in told
    assert "The file of the scale mood is gone, cannot be read" in told
    assert "{" not in told


def test_what_was_locked_before_stands_beside_the_verdict_with_its_answer(record: Engine) -> None:
    first = unfolded(record).title[0].value
    page = unfolded_again(outcome=Outcome.REMISSION)
    assert not [each for each in page.info if "Locked before" in each.value]
    type_in(page, "text_input", "why", "It looks better")
    press(page, "Lock the question asked now")
    (before,) = [each.value for each in page.info if "Locked before" in each.value]
    assert before.startswith("**The 2nd question locked**")
    assert "“It looks better”" in before
    assert first in before
    assert "may have been chosen knowing them" in said(page)
    assert "been looked at **once**: it" in said(page)


def test_a_clinician_reads_the_history_and_locks_nothing(record: Engine) -> None:
    page = unfolded(record, role=Role.CLINICIAN, outcome=Outcome.REMISSION)
    assert len(history(page)) == 1
    assert "Lock the question asked now" not in [button.label for button in page.button]


def test_the_claim_the_clinic_corrects_is_the_one_it_is_judged_by(record: Engine) -> None:
    invented(record, 60)
    advertised = data.ledger().advertised
    assert advertised is not None
    facts = ClaimFacts(words=advertised.words, rate=0.8, source="Our own leaflet")
    write.correct_claim(record, advertised.id, facts, by="a test", at=NOW, why="the leaflet says 80")
    assert data.findings(PRIMARY, one_by_one=True).answer.claim.rate == 0.8
    assert "We advertise 80." in said(opened(Page.CLAIM))
