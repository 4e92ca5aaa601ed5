"""The crisis text: shown before anything else, whose answer it was, stored or not."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.components.page.pages import Page
from models.store.engine.database import writing
from models.store.record import write
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW, SETTING, record_patient
from tests.support.pages import answer, choose, errors, opened, press, type_in
from tests.support.reading import only_score, patient


@pytest.fixture(name="ruth")
def _ruth(record: Engine) -> int:
    return record_patient(record, "1043", given_name="Ruth", family_name="Adler")


def phq9(ruth: int) -> AppTest:
    return opened(Page.RECORD, patient_id=ruth)


def another_scale(ruth: int, scale: str) -> AppTest:
    page = choose(opened(Page.RECORD, patient_id=ruth), f"what to record for {ruth}", "another")
    return type_in(page, "selectbox", f"what to record for {ruth}, another", scale)


def said_in_dialog(page: AppTest) -> str:
    """What stands over everything else."""
    return "\n".join(
        str(getattr(each, "value", "")) for block in page._tree[2].children.values() for each in block
    )


def unescaped(words: str) -> str:
    """As it is read, without what keeps it from being markdown."""
    return words.replace("\\", "")


def test_an_answer_about_suicide_warns_before_saving_and_shows_the_crisis_text_first(
    record: Engine, ruth: int
) -> None:
    page = answer(phq9(ruth), "213210212")
    assert "Item 9 is above 0" in page.warning[0].value
    page = press(page, "Save")
    assert only_score(record, ruth).suicide_item == 2
    first = page.error[0].value
    assert "**Ruth Adler, No. 1043, PHQ-9 question 9: 2, more than half the days.**" in unescaped(
        said_in_dialog(page)
    )
    assert "Nobody watches this in real time" in said_in_dialog(page)
    staff, patients = said_in_dialog(page).split("What to tell the patient:")
    assert "988" in patients
    assert "988" not in staff
    assert "1 last answer about suicide" in first + "".join(errors(page))
    page = press(page, "I have read this")
    assert not said_in_dialog(page)


def test_a_question_about_suicide_left_out_shows_the_crisis_text_too(record: Engine, ruth: int) -> None:
    page = press(answer(phq9(ruth), "21321021-"), "Save")
    page.checkbox[0].check()
    page = press(page, "Save")
    assert only_score(record, ruth).suicide_item is None
    assert "PHQ-9 question 9: left out" in unescaped(said_in_dialog(page))


def test_the_clinics_own_crisis_text_is_shown_plainly(record: Engine, ruth: int) -> None:
    words = "Call Dr Lind on 555 0100.\n\n![](http://elsewhere/x.png) <b>now</b>"
    facts = ClinicFacts.check({"crisis_text": words}, SETTING)
    write.save_clinic(record, facts, by=BY, at=NOW)
    page = press(answer(phq9(ruth), "000000001"), "Save")
    assert "Call Dr Lind on 555 0100" in said_in_dialog(page)
    assert "![](" not in said_in_dialog(page)


def test_a_refused_score_that_speaks_of_suicide_shows_the_crisis_text_though_nothing_is_stored(
    record: Engine, ruth: int
) -> None:
    page = answer(phq9(ruth), "--------3")
    page = press(page, "Save")
    assert patient(record, ruth).assessments == ()
    assert "Nothing is stored yet" in said_in_dialog(page)


def test_a_score_the_database_cannot_take_shows_the_crisis_text_as_well(
    record: Engine, ruth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = answer(phq9(ruth), "213210212")
    monkeypatch.setattr("models.store.engine.database.PATIENCE", 0.1)
    with writing(record):
        page = press(page, "Save")
    assert patient(record, ruth).assessments == ()
    assert "PHQ-9 question 9: 2, more than half the days" in unescaped(said_in_dialog(page))
    assert "Nothing is stored yet" in said_in_dialog(page)
    page = press(page, "I have read this")
    assert "busy, nothing was saved, try again" in errors(page)[0]
    press(page, "Save")
    assert only_score(record, ruth).suicide_item == 2


def test_a_correction_that_speaks_of_suicide_shows_the_crisis_text(record: Engine, ruth: int) -> None:
    press(answer(phq9(ruth), "213210210"), "Save")
    page = press(opened(Page.PATIENT, patient_id=ruth), "Correct", nth=-1)
    page = type_in(choose(page, "item 9", 1), "text_input", "why", "1 on the sheet")
    words = unescaped(said_in_dialog(press(page, "Save correction")))
    assert "Ruth Adler, No. 1043, PHQ-9 question 9: 1, several days" in words


def test_a_form_with_gaps_that_speaks_of_suicide_shows_the_crisis_text_before_it_is_stored(
    record: Engine, ruth: int
) -> None:
    page = press(answer(phq9(ruth), "213-10213"), "Save")
    assert "PHQ-9 question 9: 3, nearly every day" in unescaped(said_in_dialog(page))
    assert patient(record, ruth).assessments == ()


def test_a_suicide_item_typed_beside_a_total_raises_its_alert(record: Engine, ruth: int) -> None:
    page = type_in(another_scale(ruth, "madrs"), "number_input", "total", 31)
    page = press(choose(choose(page, "suicide item", 4), "recall_days", 1), "Save")
    score = only_score(record, ruth)
    assert (score.suicide_item, score.recall_days) == (4, 1)
    assert "MADRS question 10: 4.**" in unescaped(said_in_dialog(page))
