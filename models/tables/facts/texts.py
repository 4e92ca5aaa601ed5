"""How text enters the record: composed (NFC), without control or invisible characters, spaces collapsed."""

import unicodedata
from collections.abc import Callable
from typing import Annotated, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from models.tables.plausible import plausible

_JOINERS: Final = frozenset("\u200c\u200d")
"""Invisible, but part of how some names are written."""


def clean(text: str, longest: int, *, lines: bool = False) -> str | None:
    """The text as it is recorded; nothing when nothing is left of it.

    A control character (NUL among them) is refused rather than dropped: it says that the text is not what it
    seems. `lines` keeps line breaks, for texts of several lines.
    """
    if text.isascii() and text.isprintable():
        composed = text
    else:
        visible = (char for char in text if char in _JOINERS or unicodedata.category(char) != "Cf")
        composed = unicodedata.normalize("NFC", "".join(visible))
    if lines:
        rows = [" ".join(row.split(" ")) for row in composed.replace("\r\n", "\n").split("\n")]
        composed = "\n".join(rows).strip()
        suspects = composed.replace("\n", "")
    else:
        suspects = composed = composed.strip(" ")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in suspects):
        raise PydanticCustomError("text", "text without control characters")
    if not lines:
        composed = " ".join(composed.split())
    if len(composed) > longest:
        raise PydanticCustomError("text", f"at most {longest} characters long")
    return composed or None


def _line(length: Callable[[], int]) -> AfterValidator:
    return AfterValidator(lambda text: clean(text, length()))


def _needed(text: str | None) -> str:
    if text is None:
        raise PydanticCustomError("text", "given")
    return text


Line = Annotated[str, _line(lambda: plausible().text.name)]
"""A name, a site: one line; an empty one is nothing."""

Number = Annotated[str, _line(lambda: plausible().text.mrn), AfterValidator(_needed)]
"""The clinic's number of a patient: always text, never empty."""

Lines = Annotated[
    str,
    AfterValidator(lambda text: clean(text, plausible().text.crisis_text, lines=True)),
    AfterValidator(_needed),
]
"""A text of several lines, never empty."""
