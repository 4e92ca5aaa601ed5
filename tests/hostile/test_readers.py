"""What a search for bytes that break a reader begins with breaks none, and a reader that guesses is seen.

The search is `python -m tests.benchmarks.fuzz`.
"""

import re

import pytest

from tests.benchmarks.fuzz import NAMES
from tests.support.readers import READERS


@pytest.mark.parametrize("name", NAMES)
def test_what_a_search_begins_with_breaks_no_reader(name: str) -> None:
    for seed in READERS[name].seeds:
        READERS[name].take(seed)


@pytest.mark.parametrize(
    ("broken", "instead"),
    [
        ("models.exchange.columns.kinds.read_whole", lambda text, _sign: int(text)),
        ("models.exchange.columns.moments.ISO", re.compile(r"(\d{4}-\d\d-\d\d)()()")),
        ("models.exchange.sheets.delimited.as_it_was", lambda text: text.lstrip("'")),
    ],
)
def test_a_reader_that_guesses_is_found_out(
    monkeypatch: pytest.MonkeyPatch, broken: str, instead: object
) -> None:
    monkeypatch.setattr(broken, instead)
    sent = "mrn,given_at,minutes,reason\n''7,2026-03-03,40,x\n8,2026-03-03,1_0,x\n9,٢٠٢٦-03-03,5,x\n"
    with pytest.raises(AssertionError):
        READERS["csv"].take(sent.encode())


def test_a_workbook_taken_otherwise_than_its_xml_says_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.exchange.sheets.workbook.cell_text", lambda cell: str(cell.value).upper())
    with pytest.raises(AssertionError):
        READERS["xlsx"].take(READERS["xlsx"].seeds[0])
