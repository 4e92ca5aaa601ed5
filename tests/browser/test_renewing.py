"""Another cookie after a proof, in a real browser: both its tabs go on, whoever took the old one is out."""

from playwright.sync_api import Browser, Page, expect

from models.access.roles import Role
from models.store.trail.entries import record_mark
from tests.browser.conftest import Served
from tests.browser.test_proving import prove, time_passes
from tests.browser.test_signing_in import PASSWORD, linked, set_up, sign_in, window
from tests.support.browsing import choose_patient, heading, open_page, settle
from tests.support.builders import record_patient

DIGITS = "Nine digits from paper"
BACK = 10_000
"""Milliseconds within which a page that lost its socket has another one, or is left."""


def cookie(served: Served, page: Page) -> str:
    """The value of the session's cookie."""
    name = f"seventy-{record_mark(served.engine)}"
    (found,) = [each["value"] for each in page.context.cookies() if each["name"] == name]
    return str(found)


def test_both_tabs_of_a_browser_outlive_a_proof_and_a_copy_of_its_old_cookie_does_not(
    served: Served, chromium: Browser
) -> None:
    record_patient(served.engine, "1043", given_name="Ruth", family_name="Adler")
    with window(chromium) as page, window(chromium) as thief:
        codes = set_up(page, linked(served))
        sign_in(page, codes[0])
        beside = page.context.new_page()
        beside.set_default_timeout(60_000)
        open_page(beside, served.address)
        choose_patient(beside, "1043")
        digits = beside.get_by_role("textbox", name=DIGITS)
        digits.fill("2132")
        digits.press("Enter")
        settle(beside)
        old = cookie(served, page)
        thief.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        open_page(thief, served.address)

        with beside.expect_event("websocket", timeout=BACK):
            page.goto(f"{served.address}/account/prove?back=/record")
            prove(page, codes[1])
        heading(page, "Who is it?")
        assert cookie(served, page) != old
        thief.wait_for_url(f"{served.address}/login*", timeout=BACK)
        expect(thief.locator("h1")).to_have_text("Sign in")

        settle(beside)
        heading(beside, "PHQ-9 for Ruth Adler")
        expect(digits).to_have_value("2132")
        digits.fill("213210210")
        digits.press("Enter")
        settle(beside)
        expect(beside.get_by_role("button", name="Store 12, moderate")).to_be_visible()


def test_the_glass_is_broken_on_a_page_of_its_own_and_what_was_typed_is_still_there(
    served: Served, chromium: Browser
) -> None:
    record_patient(served.engine, "1043", given_name="Ruth", family_name="Adler")
    with window(chromium) as page:
        codes = set_up(page, linked(served, Role.MANAGER))
        sign_in(page, codes[0])
        open_page(page, served.address, "settings")
        name = page.get_by_role("textbox", name="Name")
        name.fill("North Clinic")
        name.press("Tab")
        settle(page)
        old = cookie(served, page)
        beside = page.context.new_page()
        beside.set_default_timeout(60_000)
        open_page(beside, served.address, "clinic")
        time_passes(served)
        page.get_by_role("link", name="Break the glass").click()
        prove(page, codes[1])
        expect(page.locator("h1")).to_have_text("See names and scores for an hour")
        proved = cookie(served, page)
        page.get_by_label("Reason").fill("too few")
        page.get_by_role("button", name="Break the glass").click()
        expect(page.get_by_role("alert")).to_contain_text("10 characters or more")
        page.get_by_label("Reason").fill("A patient called in crisis")
        page.get_by_role("button", name="Break the glass").click()
        expect(page.get_by_test_id("stMain")).to_contain_text("The glass is broken")
        settle(page)
        assert page.url == f"{served.address}/settings"
        expect(name).to_have_value("North Clinic")
        assert len({old, proved, cookie(served, page)}) == 3
        settle(beside)
        beside.get_by_test_id("stSidebarNav").get_by_role("link", name="Clinic").click()
        expect(beside.get_by_test_id("stMain")).to_contain_text("The glass is broken")


def test_whoever_clicks_twice_has_proved_it_once_and_is_still_signed_in(
    served: Served, chromium: Browser
) -> None:
    with window(chromium) as page:
        codes = set_up(page, linked(served))
        sign_in(page, codes[0])
        page.goto(f"{served.address}/account/prove?back=/record")
        sent = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        page.get_by_label("Password of bo").fill(PASSWORD)
        page.get_by_label("Code").fill(codes[1])
        page.get_by_role("button", name="It is me").evaluate(
            "button => { button.click(); setTimeout(() => button.click(), 40); }"
        )
        heading(page, "Add the first patient")
        assert len([url for url in sent if "/account/prove" in url]) == 1
