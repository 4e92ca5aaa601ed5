"""The way in, in a real browser: from the link to the last page, and out again without having asked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, expect

from models.access.roles import Role
from models.store.accounts.sessions import end_sessions_of
from models.store.accounts.staff import accounts, add_account, change_account, new_setup_link
from tests.browser.conftest import Served, serving
from tests.support.browsing import choose_patient, heading, open_page, settle
from tests.support.builders import BY, record_patient

PASSWORD = "a wide river at night"
IDLE_SECONDS = 12
DOING_EVERY = 3000
"""Milliseconds in which a page tells once that somebody types or points."""


@contextmanager
def window(chromium: Browser) -> Iterator[Page]:
    """Another browser, where nobody is signed in."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def linked(served: Served, role: Role = Role.CLINICIAN) -> str:
    at = datetime.now(UTC)
    add_account(served.engine, "bo", "Bo Brown", role, by=BY, at=at)
    return f"{served.address}/setup/{new_setup_link(served.engine, 'bo', by=BY, at=at)}"


def fill_in(page: Page, link: str) -> str:
    """Choose a password and an authenticator; its secret. The recovery codes are on the page."""
    page.goto(link)
    secret = page.locator(".key code").inner_text()
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_label("The six digits it shows").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Set up my account").click()
    expect(page.locator(".codes li")).to_have_count(10)
    return secret


def set_up(page: Page, link: str) -> list[str]:
    """Set an account up; its recovery codes."""
    fill_in(page, link)
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="I have them. Sign in").click()
    return codes


def sign_in(page: Page, code: str) -> None:
    page.get_by_label("User name").fill("bo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    page.locator("h1").wait_for()


def test_from_the_link_to_a_page_and_out_again(served: Served, chromium: Browser) -> None:
    record_patient(served.engine, "1043", given_name="Ruth", family_name="Adler")
    with window(chromium) as page:
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.goto(served.address)
        expect(page.locator("h1")).to_have_text("Sign in")
        codes = set_up(page, linked(served))
        assert sockets == []
        sign_in(page, codes[0])
        heading(page, "Who is it?")
        choose_patient(page, "1043")
        page.reload()
        settle(page)
        heading(page, "Who is it?")
        page.goto(f"{served.address}/account")
        expect(page.locator("h1")).to_have_text("Bo Brown")
        page.get_by_role("button", name="Sign out here").click()
        expect(page.locator("h1")).to_have_text("Sign in")
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        assert not re.search(r"\b1043\b|Ruth|Adler", kept)
        page.go_back()
        page.wait_for_timeout(500)
        assert "Ruth" not in page.content()


def test_an_address_nobody_knows_has_a_way_back_and_the_trails_other_name_leads_there(
    served: Served, chromium: Browser
) -> None:
    with window(chromium) as page:
        served.sign_in(page.context, Role.AUDITOR)
        answered = page.goto(f"{served.address}/no-such-page")
        assert answered is not None
        assert answered.status == 404
        expect(page.locator("h1")).to_have_text("There is no such page")
        page.get_by_role("link", name="Back to the dashboard").click()
        heading(page, "Who did what")
        answered = page.goto(f"{served.address}/audit")
        assert answered is not None
        assert answered.url == f"{served.address}/audit-trail"
        heading(page, "Who did what")


def test_a_disabled_accounts_open_page_closes_by_itself(served: Served, chromium: Browser) -> None:
    with window(chromium) as page:
        served.sign_in(page.context)
        open_page(page, served.address)
        change_account(served.engine, Role.CLINICIAN, by=BY, at=datetime.now(UTC), active=False)
        page.wait_for_url(f"{served.address}/login*")
        expect(page.locator("h1")).to_have_text("Sign in")


def test_doing_nothing_signs_out_and_what_was_typed_is_still_there_afterwards(
    tmp_path: Path, chromium: Browser
) -> None:
    with serving(tmp_path, SEVENTY_IDLE=str(IDLE_SECONDS)) as served, window(chromium) as page:
        record_patient(served.engine, "1043", given_name="Ruth", family_name="Adler")
        served.sign_in(page.context)
        open_page(page, served.address)
        choose_patient(page, "1043")
        page.wait_for_timeout(DOING_EVERY)
        with page.expect_response(f"{served.address}/signin/doing") as told:
            page.get_by_role("textbox", name="Nine digits from paper").press_sequentially("2132")
        assert told.value.status == 200
        warned = page.locator("body > [role=alert]")
        expect(warned).to_contain_text("you will be signed out in less than 20 seconds")
        page.keyboard.press("Enter")
        settle(page)
        page.wait_for_url(f"{served.address}/login?expired=1", timeout=1000 * (IDLE_SECONDS + 30))
        expect(page.get_by_role("status")).to_contain_text("nothing was done")
        assert "Ruth" not in page.content()
        served.sign_in(page.context)
        open_page(page, served.address)
        heading(page, "PHQ-9 for Ruth Adler")
        expect(page.get_by_role("textbox", name="Nine digits from paper")).to_have_value("2132")


def test_what_was_typed_in_a_dialog_is_still_there_and_an_untouched_one_stays_closed(
    served: Served, page: Page
) -> None:
    def sign_in_anew() -> None:
        (account,) = accounts(served.engine)
        end_sessions_of(served.engine, account.id, at=datetime.now(UTC))
        page.wait_for_url(f"{served.address}/login*")
        served.sign_in(page.context)
        open_page(page, served.address)

    dialog = page.get_by_role("dialog")
    open_page(page, served.address)
    page.get_by_role("button", name="New patient").click()
    expect(dialog).to_be_visible()
    settle(page)
    sign_in_anew()
    expect(page.get_by_role("button", name="New patient")).to_be_visible()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="New patient").click()
    typed = {"Patient number": "1043", "Family name": "Adler", "Given name": "Ruth"}
    for label, value in typed.items():
        dialog.get_by_role("textbox", name=label).fill(value)
        page.keyboard.press("Tab")
    settle(page)
    sign_in_anew()
    for label, value in typed.items():
        expect(dialog.get_by_role("textbox", name=label)).to_have_value(value)


def test_on_a_phone_it_is_said_across_the_whole_page_that_the_server_is_away(
    served: Served, page: Page
) -> None:
    open_page(page, served.address)
    page.set_viewport_size({"width": 390, "height": 844})
    page.route("**/signin/alive", lambda asked: asked.abort())
    banner = page.locator("body > [role=alert]")
    expect(banner).to_contain_text("Seventy does not answer.")
    box = banner.bounding_box()
    assert box
    assert (box["x"], box["x"] + box["width"]) == (16, 390 - 16)
