"""Moving about the dashboard as a person does."""

from typing import Final

from playwright.sync_api import Locator, Page, expect

STILL: Final = ".stApp[data-test-script-state=notRunning]"
MOST_TABS: Final = 80


def settle(page: Page) -> None:
    """Until the page stands still."""
    page.wait_for_timeout(250)
    page.locator(STILL).wait_for()
    page.wait_for_timeout(250)


def open_page(page: Page, address: str, name: str = "") -> None:
    """Open a page by its address."""
    page.goto(f"{address}/{name}")
    page.locator("h1").wait_for()
    settle(page)


def turn_to(page: Page, name: str) -> None:
    """Open a page by its link in the sidebar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    settle(page)


def tab_to(page: Page, name: str) -> Locator:
    """Press Tab until what has the focus is called so; it is reached by keyboard or not at all."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.locator("input:focus, button:focus, a:focus, [role=radio]:focus")
        if focused.count() == 1 and name in called(focused):
            return focused
    raise AssertionError(f"Tab never reached {name!r}")


def called(focused: Locator) -> str:
    """What a screen reader would call it, or what stands on it."""
    return f"{focused.get_attribute('aria-label') or ''} {focused.inner_text()}"


def press_with_keyboard(page: Page, name: str) -> None:
    """Go to a button or link by Tab, and press it."""
    tab_to(page, name)
    page.keyboard.press("Enter")
    settle(page)


def choose_patient(page: Page, typed: str) -> None:
    """Find a patient on the page that is open, and choose the one found."""
    page.get_by_placeholder("Name or number").fill(typed)
    found = page.get_by_test_id("stMain").get_by_role("button", name="No. ")
    expect(found).to_have_count(1)
    found.click()
    settle(page)


def heading(page: Page, words: str) -> None:
    """The page's one title says so."""
    expect(page.locator("h1")).to_have_text(words)
