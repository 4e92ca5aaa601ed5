"""The Record page, an infusion: dose and weight, the plan, the course the first one opens."""

from datetime import date, time

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.components.page.pages import Page
from models.store.record import write
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW, SETTING, course_facts, infusion_facts, record_patient
from tests.support.pages import choose, errors, on_day, opened, press, said, type_in, widget
from tests.support.reading import only_infusion, patient


@pytest.fixture(name="ruth")
def _ruth(record: Engine) -> int:
    return record_patient(
        record, "1043", given_name="Ruth", family_name="Adler", birth_date=date(1981, 3, 12)
    )


def infusion(ruth: int) -> AppTest:
    return choose(opened(Page.RECORD, patient_id=ruth), f"what to record for {ruth}", "infusion")


def dosed(page: AppTest, dose_mg: float, weight: float) -> AppTest:
    return type_in(type_in(page, "number_input", "dose_mg", dose_mg), "number_input", "weight", weight)


def settings(record: Engine, **values: object) -> None:
    write.save_clinic(record, ClinicFacts.check(values, SETTING), by=BY, at=NOW)


def test_a_first_infusion_opens_the_course_it_belongs_to(record: Engine, ruth: int) -> None:
    page = dosed(infusion(ruth), 41, 82)
    page = type_in(page, "number_input", "failed_trials_episode", 3)
    page = type_in(page, "text_input", "clock", "09:20")
    page = press(page, "Save")
    given = only_infusion(record, ruth)
    assert (given.dose_mg, given.weight_kg, given.route, given.minutes) == (41, 82, "iv", 40)
    assert (given.day, given.clock, given.number) == (date(2026, 6, 1), time(9, 20), 1)
    (course,) = patient(record, ruth).courses
    assert course.is_recorded
    assert (course.started_on, course.indication, course.planned_infusions) == (given.day, "depression", 6)
    assert (course.failed_trials_episode, course.failed_trials_lifetime) == (3, None)
    assert (page.metric[0].label, page.metric[0].value) == ("Infusion 1 stored", "0.5\u00a0mg/kg")


def test_mg_per_kg_stands_beside_dose_and_weight(ruth: int) -> None:
    page = infusion(ruth)
    assert (page.metric[0].value, page.metric[0].delta) == ("–", "usual plan 0.5\u00a0mg/kg")
    assert dosed(page, 60, 80).metric[0].value == "0.75\u00a0mg/kg"


def test_a_dose_out_of_the_usual_is_stored_only_after_somebody_said_so(record: Engine, ruth: int) -> None:
    page = press(dosed(infusion(ruth), 410, 82), "Save")
    assert "410 mg at 82 kg is 5 mg/kg" in errors(page)[0].replace("\\", "")
    assert patient(record, ruth).infusions == ()
    assert patient(record, ruth).courses == ()
    page.checkbox[0].check()
    press(page, "Save")
    assert only_infusion(record, ruth).dose_mg == 410


def test_an_impossible_weight_cannot_be_confirmed(record: Engine, ruth: int) -> None:
    page = press(dosed(infusion(ruth), 41, -3), "Save")
    assert errors(page)[0].replace("\\", "").startswith("Weight (kg)")
    assert not page.checkbox
    assert widget(page, "number_input", "dose_mg").value == 41
    assert patient(record, ruth).infusions == ()


def test_an_infusion_before_birth_is_refused(record: Engine, ruth: int) -> None:
    born = record_patient(record, "9", birth_date=date(2010, 1, 1))
    page = press(on_day(dosed(infusion(born), 41, 82), date(2009, 12, 31)), "Save")
    assert "birth" in errors(page)[0]
    assert patient(record, born).infusions == ()
    assert ruth


def test_the_clinics_usual_plan_and_unit_are_offered(record: Engine, ruth: int) -> None:
    settings(record, weight_unit="lb", route="im", minutes=5, planned_infusions=8)
    page = dosed(infusion(ruth), 41, 180)
    assert page.metric[0].value == "0.5\u00a0mg/kg"
    assert widget(page, "number_input", "planned_infusions").value == 8
    press(page, "Save")
    given = only_infusion(record, ruth)
    assert (given.weight_kg, given.route, given.minutes) == (81.647, "im", 5)


def test_a_weight_is_refused_in_the_unit_it_was_typed_in(record: Engine, ruth: int) -> None:
    settings(record, weight_unit="lb")
    page = press(dosed(infusion(ruth), -5, 2000), "Save")
    assert [error.replace("\\", "") for error in errors(page)] == [
        "Dose (mg) must be 0 to 5000; got -5",
        "Weight (lb) must be 22.05 to 1102; got 2000",
    ]
    page = press(dosed(page, 410, 180), "Save")
    assert "410 mg at 180 lb is 5.02 mg/kg" in errors(page)[0].replace("\\", "")


def test_two_weights_of_one_infusion_are_compared_in_the_clinics_unit(record: Engine, ruth: int) -> None:
    settings(record, weight_unit="lb")
    given = infusion_facts(ruth, given_at=None, given_on=date(2026, 6, 1), weight_kg=81.647)
    write.record_infusion(record, given, by=BY, at=NOW)
    page = press(dosed(infusion(ruth), 40, 200), "Save")
    table = page.table[0].value
    assert table.loc[table[""] == "Weight lb", ["Stored", "Yours"]].to_numpy().tolist() == [["180", "200"]]


def test_what_is_wrong_in_an_infusion_and_in_its_course_is_said_at_once(record: Engine, ruth: int) -> None:
    page = type_in(dosed(infusion(ruth), -5, 2), "number_input", "minutes", 40.5)
    page = type_in(page, "number_input", "failed_trials_episode", 3)
    page = press(type_in(page, "number_input", "failed_trials_lifetime", 1), "Save")
    told = "\n".join(errors(page)).replace("\\", "")
    for words in ("Minutes must be a whole number; got 40.5", "got -5", "got 2", "Failed trials in life"):
        assert words in told
    assert patient(record, ruth).infusions == ()


def test_the_last_weight_is_offered_and_taken_only_when_somebody_says_so(record: Engine, ruth: int) -> None:
    write.record_infusion(record, infusion_facts(ruth, 100), by=BY, at=NOW)
    page = infusion(ruth)
    field = widget(page, "number_input", "weight")
    assert (field.value, field.placeholder) == (None, "")
    page = press(page, "80 kg as last time")
    assert widget(page, "number_input", "weight").value == 80


def test_the_usual_dose_for_the_weight_is_offered_and_taken_only_when_somebody_says_so(ruth: int) -> None:
    page = infusion(ruth)
    assert not [button for button in page.button if "mg/kg" in button.label]
    page = type_in(page, "number_input", "weight", 76.1)
    assert widget(page, "number_input", "dose_mg").value is None
    page = press(page, "38 mg = 0.5\u00a0mg/kg at 76.1 kg")
    assert widget(page, "number_input", "dose_mg").value == 38


@pytest.mark.parametrize(
    ("field", "kind", "value"), [("weight", "number_input", -3), ("route", "button_group", "oral")]
)
def test_no_dose_is_offered_for_an_impossible_weight_or_another_route(
    ruth: int, field: str, kind: str, value: object
) -> None:
    page = type_in(type_in(infusion(ruth), "number_input", "weight", 76.1), kind, field, value)
    assert not [button for button in page.button if "mg/kg" in button.label]


def test_a_further_infusion_continues_the_course(record: Engine, ruth: int) -> None:
    write.record_course(record, course_facts(ruth, date(2026, 5, 20)), by=BY, at=NOW)
    page = infusion(ruth)
    assert not widget(page, "toggle", "begins course").value
    press(dosed(page, 41, 82), "Save")
    assert [course.started_on for course in patient(record, ruth).courses] == [date(2026, 5, 20)]


def test_after_a_long_pause_a_new_course_is_offered(record: Engine, ruth: int) -> None:
    write.record_infusion(record, infusion_facts(ruth, 0), by=BY, at=NOW)
    page = infusion(ruth)
    assert widget(page, "toggle", "begins course").value
    press(dosed(page, 41, 82), "Save")
    courses = patient(record, ruth).courses
    assert [(course.started_on, course.is_recorded) for course in courses] == [
        (date(2026, 1, 1), False),
        (date(2026, 6, 1), True),
    ]


def test_an_ended_course_is_not_continued_unasked(record: Engine, ruth: int) -> None:
    facts = course_facts(ruth, date(2026, 5, 1), ended_on=date(2026, 5, 20), end_reason="completed")
    write.record_course(record, facts, by=BY, at=NOW)
    assert widget(infusion(ruth), "toggle", "begins course").value


def test_failed_trials_in_life_cannot_be_fewer_than_in_the_episode(record: Engine, ruth: int) -> None:
    page = type_in(dosed(infusion(ruth), 41, 82), "number_input", "failed_trials_episode", 3)
    page = press(type_in(page, "number_input", "failed_trials_lifetime", 1), "Save")
    assert "Failed trials in life" in errors(page)[0]
    assert patient(record, ruth).infusions == ()
    assert "Save" in said(page)


def test_a_day_and_a_time_nobody_can_read_are_refused_together_and_kept(ruth: int, record: Engine) -> None:
    page = type_in(dosed(infusion(ruth), 41, 82), "text_input", "day", "20.11.2026")
    page = press(type_in(page, "text_input", "clock", "25:00"), "Save")
    assert [error.replace("\\", "") for error in errors(page)] == [
        "Time must be between 00:00 and 23:59; got '25:00'",
        "Given on must be written as 2026-02-01; got '20.11.2026'",
    ]
    assert widget(page, "text_input", "day").value == "20.11.2026"
    assert patient(record, ruth).infusions == ()


def test_yesterday_is_one_press(ruth: int) -> None:
    page = press(infusion(ruth), "Yesterday")
    assert widget(page, "text_input", "day").value == "2026-05-31"
    assert widget(press(page, "Today"), "text_input", "day").value == "2026-06-01"


@pytest.mark.parametrize(("dose_mg", "weight"), [(-5, 76), (38, -3), (38, 2000)])
def test_an_impossible_dose_or_weight_has_no_dose_for_the_weight(
    ruth: int, dose_mg: float, weight: float
) -> None:
    assert dosed(infusion(ruth), dose_mg, weight).metric[0].value == "–"


def test_what_was_said_of_a_value_is_said_no_more_of_another_and_confirms_nothing(
    record: Engine, ruth: int
) -> None:
    page = press(dosed(infusion(ruth), 410, 82), "Save")
    page.checkbox[0].check()
    page = dosed(page, 400, 82)
    assert errors(page) == []
    assert not page.checkbox
    page = press(page, "Save")
    assert "400 mg at 82 kg" in errors(page)[0]
    assert not page.checkbox[0].value
    assert patient(record, ruth).infusions == ()


def test_the_stored_card_says_how_it_was_given(ruth: int) -> None:
    page = press(dosed(infusion(ruth), 41, 82), "Save")
    assert page.metric[0].delta == "41 mg, intravenous, 40 minutes"
