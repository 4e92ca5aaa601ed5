"""Text that a spreadsheet would run as a formula, and the apostrophe that keeps it from running.

Names come from people and files; `=HYPERLINK(…)` in one of them must be a name to whoever opens a file of
ours (OWASP ASVS 1.2.10). The apostrophe can be taken off again: nothing is lost on the way out and back in.
"""

import re
from typing import Final

BEGINS_AS_FORMULA: Final = re.compile(r"'* *[=+\-@\t\r\n|%\0\uff1d\uff0b\uff0d\uff20]")
"""The last four are the wide = + - @ of East Asian keyboards, which spreadsheets there run too."""


def inert(text: str) -> str:
    """The text with an apostrophe before it, if a spreadsheet might take it for a formula."""
    return f"'{text}" if BEGINS_AS_FORMULA.match(text) else text


def as_it_was(text: str) -> str:
    """The text before `inert`."""
    return text[1:] if text.startswith("'") and BEGINS_AS_FORMULA.match(text[1:]) else text
