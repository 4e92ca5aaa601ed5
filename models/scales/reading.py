"""A scale's TOML file, read strictly: what is unknown, missing or impossible is an error that names it."""

import tomllib
from typing import Any

from pydantic import ValidationError

from models.scales.errors import Problem, ScaleFileError
from models.scales.rules import problems_of
from models.scales.scale import FIGURES, Scale

_SOURCED = 'a table of the form { value = …, source = "…" }'


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
    try:
        scale = Scale.model_validate(_flattened(document))
    except ValidationError as error:
        raise ScaleFileError(file, [_in_words(detail) for detail in error.errors()]) from error
    problems = list(problems_of(scale))
    if problems:
        raise ScaleFileError(file, problems)
    return scale


def _sourced(figure: object) -> bool:
    return isinstance(figure, dict) and set(figure) == {"value", "source"}


def _flattened(document: dict[str, Any]) -> dict[str, Any]:
    """The document with each figure's value in its field and its source in `sources`."""
    figures = {name: document[name] for name in FIGURES if name in document}
    sources = [{"field": name, "text": figure["source"]} for name, figure in figures.items()]
    return document | {name: figure["value"] for name, figure in figures.items()} | {"sources": sources}


def _in_words(detail: Any) -> Problem:
    field = ".".join(str(part) for part in detail["loc"])
    match detail["type"]:
        case "missing":
            return Problem(field, None, "required")
        case "extra_forbidden":
            return Problem(field, detail["input"], "not a key of a scale")
        case _:
            return Problem(field, detail["input"], detail["msg"])
