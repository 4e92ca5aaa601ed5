"""Stored text on its way to the screen."""

import re
from typing import Final

from models.exchange.sheets.formulas import inert

SPEAKS_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>|:$~&]")
SPEAKS_IN_FRONT: Final = re.compile(r"^(\d*)(?=[.)])|^(?=[#+\-=])")
READ_ALL_THE_SAME: Final = re.compile(
    r"(?=://|@)|(?<=www)(?=\.)"  # an address becomes a link
    r"|(?<=:)(?=[\w+/-]+:)"  # :wave: and :material/home: become pictures
    r"|(?<=[<>~-])(?=(?:->|[>=-])(?:\s|$))",  # -> and -- become other signs
    re.IGNORECASE,
)
BLANKS: Final = re.compile(r"[^\S\u00a0\u202f]+")  # a space that does not break is meant so
WORD_JOINER: Final = "\u2060"


def plain(text: object) -> str:
    """Text as itself wherever Streamlit reads markdown.

    Names and reasons come from people and files. Unescaped, one of them could draw a link, or an image that
    tells another machine who is looked at. Every stored string passes through here before any markdown.
    Signs that begin a heading, a list or a rule are escaped where one begins, at the front: a PHQ-9 stays as
    it is for whoever hears a label read. Addresses become links, and names between colons pictures, even when
    every sign is escaped, unless something that nobody sees parts them.
    """
    parted = READ_ALL_THE_SAME.sub(WORD_JOINER, BLANKS.sub(" ", str(text)).strip())
    return SPEAKS_IN_FRONT.sub(r"\1\\", SPEAKS_MARKDOWN.sub(r"\\\g<0>", parted))


def cell(text: object) -> str:
    """Text as itself in a cell of a table, which can be copied into a spreadsheet: there it is no formula."""
    return plain(inert(str(text)))
