"""A clinic that writes a scale of its own reads what is wrong in our words, never in a library's."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from models.scales import ScaleFileError
from models.scales.reading import read_scale
from tests.support.wrong_values import FOREIGN, spoiled, written

SCALES = ("phq9", "qids_sr16", "pcl5", "madrs", "promis_depression")


def document(scale: str) -> dict[str, Any]:
    return tomllib.loads((files("models.scales") / f"{scale}.toml").read_text(encoding="utf-8"))


def refused(content: str) -> str:
    """What reading says of it; nothing where it may stand."""
    try:
        read_scale("ours.toml", content.encode())
    except ScaleFileError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("scale", SCALES)
def test_whatever_stands_anywhere_is_taken_or_refused_in_our_words(scale: str) -> None:
    said = [refused(content) for content in spoiled(document(scale))]
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
    assert f"ours.toml: {words}" in refused(written(document("phq9") | {name: value})).splitlines()
