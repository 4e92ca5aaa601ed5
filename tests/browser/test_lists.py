"""A list of patients under a finger: a heading sorts it, a row opens the patient."""

from playwright.sync_api import Browser, expect

from models.store.record import write
from tests.browser.conftest import Served
from tests.support.browsing import heading, open_page, settle
from tests.support.builders import BY, NOW, infusion_facts, record_patient, score_facts

HEADING, FIRST_ROW = 20, 62
"""Pixels from the upper edge of the table."""


def test_a_tap_on_a_heading_sorts_and_opens_nobody_and_one_on_a_row_opens_the_patient(
    served: Served, chromium: Browser
) -> None:
    for number, total in (("1", 9), ("2", 21)):
        patient = record_patient(served.engine, number, given_name="Ruth", family_name=f"Adler {number}")
        write.record_infusion(served.engine, infusion_facts(patient), by=BY, at=NOW)
        write.record_assessment(served.engine, score_facts(patient, total), by=BY, at=NOW)
    context = chromium.new_context(viewport={"width": 820, "height": 1000}, has_touch=True)
    served.sign_in(context)
    page = context.new_page()
    page.set_default_timeout(60_000)
    open_page(page, served.address, "clinic")
    table = page.get_by_test_id("stDataFrame").first
    title = page.locator("h1").inner_text()
    for _ in range(2):  # up, then down
        table.tap(position={"x": 30, "y": HEADING})
        settle(page)
    heading(page, title)
    table.tap(position={"x": 30, "y": FIRST_ROW})
    settle(page)
    expect(page.locator("h1")).to_have_text("Adler 2, Ruth")
    context.close()
