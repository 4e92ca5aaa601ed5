"""The Record page: whom it is about, and what is recorded."""

import pytest
from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from tests.support.builders import record_patient
from tests.support.pages import choose, errors, opened, press, said, type_in, widget
from tests.support.reading import patient


def test_an_empty_record_asks_for_its_first_patient(record: Engine) -> None:
    page = opened(Page.RECORD)
    assert page.title[0].value == "Add the first patient"
    assert "under *Import*" in said(page)


@pytest.mark.parametrize("typed", ["adler", "ruth a", "1043", "ADLER, Ruth", "Rúth"])
def test_a_patient_is_found_by_any_part_of_name_or_number(record: Engine, typed: str) -> None:
    record_patient(record, "1043", given_name="Ruth", family_name="Adler")
    record_patient(record, "2077", given_name="Nils", family_name="Bakke")
    page = type_in(opened(Page.RECORD), "text_input", "patient search", typed)
    (found,) = [button for button in page.button if "No" in button.label and button.label != "New patient"]
    press(page, found.label)
    assert page.title[0].value == "PHQ-9 for Ruth Adler"


def test_of_many_hits_the_first_are_shown_and_the_rest_counted(record: Engine) -> None:
    for number in range(12):
        record_patient(record, f"10{number:02}", family_name="Adler")
    assert "and 4 more" in said(opened(Page.RECORD))


def test_a_search_without_a_hit_offers_a_new_patient_with_what_was_typed(record: Engine) -> None:
    page = type_in(opened(Page.RECORD), "text_input", "patient search", "Adler, Ruth")
    assert "Nobody here is called **Adler, Ruth**" in said(page)
    page = press(page, "New patient")
    assert widget(page, "text_input", "family_name").value == "Adler"
    page = press(page, "Add")
    assert errors(page) == ["Patient number is needed"]
    page = press(type_in(page, "text_input", "mrn", "1043"), "Add")
    assert page.title[0].value == "PHQ-9 for Ruth Adler"
    assert patient(record, 1).person.mrn == "1043"


def test_a_number_used_twice_shows_who_has_it(record: Engine) -> None:
    record_patient(record, "1043", given_name="Ruth", family_name="Adler")
    page = press(type_in(opened(Page.RECORD), "text_input", "patient search", "1043 Nils"), "New patient")
    page = type_in(page, "text_input", "mrn", "1043")
    page = type_in(page, "text_input", "family_name", "Bakke")
    page = press(page, "Add")
    assert "Patient number 1043 is already recorded" in errors(page)[0]
    assert widget(page, "text_input", "family_name").value == "Bakke"


def test_a_name_is_shown_as_it_is_and_never_as_markdown(record: Engine) -> None:
    name = "![x](http://elsewhere/x.png) <b>:red[$x$]"
    page = opened(Page.RECORD, patient_id=record_patient(record, "1", family_name=name))
    assert "![" not in page.title[0].value
    assert "<b>" not in page.title[0].value


def test_scales_asked_before_are_one_press_away(record: Engine) -> None:
    page = opened(Page.RECORD, patient_id=record_patient(record))
    assert widget(page, "button_group", "what to record for 1").options == [
        "Infusion",
        "PHQ-9",
        "Another scale",
    ]
    page = choose(page, "what to record for 1", "another")
    page = type_in(page, "selectbox", "what to record for 1, another", "gad7")
    page = press(type_in(page, "text_input", "digits", "1111111"), "Save")
    assert "GAD-7" in widget(page, "button_group", "what to record for 1").options


def test_a_practice_manager_is_told_whose_page_it_is(record: Engine) -> None:
    page = opened(Page.RECORD, role=Role.MANAGER, patient_id=record_patient(record))
    assert "Adler" not in said(page)
    assert not page.metric
