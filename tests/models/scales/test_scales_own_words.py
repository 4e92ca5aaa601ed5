"""A clinic that writes a scale of its own reads what is wrong in our words, never in a library's."""

import json
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, time
from importlib.resources import files
from typing import Any

import pytest

from models.scales import ScaleFileError
from models.scales.reading import read_scale

SCALES = ("phq9", "qids_sr16", "pcl5", "madrs", "promis_depression")
WRONG: tuple[Any, ...] = (
    *(True, 0, 3, -1, 2.5, 10**30, "", " ", "x", "3"),
    *([], [[]], ["x"], [2.5], {}, {"a": 1}, {"value": 1, "source": 2}, {"value": [1], "source": ""}),
    *(date(2026, 1, 1), datetime(2026, 1, 1, 9, 30), time(9, 30)),  # noqa: DTZ001 - as TOML may have it
)
FOREIGN = re.compile(
    r"Input should|should (be|match|have)|\bvalid\b|dictionary|instance|[Tt]uple|String|integer|"
    r"\bNone\b|\bTrue\b|\bFalse\b|datetime\.|another kind|BaseModel|sources\.",
)


def document(scale: str) -> dict[str, Any]:
    return tomllib.loads((files("models.scales") / f"{scale}.toml").read_text(encoding="utf-8"))


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in a document: of lists only the first two members, which are alike."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*path, name))
    if isinstance(value, list):
        for number, each in enumerate(value[:2]):
            yield from places(each, (*path, number))


def toml(value: Any) -> str:
    """A value on one line, as TOML has it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {toml(each)}' for name, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return value.isoformat() if isinstance(value, date | time) else json.dumps(value)


def refused(changed: dict[str, Any]) -> str:
    """What reading says of it; nothing where it may stand."""
    content = "\n".join(f"{name} = {toml(value)}" for name, value in changed.items())
    try:
        read_scale("ours.toml", content.encode())
    except ScaleFileError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("scale", SCALES)
def test_whatever_stands_anywhere_is_taken_or_refused_in_our_words(scale: str) -> None:
    said = []
    for path in places(whole := document(scale)):
        for wrong in WRONG:
            changed: Any = deepcopy(whole)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = wrong
            said.append(refused(changed))
    assert [words for words in said if FOREIGN.search(words)] == []
    assert sum(map(bool, said)) > len(said) / 2


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("provisional", 3, "provisional: a table with name, symptom_from and source; got 3"),
        ("items", 3, "items: a list in [ ]; got 3"),
        ("items", [3], "items.1: a table with number, low and high; got 3"),
        ("decimals", 3, "decimals: 2 or less; got 3"),
        ("decimals", -1, "decimals: 0 or more; got -1"),
        ("rater", "nurse", "rater: one of 'self' or 'clinician'; got 'nurse'"),
        (
            "items",
            [{"number": 1, "low": 0, "high": 10**30, "text": "How low?"}],
            "answers: one for each value of every item; got [0, 1, 2, 3]",
        ),
        (
            "reviewed_on",
            "2026-11-23",
            "reviewed_on: a day such as 2026-11-23, without quotes; got '2026-11-23'",
        ),
        ("stem", True, "stem: text in quotes, not empty; got true"),
        ("bands", {"value": [{"low": 0, "high": 27}], "source": "x"}, "bands.value.1.name: required"),
        ("mcid", {"value": "5", "source": "x"}, "mcid.value: a whole number without quotes; got '5'"),
        ("mcid", {"value": 5, "source": 3}, "mcid.source: text in quotes, not empty; got 3"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_what_is_allowed(name: str, value: Any, words: str) -> None:
    assert f"ours.toml: {words}" in refused(document("phq9") | {name: value}).splitlines()
