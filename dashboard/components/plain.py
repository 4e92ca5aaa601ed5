"""Stored text on its way to the screen."""

import re
from typing import Final

SPEAKS_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|:$~&])")


def plain(text: object) -> str:
    """Text as itself wherever Streamlit reads markdown.

    Names and reasons come from people and files. Unescaped, one of them could draw a link, or an image that
    tells another machine who is looked at. Every stored string passes through here before any markdown.
    """
    return SPEAKS_MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
