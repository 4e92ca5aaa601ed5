"""One's own account in a real browser, on a phone and at a desk, by day and by night."""

import re
from itertools import pairwise

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_proving import prove, time_passes
from tests.browser.test_signing_in import fill_in, linked, sign_in, window
from tests.support.seeing import colour, contrast

WIDTHS = (390, 1440)
SCHEMES = ("light", "dark")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def fits(page: Page, heading: str) -> None:
    """Nothing on the page so headed is wider than the window, at any width and in either scheme."""
    expect(page.locator("h1")).to_have_text(heading)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(SIDEWAYS) == 0, (width, scheme)


def codes_stand_apart(page: Page) -> None:
    """Each recovery code is on one line of its own, inside the window, and touches no other."""
    expect(page.locator(".codes code")).to_have_count(10)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        boxes = [code.bounding_box() for code in page.locator(".codes code").all()]
        placed = [box for box in boxes if box]
        assert len(placed) == 10
        assert all(box["x"] > 0 and box["x"] + box["width"] < width and box["height"] < 30 for box in placed)
        assert all(above["y"] + above["height"] <= below["y"] for above, below in pairwise(placed))


def test_recovery_codes_are_read_one_by_one(served: Served, chromium: Browser) -> None:
    with window(chromium) as page:
        fill_in(page, linked(served))
        codes_stand_apart(page)
        fits(page, "Keep these codes")


def test_new_codes_and_another_authenticator(served: Served, chromium: Browser) -> None:
    with window(chromium) as page:
        fill_in(page, linked(served))
        (first, *_) = page.locator(".codes code").all_inner_texts()
        page.goto(f"{served.address}/login")
        sign_in(page, first)
        page.goto(f"{served.address}/account")
        expect(page.get_by_text("9 are left.")).to_be_visible()
        fits(page, "Bo Brown")
        page.get_by_role("link", name="Make new recovery codes").click()
        fits(page, "New recovery codes")
        page.get_by_role("button", name="Make new ones").click()
        codes_stand_apart(page)
        codes = page.locator(".codes code").all_inner_texts()
        page.get_by_role("link", name="Back to my account").click()
        expect(page.get_by_text("10 are left.")).to_be_visible()
        time_passes(served)
        page.wait_for_timeout(1100)  # the gate looks a session up once a second
        page.get_by_role("link", name="Use another authenticator").click()
        fits(page, "Is it you?")
        prove(page, first)
        expect(page.get_by_role("alert")).to_have_text("Password or code is not right.")
        prove(page, codes[0])
        fits(page, "Another authenticator")
        secret = page.locator(".key code").inner_text()
        page.get_by_label("The six digits the new one shows").fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Use the new one").click()
        expect(page.get_by_role("status")).to_contain_text("Your new authenticator is the one that counts")
        fits(page, "Bo Brown")


def test_what_is_wrong_is_told_with_the_field_to_begin_again_at(served: Served, chromium: Browser) -> None:
    with window(chromium) as page:
        fill_in(page, linked(served))
        (first, *_) = page.locator(".codes code").all_inner_texts()
        page.goto(f"{served.address}/login")
        sign_in(page, "000000")
        _is_told(page, "Password", "User name, password or code is not right.")
        sign_in(page, first)
        page.goto(f"{served.address}/account")
        for label in ("Present password", "New password", "New password once more"):
            page.get_by_label(label, exact=True).fill("a river without water")
        page.get_by_role("button", name="Change it").click()
        _is_told(page, "Present password", "The present password is not right.")


def _is_told(page: Page, field: str, words: str) -> None:
    """The title says that something is wrong, and the field that has the focus what, in sight beside it."""
    expect(page).to_have_title(re.compile("^Error: "))
    begun = page.get_by_label(field, exact=True)
    expect(begun).to_be_focused()
    expect(begun).to_have_accessible_description(words)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("alert")).to_be_in_viewport()


def test_every_button_and_field_is_seen_and_hit(served: Served, chromium: Browser) -> None:
    with window(chromium) as page:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{served.address}/login")
            (button,) = page.get_by_role("button").all()
            box = button.bounding_box()
            assert box
            assert box["height"] >= 44
            assert contrast(*(colour(page, "button", part) for part in ("color", "backgroundColor"))) >= 4.5
            edge, field = (
                colour(page, "input[name=username]", "borderTopColor"),
                colour(page, "body", "backgroundColor"),
            )
            assert contrast(edge, field) >= 3
            assert contrast(colour(page, ".help", "color"), field) >= 4.5
