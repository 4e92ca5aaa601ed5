"""The Patient page: what is corrected or withdrawn there, and what then stands beside it."""

from datetime import date

import pytest
from sqlalchemy import Engine

from dashboard import entries
from dashboard.components.record.named import named
from dashboard.versions import version_of
from models.store.engine.errors import SupersededError
from models.store.record import write
from tests.support.builders import (
    BY,
    NOW,
    after,
    infusion_facts,
    score_facts,
)
from tests.support.pages import errors, press, said, said_in_dialog, type_in, widget
from tests.support.reading import patient
from tests.support.ruth import page_of, ruth_in, scored


@pytest.fixture(name="ruth")
def _ruth(record: Engine) -> int:
    return ruth_in(record)


def test_a_correction_shows_what_was_there_who_changed_it_and_why(record: Engine, ruth: int) -> None:
    row = scored(record, ruth, 14, day=38)
    page = press(page_of(ruth), "Correct", nth=2)
    assert widget(page, "number_input", "total").value == 14
    page = type_in(page, "number_input", "total", 9)
    page = press(page, "Save correction")
    assert "reason" in errors(page)[0].lower()
    page = press(type_in(page, "text_input", "why", "typed 14 for 9"), "Save correction")
    words = said(page)
    assert "From 21 to 9 in the window: response" in words
    assert "was **14** PHQ-9, moderate, corrected by clinician on 1\u00a0Jun\u00a02026" in words
    assert "typed 14 for 9" in words
    assert row


def test_a_correction_keeps_the_seconds_and_what_nobody_said(record: Engine, ruth: int) -> None:
    scored(record, ruth, 14, day=38, assessed_at=after(-60 * 24 * 100).replace(second=27))
    before = patient(record, ruth).assessments[-1]
    page = press(page_of(ruth), "Correct", nth=2)
    page = type_in(type_in(page, "number_input", "total", 9), "text_input", "why", "typed 14 for 9")
    press(page, "Save correction")
    assert patient(record, ruth).assessments[-1] == before._replace(total=9, row_id=before.row_id + 1)


def test_a_withdrawn_score_counts_nowhere_and_stays_with_its_reason(record: Engine, ruth: int) -> None:
    scored(record, ruth, 9, day=38)
    page = press(page_of(ruth), "Withdraw")
    page = press(type_in(page, "text_input", "why", "wrong one"), "Withdraw", nth=-1)
    assert "10 characters" in errors(page)[0]
    page = press(type_in(page, "text_input", "why", "this is somebody else's score"), "Withdraw", nth=-1)
    words = said(page)
    assert "never scored in the window" in words
    assert "withdrawn by clinician" in words
    assert "somebody else's score" in words


@pytest.mark.parametrize(
    ("label", "nth", "what"),
    [
        ("Withdraw", 0, "**PHQ-9 9, 4 Jan 2026, 09:00, before infusion 2, of Ruth Adler (1043)**"),
        (
            "Withdraw",
            2,
            "**Infusion 6, 40 mg, intravenous, 40 minutes, 18 Jan 2026, 10:00, of Ruth Adler (1043)**",
        ),
        ("Withdraw it", 0, "**Course begun 1 Jan 2026 for depression, 6 infusions, of Ruth Adler (1043)**"),
    ],
)
def test_what_is_withdrawn_is_named_before_the_reason_is_asked(
    record: Engine, ruth: int, label: str, nth: int, what: str
) -> None:
    scored(record, ruth, 9, day=3, timing="before")
    words = said_in_dialog(press(page_of(ruth), label, nth)).replace("\u00a0", " ")
    assert words.strip().startswith(what)


def test_an_infusion_that_the_record_in_hand_lacks_is_named_by_its_day(record: Engine, ruth: int) -> None:
    before = patient(record, ruth)
    row = write.record_infusion(record, infusion_facts(ruth, 21), by=BY, at=NOW).id
    said_of_it = named(before, version_of(ruth, "infusion", row)).replace("\u00a0", " ")
    assert said_of_it == "Infusion, 22 Jan 2026, 10:00, of Ruth Adler (1043)"


def test_a_correction_beaten_by_another_is_refused(record: Engine, ruth: int) -> None:
    row = scored(record, ruth, 14, day=38)
    facts = score_facts(ruth, 8, day=38)
    write.correct_assessment(record, row, facts, by="Dr Lind", at=after(1), why="typed 14 for 8")
    values = {"patient_id": ruth, "scale": "phq9", "assessed_at": facts.assessed_at, "total": 9}
    with pytest.raises(SupersededError, match="Dr Lind corrected this"):
        entries.correct(entries.ASSESSMENT, row, values, why="typed 14 for 9", save_key="a")


def test_an_infusion_is_corrected_to_the_milligram(record: Engine, ruth: int) -> None:
    page = press(page_of(ruth), "Correct", nth=3)
    page = type_in(type_in(page, "number_input", "dose_mg", 44), "text_input", "why", "44 on the sheet")
    press(page, "Save correction")
    given = patient(record, ruth).infusions[-1]
    assert (given.dose_mg, given.weight_kg, given.route) == (44, 80, "iv")


def test_a_course_is_ended_with_its_reason(record: Engine, ruth: int) -> None:
    page = press(page_of(ruth), "End it")
    page = press(type_in(page, "selectbox", "end_reason", "completed"), "End it", nth=-1)
    assert "Ended on 1\u00a0Jun\u00a02026: completed as planned." in said(page)
    (course,) = patient(record, ruth).courses
    assert (course.ended_on, course.end_reason) == (date(2026, 6, 1), "completed")
    assert course.failed_trials_episode == 4
