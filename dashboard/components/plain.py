"""Stored text on its way to the screen."""

import re
from typing import Final

SPEAKS_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|:$~&])")
LOOKS_LIKE_AN_ADDRESS: Final = re.compile(r"(?=://|@)|(?<=www)(?=\.)", re.IGNORECASE)
WORD_JOINER: Final = "\u2060"


def plain(text: object) -> str:
    """Text as itself wherever Streamlit reads markdown.

    Names and reasons come from people and files. Unescaped, one of them could draw a link, or an image that
    tells another machine who is looked at. Every stored string passes through here before any markdown.
    Addresses become links even when every sign is escaped, unless something that nobody sees parts them.
    """
    parted = LOOKS_LIKE_AN_ADDRESS.sub(WORD_JOINER, " ".join(str(text).split()))
    return SPEAKS_MARKDOWN.sub(r"\\\1", parted)
