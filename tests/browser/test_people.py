"""People in a real browser: what comes of a change stands where it was asked for, and all fits a phone."""

from datetime import UTC, datetime

from playwright.sync_api import Locator, Page, expect

from models.access.roles import Role
from models.store.accounts.staff import add_account
from tests.browser.conftest import Served
from tests.support.browsing import open_page, settle
from tests.support.builders import BY

MANY = 9
PHONE = {"width": 390, "height": 844}


def test_a_link_stands_where_it_was_asked_for(served: Served, page: Page) -> None:
    for number in range(MANY):
        name = f"cy{number}"
        add_account(served.engine, name, name.title(), Role.CLINICIAN, by=BY, at=datetime.now(UTC))
    opened(served, page)
    page.get_by_role("button", name="New link").last.click()
    _is_in_sight(page, f"Give this link to cy{MANY - 1}.")
    page.get_by_label("Name", exact=True).fill("Bo Brown")
    page.get_by_label("User name", exact=True).fill("bo")
    page.get_by_role("radio", name="Auditor").click()
    settle(page)
    page.get_by_role("button", name="Add", exact=True).click()
    _is_in_sight(page, "Give this link to bo.")


def test_what_each_role_may_do_is_read_on_a_phone_without_moving_sideways(served: Served, page: Page) -> None:
    page.set_viewport_size(PHONE)
    opened(served, page)
    page.get_by_text("What each role may do").click()
    cells = page.get_by_test_id("stTable").get_by_role("cell")
    expect(cells.filter(has_text="clinician").first).to_be_visible()
    assert all(_right_edge(cell) <= PHONE["width"] for cell in cells.all())


def opened(served: Served, page: Page) -> None:
    page.context.clear_cookies()
    served.sign_in(page.context, Role.ADMINISTRATOR)
    open_page(page, served.address)


def _right_edge(cell: Locator) -> float:
    box = cell.bounding_box()
    assert box
    return box["x"] + box["width"]


def _is_in_sight(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").or_(page.get_by_role("status")).get_by_text(words)).to_be_in_viewport()
    expect(page.get_by_test_id("stCode")).to_be_in_viewport()
