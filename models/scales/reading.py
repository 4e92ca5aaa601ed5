"""A scale's TOML file, read strictly: what is unknown, missing or impossible is an error that names it."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.scales import scale as parts
from models.scales.errors import Problem, ScaleFileError
from models.scales.rules import problems_of
from models.scales.scale import FIGURES, Scale

_SOURCED = 'a table of the form { value = …, source = "…" }'
_TEXT: Final = "text in quotes, not empty"
_WORDS: Final[Mapping[str, str]] = {
    "id": "a small letter, then small letters, digits or _, 32 at most",
    "measures": "a letter, then letters, digits, spaces or any of , ( ) / - _",
}
_ALLOWED: Final[Mapping[str, str]] = {
    "missing": "required",
    "extra_forbidden": "not a key of a scale",
    "int_type": "a whole number without quotes",
    "string_type": _TEXT,
    "string_too_short": _TEXT,
    "string_pattern_mismatch": _TEXT,
    "tuple_type": "a list in [ ]",
    "date_type": "a day such as 2026-11-23, without quotes",
    "date_from_datetime_inexact": "a day without a time",
    "literal_error": "one of {expected}",
    "too_short": "a list of {min_length} or more",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "model_type": "a table with {keys}",
}
"""What is allowed instead, for every way in which a value can be of the wrong kind."""


def read_scale(file: str, content: bytes) -> Scale:
    """The scale a TOML file describes; `ScaleFileError` with everything wrong in it."""
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # also of numbers too long and arrays too deep
        raise ScaleFileError(file, [Problem("file", str(error), "TOML in UTF-8")]) from error
    unsourced = [
        Problem(name, document[name], _SOURCED)
        for name in FIGURES
        if name in document and not _sourced(document[name])
    ]
    if "sources" in document:
        unsourced.append(Problem("sources", document["sources"], "each figure carries its own source"))
    if unsourced:
        raise ScaleFileError(file, unsourced)
    figures = [name for name in FIGURES if name in document]
    try:
        scale = Scale.model_validate(_flattened(document, figures))
    except ValidationError as error:
        raise ScaleFileError(file, [_in_words(detail, figures) for detail in error.errors()]) from error
    problems = list(problems_of(scale))
    if problems:
        raise ScaleFileError(file, problems)
    return scale


def _sourced(figure: object) -> bool:
    return isinstance(figure, dict) and set(figure) == {"value", "source"}


def _flattened(document: dict[str, Any], figures: Sequence[str]) -> dict[str, Any]:
    """The document with each figure's value in its field and its source in `sources`."""
    sources = [{"field": name, "text": document[name]["source"]} for name in figures]
    return document | {name: document[name]["value"] for name in figures} | {"sources": sources}


def _in_words(detail: ErrorDetails, figures: Sequence[str]) -> Problem:
    """What pydantic found, at the place the file has it, counted from 1, and in no words of pydantic's."""
    kind, given, place = detail["type"], detail.get("ctx", {}), list(detail["loc"])
    if place[0] == "sources":
        place = [figures[int(place[1])], "source"]
    elif place[0] in figures:
        place.insert(1, "value")
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    allowed = _ALLOWED.get(kind, "of another kind").format(
        **given, keys=_keys(given["class_name"]) if "class_name" in given else ""
    )
    if kind == "string_pattern_mismatch":
        allowed = _WORDS.get(field, allowed)
    return Problem(field, None if kind == "missing" else detail["input"], allowed)


def _keys(part: str) -> str:
    """The keys a table needs: `name, low and high`."""
    fields = getattr(parts, part).model_fields
    *some, last = (name for name, field in fields.items() if field.is_required())
    return f"{', '.join(some)} and {last}" if some else last
