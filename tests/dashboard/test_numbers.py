import csv
import io

import pytest

from dashboard.components.numbers import csv_of, inert


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "|cmd", "%0A=1"]
)
def test_text_that_a_spreadsheet_would_run_is_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Dr Okafor", "Q1 25", "", -5, 0.4226190476, None])
def test_other_text_and_numbers_stay_as_they_are(value: object) -> None:
    assert inert(value) == value


def test_the_file_keeps_numbers_whole_and_quotes_what_needs_it() -> None:
    written = csv_of([{"row": "Responded, all", "rate": 71 / 168}, {"row": "=1", "rate": None}])
    rows = list(csv.DictReader(io.StringIO(written.decode())))
    assert rows[0] == {"row": "Responded, all", "rate": "0.4226190476190476"}
    assert rows[1] == {"row": "'=1", "rate": ""}


def test_no_rows_make_an_empty_file() -> None:
    assert csv_of([]).strip() == b""
