"""The Settings page: the clinic's own words, units and clock."""

from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.store.record import read, write
from tests.support.builders import BY, NOW, moment, record_patient, score_facts
from tests.support.pages import choose, errors, opened, press, said, type_in, widget


def test_settings_are_stored_and_used_from_then_on(record: Engine) -> None:
    page = opened(Page.SETTINGS, role=Role.MANAGER)
    page = type_in(page, "text_input", "name", "Harbour Ketamine")
    page = choose(page, "weight_unit", "lb")
    page = type_in(page, "number_input", "planned_infusions", 8)
    page = press(type_in(page, "text_area", "crisis_text", "Call us.\n\nOr 988."), "Save")
    clinic = read.record(record).clinic
    assert (clinic.name, clinic.weight_unit, clinic.planned_infusions) == ("Harbour Ketamine", "lb", 8)
    assert clinic.crisis_text == "Call us.\n\nOr 988."
    assert "Stored" in said(page)
    assert widget(page, "text_input", "name").value == "Harbour Ketamine"


def test_another_time_zone_says_first_what_falls_on_another_day(record: Engine) -> None:
    one = record_patient(record)
    for day, hour in ((10, 2.0), (11, 9.0)):
        facts = score_facts(one, 12, day=day, assessed_at=moment(day, hour))
        write.record_assessment(record, facts, by=BY, at=NOW)
    page = opened(Page.SETTINGS, role=Role.MANAGER)
    assert not page.warning
    page = type_in(page, "selectbox", "time_zone", "America/New_York")
    assert "1 of 2 scores and 0 of 0 infusions" in page.warning[0].value
    press(page, "Save")
    assert read.record(record).clinic.time_zone == "America/New_York"
    assert read.record(record).assessments["day"].to_list() == [20463, 20465]


def test_a_plan_that_cannot_be_is_refused_and_stays(record: Engine) -> None:
    page = type_in(opened(Page.SETTINGS, role=Role.MANAGER), "number_input", "planned_infusions", 0)
    page = press(page, "Save")
    assert "Planned infusions" in errors(page)[0]
    assert widget(page, "number_input", "planned_infusions").value == 0
    assert read.record(record).clinic.planned_infusions == 6


def test_an_empty_crisis_text_is_refused(record: Engine) -> None:
    page = press(type_in(opened(Page.SETTINGS, role=Role.MANAGER), "text_area", "crisis_text", " "), "Save")
    assert len(errors(page)) == 1
    assert "988" in read.record(record).clinic.crisis_text


def test_who_saved_meanwhile_keeps_what_they_changed(record: Engine) -> None:
    page = type_in(opened(Page.SETTINGS, role=Role.MANAGER), "text_input", "name", "Harbour Ketamine")
    theirs = read.record(record).clinic.model_copy(update={"crisis_text": "Call us.", "keep_years": 12})
    write.save_clinic(record, theirs, by="another", at=NOW)
    press(page, "Save")
    assert read.record(record).clinic == theirs.model_copy(update={"name": "Harbour Ketamine"})


def test_of_two_who_change_the_same_the_second_sees_both_and_then_decides(record: Engine) -> None:
    page = type_in(opened(Page.SETTINGS, role=Role.MANAGER), "text_area", "crisis_text", "Mine.")
    theirs = read.record(record).clinic.model_copy(update={"crisis_text": "Theirs.", "keep_years": 12})
    write.save_clinic(record, theirs, by="another", at=NOW)
    page = press(page, "Save")
    assert read.record(record).clinic == theirs
    assert "already recorded. Yours is below" in errors(page)[0]
    assert page.table[0].value.to_numpy().tolist() == [["Crisis text", "Theirs.", "Mine."]]
    assert any("save again" in caption.value for caption in page.caption)
    assert widget(page, "text_area", "crisis_text").value == "Mine."
    press(page, "Save")
    assert read.record(record).clinic == theirs.model_copy(update={"crisis_text": "Mine."})


def test_a_clinician_is_told_whose_page_it_is(record: Engine) -> None:
    page = opened(Page.SETTINGS)
    assert not page.text_area
    assert record
