"""Recording in a real browser: by keyboard alone, clicked twice, beside an import."""

import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from models.store.record import read
from tests.browser.conftest import SEVENTY, Served
from tests.support.browsing import (
    choose_patient,
    heading,
    open_page,
    press_with_keyboard,
    settle,
    tab_to,
    turn_to,
)
from tests.support.builders import record_patient
from tests.support.reading import only_infusion, only_score, patient


def ruth(engine: Engine) -> int:
    return record_patient(engine, "1043", given_name="Ruth", family_name="Adler")


def test_an_infusion_and_a_phq9_by_keyboard_alone_change_the_clinics_count(
    served: Served, page: Page
) -> None:
    one = ruth(served.engine)
    open_page(page, served.address, "claim")
    expect(page.get_by_test_id("stMain")).to_contain_text("No one begun")
    open_page(page, served.address)
    tab_to(page, "Name or number")
    page.keyboard.type("adler")
    settle(page)
    press_with_keyboard(page, "Adler, Ruth")
    heading(page, "PHQ-9 for Ruth Adler")

    for number, answer in enumerate("213210210", start=1):
        tab_to(page, "Not at all") if number == 1 else page.keyboard.press("Tab")
        for _ in range(int(answer)):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
    settle(page)
    expect(page.get_by_test_id("stMetricValue")).to_have_text("12")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("PHQ-9 stored")
    assert only_score(served.engine, one).total == 12

    press_with_keyboard(page, "Next: infusion")
    heading(page, "Infusion for Ruth Adler")
    tab_to(page, "Dose, mg")
    page.keyboard.type("41")
    tab_to(page, "Weight, kg")
    page.keyboard.type("82")
    tab_to(page, "Failed trials, this episode")
    page.keyboard.type("3")
    page.keyboard.press("Control+Enter")
    settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("Infusion 1 stored")
    assert only_infusion(served.engine, one).dose_mg == 41

    press_with_keyboard(page, "Claim")
    expect(page.get_by_test_id("stMain")).to_contain_text("1 begun")


def test_the_only_one_found_opens_and_nine_digits_are_stored_out_of_their_fields(
    served: Served, page: Page
) -> None:
    one = ruth(served.engine)
    record_patient(served.engine, "1044", given_name="Nils", family_name="Adler")
    open_page(page, served.address)
    page.get_by_placeholder("Name or number").focus()
    page.keyboard.type("adler")
    expect(page.get_by_role("button", name="Adler, Nils")).to_have_count(1)
    settle(page)
    page.keyboard.press("Control+Enter")
    settle(page)
    heading(page, "Who is it?")
    page.keyboard.type(" ruth")
    expect(page.get_by_role("button", name="Adler, Nils")).to_have_count(0)
    settle(page)
    page.keyboard.press("Control+Enter")
    settle(page)
    heading(page, "PHQ-9 for Ruth Adler")

    page.get_by_test_id("stMain").get_by_role("button", name="Another patient").focus()
    page.keyboard.press("Tab")  # what the field takes, told on a key
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Nine digits from paper")).to_be_focused()
    page.keyboard.type("213210210")
    page.keyboard.press("Control+Enter")
    settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("PHQ-9 stored")
    assert only_score(served.engine, one).total == 12


def test_a_key_pressed_in_a_dialog_opens_nobody_behind_it(served: Served, page: Page) -> None:
    ruth(served.engine)
    open_page(page, served.address)
    page.get_by_placeholder("Name or number").fill("adler")
    settle(page)
    page.get_by_role("button", name="New patient").click()
    settle(page)
    page.keyboard.press("Control+Enter")
    settle(page)
    expect(page.get_by_role("dialog")).to_contain_text("Patient number is needed")
    heading(page, "Who is it?")


def test_a_double_click_on_save_stores_one(served: Served, page: Page) -> None:
    one = ruth(served.engine)
    open_page(page, served.address)
    choose_patient(page, "adler")
    page.get_by_role("textbox", name="Nine digits from paper").fill("213210210")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Save").dblclick()
    settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("PHQ-9 stored")
    assert only_score(served.engine, one).total == 12


def test_an_answer_about_suicide_shows_the_crisis_text_before_anything_else(
    served: Served, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ruth(served.engine)
    open_page(page, served.address)
    choose_patient(page, "adler")
    page.get_by_role("textbox", name="Nine digits from paper").fill("213210213")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("988")
    expect(dialog).to_contain_text("Nobody watches this in real time.")
    expect(dialog).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    press_with_keyboard(page, "I have read this")
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("stMain")).to_contain_text("PHQ-9 stored")
    expect(page.get_by_test_id("stMain")).to_contain_text("1 last answer about suicide raised an alert")


def test_another_scale_stays_chosen_until_another_is(served: Served, page: Page) -> None:
    one = ruth(served.engine)
    open_page(page, served.address)
    choose_patient(page, "adler")
    for scale, digits in (("GAD-7", "1111111"), ("PHQ-2", "21")):
        page.get_by_test_id("stMain").get_by_role("radio", name="Another scale").click()
        settle(page)
        page.get_by_role("combobox", name="Scale").click()
        page.get_by_role("option", name=scale).click()
        settle(page)
        heading(page, f"{scale} for Ruth Adler")
        page.get_by_role("textbox", name="digits from paper").fill(digits)
        page.keyboard.press("Control+Enter")
        settle(page)
        expect(page.get_by_test_id("stMain")).to_contain_text(f"{scale} stored")
        heading(page, f"{scale} for Ruth Adler")
    assert [score.scale for score in patient(served.engine, one).assessments] == ["gad7", "phq2"]


def test_what_is_imported_beside_an_open_dashboard_is_on_its_next_page(
    served: Served, page: Page, tmp_path: Path
) -> None:
    open_page(page, served.address)
    heading(page, "Add the first patient")
    scores = tmp_path / "scores.csv"
    scores.write_text("mrn,scale,assessed_at,total\n1043,phq9,2026-01-05,21\n", encoding="utf-8")
    command = [SEVENTY, "import", str(scores), "--db", served.database]
    subprocess.run(command, check=True, capture_output=True)
    assert read.record(served.engine).assessments.height == 1
    turn_to(page, "Patient")
    heading(page, "Whose course?")
    choose_patient(page, "1043")
    expect(page.get_by_test_id("stMain")).to_contain_text("All scores (1)")
