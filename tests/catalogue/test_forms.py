"""Bad input, row 39: the same form twice, and two people at one row."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import entries
from dashboard.components.page.pages import Page
from models.store.engine.errors import SupersededError
from models.store.record import write
from tests.support.builders import BY, NOW, record_patient, score_facts
from tests.support.pages import answer, errors, opened, press
from tests.support.reading import only_score, patient

SCORE = {"scale": "phq9", "assessed_on": date(2026, 6, 1), "total": 9}


@pytest.mark.catalogue(row=39)
def test_row_39_a_double_click_stores_one_row(record: Engine, ruth: int) -> None:
    def click(_: int) -> int:
        values = {"patient_id": ruth, **SCORE}
        return entries.store(entries.ASSESSMENT, values, save_key="one sheet").id

    with ThreadPoolExecutor(8) as clicks:
        assert len(set(clicks.map(click, range(32)))) == 1
    assert only_score(record, ruth).total == 9


@pytest.mark.catalogue(row=39)
def test_row_39_the_same_form_in_two_tabs_is_stored_once(
    record: Engine, recording: AppTest, ruth: int
) -> None:
    other = answer(opened(Page.RECORD, patient_id=ruth), "111111110")
    press(answer(recording, "111111110"), "Save")
    press(other, "Save")
    assert errors(other) == []
    assert only_score(record, ruth).total == 8


@pytest.mark.catalogue(row=39)
def test_row_39_another_answer_in_a_second_tab_overwrites_nothing(
    record: Engine, recording: AppTest, ruth: int
) -> None:
    other = answer(opened(Page.RECORD, patient_id=ruth), "222222220")
    press(answer(recording, "111111110"), "Save")
    press(other, "Save")
    assert "already recorded. Yours is below, nothing is lost" in errors(other)[0]
    assert other.metric[0].value == "16"
    assert only_score(record, ruth).total == 8


@pytest.mark.catalogue(row=39)
def test_row_39_a_sheet_sent_again_answers_with_what_it_stored(record: Engine, ruth: int) -> None:
    """Back, and the same form once more: the sheet keeps its key, whatever was changed on it since."""
    first = write.record_assessment(record, score_facts(ruth, 9), by=BY, at=NOW, save_key="one sheet")
    again = write.record_assessment(record, score_facts(ruth, 9), by=BY, at=NOW, save_key="one sheet")
    assert (again.id, again.already) == (first.id, True)
    assert len(patient(record, ruth).assessments) == 1


@pytest.mark.catalogue(row=39)
def test_row_39_of_two_corrections_the_second_is_told_of_the_first(record: Engine) -> None:
    ruth = record_patient(record)
    row = write.record_assessment(record, score_facts(ruth, 9), by=BY, at=NOW).id
    write.correct_assessment(record, row, score_facts(ruth, 10), by="Dr Lind", at=NOW, why="misread")
    with pytest.raises(SupersededError, match="Dr Lind corrected this"):
        write.correct_assessment(record, row, score_facts(ruth, 11), by=BY, at=NOW, why="misread")
    assert only_score(record, ruth).total == 10
