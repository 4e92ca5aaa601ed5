"""The specification curve in a real browser: a click on a dot opens the question behind it."""

from playwright.sync_api import Page, expect

from models.access.roles import Role
from tests.browser.conftest import Served
from tests.support.browsing import open_page, settle, turn_to
from tests.support.clinics import invented

BESIDE = 20  # px; a mouse comes from somewhere


def test_a_click_on_a_dot_opens_its_question_on_the_claim_page(served: Served, page: Page) -> None:
    invented(served.engine, 60)
    served.sign_in(page.context, Role.MANAGER)
    open_page(page, served.address)
    turn_to(page, "Every way to count")
    expect(page.locator("h1")).to_contain_text("ways of counting")
    dots = page.locator(".js-plotly-plot").first.locator(".points path.point")
    dots.first.wait_for()
    place = dots.nth(dots.count() // 3).bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x - BESIDE, y)
    page.mouse.move(x, y, steps=5)
    page.wait_for_timeout(300)
    page.mouse.click(x, y, delay=80)
    settle(page)
    expect(page.locator("h1")).to_contain_text("Exploratory:")
    expect(page.get_by_role("button", name="Back to the locked question")).to_be_visible()
