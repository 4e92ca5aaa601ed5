"""How text enters the record: composed (NFC), without invisible characters, spaces collapsed."""

import unicodedata
from collections.abc import Callable
from typing import Annotated, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from models.tables.plausible import plausible

_JOINERS: Final = frozenset("\u200c\u200d")
"""Invisible, but part of how some names are written."""

_UNSEEN: Final = frozenset({"Cf", "Cc"})


def clean(text: str, longest: int, *, lines: bool = False) -> str | None:
    """The text as it is recorded; nothing when nothing is left of it.

    What nobody sees is left out, and every kind of white space is a space; a NUL byte is refused, as it says
    that the text is not what it seems. `lines` keeps line breaks, for texts of several lines.
    """
    plain = text.isascii() and text.isprintable()
    rows = [text] if plain else _visible_rows(text, lines=lines)
    kept = "\n".join(" ".join(row.split()) for row in rows).strip()
    if len(kept) > longest:
        raise PydanticCustomError("text", f"at most {longest} characters long")
    return kept or None


def match_key(text: str) -> str:
    """What numbers and names are matched by: `ab-\uff11\uff12 ` and `AB-12` are one.

    Compatibility forms (NFKC) and case do not count, what nobody sees is left out, spaces are collapsed. The
    text as typed is what is kept and shown.
    """
    if not (text.isascii() and text.isprintable()):
        seen = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return " ".join(text.lower().split())


def _visible_rows(text: str, *, lines: bool) -> list[str]:
    if "\0" in text or any(unicodedata.category(char) == "Cs" for char in text):
        raise PydanticCustomError("text", "text without control characters")
    rows = text.replace("\r\n", "\n").split("\n") if lines else [text]
    return [unicodedata.normalize("NFC", "".join(filter(_is_seen, row))) for row in rows]


def _is_seen(char: str) -> bool:
    return char in _JOINERS or char.isspace() or unicodedata.category(char) not in _UNSEEN


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
