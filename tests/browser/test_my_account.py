"""One's own account in a real browser, on a phone and at a desk, by day and by night."""

from itertools import pairwise

from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served
from tests.browser.test_signing_in import fill_in, linked, window

WIDTHS = (390, 1440)
SCHEMES = ("light", "dark")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def fits(page: Page) -> None:
    """Nothing is wider than the window, at any width and in either scheme."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(SIDEWAYS) == 0, (width, scheme)


def codes_stand_apart(page: Page) -> None:
    """Each recovery code is on one line of its own, inside the window, and touches no other."""
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
        fits(page)
