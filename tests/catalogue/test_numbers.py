"""Bad input, rows 12 to 17 and 40: numbers that could be another number, or none."""

from datetime import date

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.components.page.pages import Page
from models.tables.facts import FactsError, InfusionFacts
from tests.catalogue.conftest import Send, Stored
from tests.support.builders import SETTING
from tests.support.pages import answer, choose, errors, opened, press, said, type_in, widget
from tests.support.reading import only_infusion, patient

DOSES = "mrn,given_at,route,dose_mg,weight_kg"
SCORES = "mrn,scale,assessed_at,total"
ITEMS = "mrn,scale,assessed_at," + ",".join(f"item_{number}" for number in range(1, 10))
AS_INFUSIONS = '[[table]]\nreads = "infusions"\n'


@pytest.fixture(name="dosing")
def _dosing(ruth: int) -> AppTest:
    return choose(opened(Page.RECORD, patient_id=ruth), f"what to record for {ruth}", "infusion")


def dosed(page: AppTest, dose_mg: float, weight_kg: float = 80) -> AppTest:
    page = type_in(page, "number_input", "dose_mg", dose_mg)
    return press(type_in(page, "number_input", "weight", weight_kg), "Save")


def words(page: AppTest) -> str:
    return "\n".join(errors(page)).replace("\\", "")


@pytest.mark.catalogue(row=12)
def test_row_12_semicolons_are_found_and_shown_and_a_decimal_comma_is_asked_about(
    send: Send, stored: Stored
) -> None:
    content = "mrn;given_at;route;dose_mg;weight_kg\n1;2025-03-03;iv;40,5;80\n"
    run = send("i.csv", content)
    assert run.document["files"][0]["read_as"] == "UTF-8, separated by semicolons"
    assert "separated by semicolons" in run.err
    assert run.status == 1
    assert "has a comma; write a decimal point, or declare" in run.document["rejections"][0]["reason"]
    assert send("i.csv", content, mapping=f'decimal = ","\n{AS_INFUSIONS}').status == 0
    assert stored().infusions["dose_mg"].to_list() == [40.5]


@pytest.mark.catalogue(row=13)
def test_row_13_half_a_milligram_never_becomes_five(send_row: Send, stored: Stored) -> None:
    (reason,) = send_row(DOSES, '1,2025-03-03,iv,"0,5",80')
    assert "'0,5' has a comma; write a decimal point" in reason
    assert stored().infusions.is_empty()


@pytest.mark.catalogue(row=14)
@pytest.mark.parametrize(
    ("dose_mg", "said_of_it"),
    [
        ("-40", "Dose (mg) must be 0 to 5000; got -40"),
        ("0", "Dose is usually 0.1 to 2 mg/kg iv; 0 mg at 80 kg is 0 mg/kg"),
        ("0.5", "0.5 mg at 80 kg is 0.00625 mg/kg"),
        ("400", "400 mg at 80 kg is 5 mg/kg"),
        ("4900", "4900 mg at 80 kg is 61.2 mg/kg"),
    ],
)
def test_row_14_an_unlikely_dose_is_asked_about_and_an_impossible_one_refused(
    send_row: Send, dosing: AppTest, record: Engine, ruth: int, dose_mg: str, said_of_it: str
) -> None:
    can_be_confirmed = dose_mg not in {"-40", "4900"}
    (reason,) = send_row(DOSES, f"1,2025-03-03,iv,{dose_mg},80")
    assert said_of_it in reason
    assert ("write yes in a column named confirmed" in reason) == can_be_confirmed
    again = send_row(f"{DOSES},confirmed", f"1,2025-03-03,iv,{dose_mg},80,yes")
    assert (again == []) == can_be_confirmed

    page = dosed(dosing, float(dose_mg))
    assert said_of_it in words(page)
    assert bool(page.checkbox) == can_be_confirmed
    assert patient(record, ruth).infusions == ()
    if can_be_confirmed:
        page.checkbox[0].check()
        press(page, "Save")
        assert only_infusion(record, ruth).dose_mg == float(dose_mg)


@pytest.mark.catalogue(row=14)
def test_row_14_a_dose_without_its_unit_is_left_out_and_named(send: Send, stored: Stored) -> None:
    run = send("i.csv", "mrn,given_at,route,dose,weight_kg\n1,2025-03-03,iv,0.5,80\n")
    assert run.document["files"][0]["left_out"] == ["dose"]
    assert stored().infusions["dose_mg"].to_list() == [None]


@pytest.mark.catalogue(row=15)
@pytest.mark.parametrize(
    ("answers", "said_of_it"),
    [
        ("1,1,1,4,1,1,1,1,0", "PHQ-9 item 4 runs from 0 to 3; got 4"),
        ("1,1,1,-1,1,1,1,1,0", "PHQ-9 item 4 runs from 0 to 3; got -1"),
        ("1,1,1,2.5,1,1,1,1,0", "'2.5' must be a whole number"),
        (",,,1,1,1,1,1,0", "PHQ-9 needs at least 7 of its 9 items answered; got 6"),
    ],
)
def test_row_15_an_answer_off_its_range_refuses_its_row(
    send_row: Send, stored: Stored, answers: str, said_of_it: str
) -> None:
    (reason,) = send_row(ITEMS, f"1,phq9,2025-03-03,{answers}")
    assert said_of_it in reason
    assert stored().assessments.is_empty()


@pytest.mark.catalogue(row=15)
def test_row_15_a_total_that_is_not_the_sum_is_refused(send_row: Send) -> None:
    (reason,) = send_row(f"{ITEMS},total", "1,phq9,2025-03-03,1,1,1,1,1,1,1,1,0,9")
    assert reason == "PHQ-9: the total must be what its items come to, 8; got 9"


@pytest.mark.catalogue(row=15)
def test_row_15_an_item_left_out_is_prorated_and_says_so(
    send_row: Send, stored: Stored, recording: AppTest
) -> None:
    assert send_row(ITEMS, "1,phq9,2025-03-03,2,2,2,,2,2,2,2,0") == []
    assert stored().assessments.select("total", "status").rows() == [(16, "prorated")]
    page = press(answer(recording, "222-22220"), "Save")
    assert "Item 4 has no answer" in words(page)
    page.checkbox[0].check()
    assert "prorated" in said(press(page, "Save"))


@pytest.mark.catalogue(row=15)
@pytest.mark.parametrize(("digits", "got"), [("111411110", "4"), ("1112.5111", ".")])
def test_row_15_the_form_takes_no_answer_that_is_not_on_the_scale(
    recording: AppTest, digits: str, got: str
) -> None:
    page = answer(recording, digits)
    assert f"runs from 0 to 3; got {got}" in words(page)
    assert widget(page, "button_group", "item 1").value is None


@pytest.mark.catalogue(row=16)
@pytest.mark.parametrize("text", ["5", " 5 ", "5.0", "05"])
def test_row_16_five_is_five(send_row: Send, stored: Stored, text: str) -> None:
    assert send_row(SCORES, f"1,phq9,2025-03-03,{text}") == []
    assert stored().assessments["total"].to_list() == [5]


@pytest.mark.catalogue(row=16)
@pytest.mark.parametrize("text", ["٥", "５", "1_0", "5.5", "+5", "5e0", "0x5", "V", "½", "5 0"])
def test_row_16_what_only_looks_like_a_number_is_none(send_row: Send, stored: Stored, text: str) -> None:
    (reason,) = send_row(SCORES, f"1,phq9,2025-03-03,{text}")
    assert reason == f"{text!r} must be a whole number in plain digits"
    assert stored().assessments.is_empty()


@pytest.mark.catalogue(row=16)
@pytest.mark.parametrize("digit", ["٥", "５", "²"])
def test_row_16_the_form_takes_plain_digits_alone(recording: AppTest, digit: str) -> None:
    assert f"PHQ-9 item 1 runs from 0 to 3; got {digit}" in words(answer(recording, f"{digit}13210210"))


@pytest.mark.catalogue(row=17)
@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-inf", "1e400", "-0", "-0.0"])
def test_row_17_what_is_no_quantity_is_refused_in_a_file(send_row: Send, stored: Stored, text: str) -> None:
    assert len(send_row(SCORES, f"1,phq9,2025-03-03,{text}")) == 1
    assert len(send_row(DOSES, f"1,2025-03-03,iv,{text},80")) == 1
    assert stored().assessments.is_empty()
    assert stored().infusions.is_empty()


@pytest.mark.catalogue(row=17)
@pytest.mark.parametrize("dose_mg", [float("nan"), float("inf"), -float("inf"), -0.0])
def test_row_17_what_is_no_quantity_is_no_fact(dose_mg: float) -> None:
    values = {"patient_id": 1, "given_on": date(2026, 1, 5), "dose_mg": dose_mg, "confirmed": True}
    with pytest.raises(FactsError, match=r"Dose \(mg\) must be"):
        InfusionFacts.check(values, SETTING)


@pytest.mark.catalogue(row=17)
@pytest.mark.parametrize("field", ["dose_mg", "weight", "minutes"])
def test_row_17_the_form_takes_no_zero_with_a_sign(dosing: AppTest, field: str) -> None:
    page = press(type_in(dosing, "number_input", field, -0.0), "Save")
    assert "got -0" in words(page)


@pytest.mark.catalogue(row=40)
@pytest.mark.parametrize(("decimal", "kept"), [(".", 40.125), (",", None)])
def test_row_40_what_may_be_thousands_is_asked_about(
    send: Send, stored: Stored, decimal: str, kept: float | None
) -> None:
    content = f"{DOSES}\n1,2025-03-03,iv,40.125,80\n"
    run = send("i.csv", content)
    assert run.status == 1
    assert "'40.125' could be thousands" in run.document["rejections"][0]["reason"]
    run = send("i.csv", content, mapping=f'decimal = "{decimal}"\n{AS_INFUSIONS}')
    assert run.status == (1 if kept is None else 0)
    assert stored().infusions["dose_mg"].to_list() == ([] if kept is None else [kept])
