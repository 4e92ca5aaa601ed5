"""What is seen of a page: colours as a browser works them out, and how far apart they are."""

import re

from playwright.sync_api import Page


def colour(page: Page, where: str, part: str) -> tuple[float, ...]:
    """Red, green and blue of one part of an element, as the browser works it out."""
    said = page.locator(where).first.evaluate("(at, part) => getComputedStyle(at)[part]", part)
    return tuple(int(number) / 255 for number in re.findall(r"\d+", said)[:3])


def contrast(*colours: tuple[float, ...]) -> float:
    """WCAG 2.2, contrast ratio."""
    light = [
        sum(
            weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
            for weight, part in zip((0.2126, 0.7152, 0.0722), one, strict=True)
        )
        for one in colours
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)
