"""Whoever writes a mapping file reads what is wrong in it in our words, never in a library's."""

import tomllib
from pathlib import Path

import pytest

from models.exchange.columns.mapping import MappingError, read_mapping
from models.exchange.columns.mapping_example import CONVENTIONS, LONG, WIDE
from tests.support.wrong_values import FOREIGN, spoiled

WHOLE = tomllib.loads(f"{CONVENTIONS}\n{LONG}\n{WIDE}")


def refused(path: Path, content: str) -> str:
    """What reading says of it; nothing where it may stand."""
    path.write_text(content)
    try:
        read_mapping(path)
    except MappingError as error:
        return str(error)
    return ""


def test_whatever_stands_anywhere_is_taken_or_refused_in_our_words(tmp_path: Path) -> None:
    said = [refused(tmp_path / "m.toml", content) for content in spoiled(WHOLE)]
    assert [words for words in said if FOREIGN.search(words)] == []
    assert sum(map(bool, said)) > len(said) / 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("table = 3", "table: a list in [ ]; got 3"),
        ("table = [3]", "table.1: a table of its own; got 3"),
        (
            "[[table]]\nreads = 'patients'\ncolumns = {mrn = true}",
            "table.1.columns.mrn: text in quotes; got true",
        ),
        ("[[table]]\nreads = 'patients'\ncolumns = []", "table.1.columns: a table of its own; got []"),
        (
            "[[table]]\nreads = 'patients'\nday_0 = 'May'",
            "table.1.day_0: a day such as 2025-01-06; got 'May'",
        ),
        (
            "[[table]]\nreads = 'patients'\ntime_of_day = 'noon'",
            "table.1.time_of_day: a time such as 09:00:00; got 'noon'",
        ),
        (
            "[[table]]\nreads = 'infusions'\ntime_points = [{day = 1.5}]",
            "table.1.time_points.1.day: a whole number; got 1.5",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_what_is_allowed(
    tmp_path: Path, content: str, words: str
) -> None:
    assert refused(tmp_path / "m.toml", content) == f"m.toml: {words}"
