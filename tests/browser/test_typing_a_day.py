"""A day or a time typed by keyboard: what the screen shows is what is stored, wherever the focus is."""

from datetime import date, time, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tests.browser.conftest import Served
from tests.support.browsing import choose_patient, open_page, settle, tab_to
from tests.support.builders import record_patient
from tests.support.reading import patient

TODAY = date.today()  # noqa: DTZ011 - the clinic's own day, within one
MOST_TABS_ON = 3
"""Through the time to the last of the quick choices; rows of words keep the key to themselves."""


def ruth(engine: Engine) -> int:
    return record_patient(engine, "1043", given_name="Ruth", family_name="Adler")


def type_over(page: Page, field: str, text: str) -> None:
    """Go to a field by Tab, and type in the place of what stands there."""
    tab_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def save_after(page: Page, tabs: int) -> None:
    """Go on by so many fields, and save by keyboard."""
    for _ in range(tabs):
        page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    settle(page)


@pytest.mark.parametrize("written", ["%Y-%m-%d", "%Y%m%d"])
def test_a_score_bears_the_day_that_was_typed_however_far_the_focus_went(
    served: Served, page: Page, written: str
) -> None:
    one = ruth(served.engine)
    open_page(page, served.address)
    choose_patient(page, "adler")
    days = [TODAY - timedelta(days=8 + tabs) for tabs in range(MOST_TABS_ON + 1)]
    for tabs, day in enumerate(days):
        page.get_by_role("textbox", name="Nine digits from paper").fill("213210210")
        page.keyboard.press("Enter")
        settle(page)
        type_over(page, "Answered on", day.strftime(written))
        save_after(page, tabs)
        expect(page.get_by_test_id("stMain")).to_contain_text("PHQ-9 stored")
        assert [score.day for score in patient(served.engine, one).assessments] == sorted(days[: tabs + 1])
        page.get_by_role("button", name="Another PHQ-9").click()
        settle(page)


def test_an_infusion_bears_the_day_and_the_time_that_were_typed(served: Served, page: Page) -> None:
    one, day = ruth(served.engine), TODAY - timedelta(days=9)
    open_page(page, served.address)
    choose_patient(page, "adler")
    page.get_by_test_id("stMain").get_by_role("radio", name="Infusion", exact=True).click()
    settle(page)
    type_over(page, "Given on", "20261340")
    save_after(page, 1)
    expect(page.get_by_test_id("stMain")).to_contain_text("Given on must be a day of the calendar")
    expect(page.get_by_role("textbox", name="Given on")).to_have_value("20261340")
    assert patient(served.engine, one).infusions == ()
    page.get_by_role("textbox", name="Given on").fill(f"{day}")
    page.get_by_role("textbox", name="Time").focus()
    page.keyboard.type("0920")
    save_after(page, 0)
    expect(page.get_by_test_id("stMain")).to_contain_text("Infusion 1 stored")
    (infusion,) = patient(served.engine, one).infusions
    assert (infusion.day, infusion.clock) == (day, time(9, 20))


def test_a_new_patient_is_added_from_the_birth_date_by_keyboard(served: Served, page: Page) -> None:
    open_page(page, served.address)
    page.get_by_role("button", name="New patient").click()
    settle(page)
    type_over(page, "Patient number", "1043")
    type_over(page, "Born on", "1981-03-12")
    for _ in ("Sex", "Under 42 CFR Part 2", "Add"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("No. 1043, born 12 Mar 1981")
