"""Two records of one person on the Patient page: found, compared, merged, undone."""

from datetime import date

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.components.page.pages import Page
from dashboard.patients import PatientRecord
from models.store.record import read, write
from tests.support.builders import BY, NOW, infusion_facts, patient_facts, record_patient, score_facts
from tests.support.merging import SISTERS, WHY, merge, registered_twice, stored_before_numbers_were_matched
from tests.support.pages import errors, opened, press, said, type_in

MERGE = "Merge: it is one person"


@pytest.fixture(name="pair")
def _pair(record: Engine) -> tuple[int, int]:
    return registered_twice(record)


def asked(patient_id: int, number: str) -> AppTest:
    """The dialog of this patient, with the other number typed."""
    page = press(opened(Page.PATIENT, patient_id=patient_id), "Same person as…")
    return type_in(page, "text_input", "number", number)


def links(record: Engine) -> dict[int, int]:
    return dict(read.record(record).links)


def test_both_records_stand_side_by_side_before_anything_is_saved(
    record: Engine, pair: tuple[int, int]
) -> None:
    page = asked(pair[0], "2077")
    table = page.table[-1].value
    assert list(table.columns) == ["", "No. 1043", "No. 2077"]
    assert table["No. 1043"].tolist()[0] == "Ruth Adler"
    assert table["No. 2077"].tolist() == ["Rut Adler", "–", "–", "15\xa0Jun\xa02025", "1", "1"]
    assert links(record) == {}


def test_merged_with_a_reason_the_page_has_everything_of_both(record: Engine, pair: tuple[int, int]) -> None:
    page = type_in(asked(pair[0], "2077"), "text_input", "why", WHY)
    page = press(page, MERGE)
    words = said(page)
    assert links(record) == {pair[1]: pair[0]}
    assert "No. 1043, also 2077" in words
    assert [one.label for one in page.expander] == ["All scores (2)", "Infusions (2)", "Merged records (1)"]
    assert "recorded under No. 2077" in words
    assert f"merged by clinician on 1\xa0Jun\xa02026 because “{WHY}”" in words


def test_undone_both_stand_for_themselves_and_the_page_says_what_was(
    record: Engine, pair: tuple[int, int]
) -> None:
    merge(record, *pair, at=0)
    page = press(opened(Page.PATIENT, patient_id=pair[0]), "Undo")
    page = press(type_in(page, "text_input", "why", SISTERS), "Undo the merge")
    assert links(record) == {}
    assert f"undone by clinician on 1\xa0Jun\xa02026 because “{SISTERS}”" in said(page)
    assert [one.label for one in page.expander][-1] == "Merged records (0)"


def test_a_reason_is_asked_for(record: Engine, pair: tuple[int, int]) -> None:
    page = press(type_in(asked(pair[0], "2077"), "text_input", "why", "twice"), MERGE)
    assert "10 characters or more" in errors(page)[0]
    assert links(record) == {}


def test_what_does_not_agree_is_said_first_and_confirmed(record: Engine, pair: tuple[int, int]) -> None:
    for row, patient, born in ((1, "1043", date(1980, 5, 4)), (2, "2077", date(1980, 4, 5))):
        facts = patient_facts(patient, birth_date=born)
        write.correct_patient(record, row, facts, by=BY, at=NOW, why="asked her")
    page = type_in(asked(pair[0], "2077"), "text_input", "why", WHY)
    assert errors(page) == ["Born\\: 1980-05-04 in No. 1043, 1980-04-05 in No. 2077."]
    page = press(page, MERGE)
    assert links(record) == {}
    page.checkbox[0].check()
    press(page.run(), MERGE)
    assert links(record) == {pair[1]: pair[0]}


def test_what_would_count_twice_cannot_be_confirmed(record: Engine, pair: tuple[int, int]) -> None:
    write.record_infusion(record, infusion_facts(pair[1], 0), by=BY, at=NOW)
    page = asked(pair[0], "2077")
    assert "withdraw it in one of the two first" in errors(page)[0]
    assert not page.checkbox


@pytest.mark.parametrize(
    ("number", "words"),
    [("9999", "Nobody has the number **9999**"), ("１０４３", "No. **1043** is this record already")],
)
def test_a_number_that_names_no_other_record_is_said(
    record: Engine, pair: tuple[int, int], number: str, words: str
) -> None:
    assert any(words in one.value for one in asked(pair[0], number).markdown)


def test_the_retired_number_and_name_find_the_survivor_and_say_so(
    record: Engine, pair: tuple[int, int]
) -> None:
    merge(record, *pair, at=0)
    for typed in ("2077", "Rut Adler", "２０７７"):
        page = opened(Page.PATIENT)
        page = type_in(page, "text_input", "patient search", typed)
        found = [button.label for button in page.button if str(button.key).startswith("choose ")]
        assert found == ["Adler, Ruth\u2003:gray[No. 1043, also 2077]"]


def test_whoever_looks_at_the_retired_record_sees_the_survivors(
    record: Engine, pair: tuple[int, int]
) -> None:
    merge(record, *pair, at=0)
    assert opened(Page.PATIENT, patient_id=pair[1]).title[0].value == "Adler, Ruth"
    found = data.patient(pair[1])
    assert isinstance(found, PatientRecord)
    assert found.person.numbers == "1043, also 2077"


def test_the_clinic_has_one_person_and_finds_them_by_both_numbers(
    record: Engine, pair: tuple[int, int]
) -> None:
    merge(record, *pair, at=0)
    page = opened(Page.CLINIC)
    assert page.dataframe[0].value["No."].tolist() == ["1043"]
    search = next(box for box in page.text_input if "umber" in box.label)
    page = search.set_value("2077").run()
    assert page.dataframe[0].value["No."].tolist() == ["1043"]


def test_numbers_that_read_alike_in_an_older_record_are_shown_to_be_merged(record: Engine) -> None:
    one = record_patient(record, "AB-12", family_name="Adler")
    stored_before_numbers_were_matched(record, "ab-１２", 2)
    page = opened(Page.PATIENT, patient_id=one)
    assert "reads like No. AB-12. Is it the same person?" in page.warning[0].value
    page = press(page, "Compare")
    page = press(type_in(page, "text_input", "why", WHY), MERGE)
    assert links(record) == {2: 1}
    assert not page.warning
    write.record_assessment(record, score_facts(2, 9), by=BY, at=NOW)
    assert read.record(record).assessments["patient_id"].to_list() == [1]
