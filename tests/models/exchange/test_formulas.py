"""Text that a spreadsheet would run, kept from running, and as it was again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.exchange.sheets.formulas import as_it_was, inert


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=HYPERLINK(1)",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\0=1",
            " =1",
            "|cmd",
            "%0A=1",
        ),
        *("\uff1dHYPERLINK(1)", "\uff0b1", "\uff0d2", "\uff20SUM(A1)", " \uff1d1", "'\uff1d1"),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Dr Okafor", "Q1 25", "", "O'Brien", "'tis", "5-6"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert inert(text) == as_it_was(text) == text


@given(st.text(st.sampled_from("'= -+a\t\0\uff1d")))
def test_nothing_is_lost_on_the_way_out_and_back(text: str) -> None:
    assert as_it_was(inert(text)) == text
