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
    plain = text.isascii() and text.isprintable()
    rows = [text] if plain else _visible_rows(text, lines=lines)
    kept = "\n".join(" ".join(row.split()) for row in rows).strip()
    if len(kept) > longest:
        raise PydanticCustomError("text", f"at most {longest} characters long")
    return kept or None


def _visible_rows(text: str, *, lines: bool) -> list[str]:
    visible = "".join(char for char in text if char in _JOINERS or unicodedata.category(char) != "Cf")
    composed = unicodedata.normalize("NFC", visible)
    rows = composed.replace("\r\n", "\n").split("\n") if lines else [composed]
    if any(unicodedata.category(char) in {"Cc", "Cs"} for row in rows for char in row):
        raise PydanticCustomError("text", "text without control characters")
    return rows


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

Sentence = Annotated[str, _line(lambda: plausible().text.claim), AfterValidator(_needed)]
"""A sentence or two on one line, never empty."""

Lines = Annotated[
    str,
    AfterValidator(lambda text: clean(text, plausible().text.crisis_text, lines=True)),
    AfterValidator(_needed),
]
"""A text of several lines, never empty."""
