"""Bad input, rows 6 and 9 in worksheets: what is beyond a table or out of sight, and what Excel makes."""

# ruff: noqa: DTZ001 - Excel knows no time zones: its moments are naive

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.catalogue.conftest import Send, Stored
from tests.support.command import counts, seventy

Book = Callable[..., Path]


@pytest.mark.catalogue(row=9)
def test_row_9_a_cell_beyond_the_header_of_a_worksheet_refuses_its_row(book: Book, db: str) -> None:
    rows = [["mrn", "given_name"], ["1", "Ruth", " ", "called Ruthie"], ["2", "Ada", " "]]
    run = seventy("import", book(rows), "--json", db=db)
    (rejected,) = run.document["rejections"]
    assert (rejected["line"], rejected["value"]) == (2, "called Ruthie")
    assert rejected["reason"].startswith("stands in column 4, which has no header")
    assert counts(run, "patients") == {"read": 2, "new": 1, "rejected": 1}


@pytest.mark.catalogue(row=9)
def test_row_9_a_worksheet_with_more_columns_than_are_read_is_refused(book: Book, db: str) -> None:
    run = seventy("import", book([["mrn", "given_name", *(f"c{n}" for n in range(999))], ["1"]]), db=db)
    assert run.status == 1
    assert "has 1,001 columns, more than the 1,000 allowed; leave out columns" in run.err


@pytest.mark.catalogue(row=9)
def test_row_9_columns_without_a_name_are_said_to_be_left_out(send: Send, book: Book, db: str) -> None:
    run = send("p.csv", "mrn,,given_name,\n1,secret,Ruth,\n")
    assert run.document["files"][0]["left_out"] == ["2 columns without a name"]
    told = seventy("import", book([["mrn", None, "given_name"], ["2", "secret", "Ada"]]), db=db)
    assert "left out: 1 column without a name" in told.err + told.out


@pytest.mark.catalogue(row=9)
def test_row_9_a_worksheet_nobody_sees_is_named_as_hidden(book: Book, db: str) -> None:
    def hide(workbook: Workbook) -> None:
        for name, state in (("Old", "hidden"), ("Older", "veryHidden")):
            sheet = workbook.create_sheet(name)
            sheet.sheet_state = state
            sheet.append(["mrn"])
            sheet.append([name])

    run = seventy("import", book([["mrn"], ["1"]], hide), "--json", db=db)
    assert [file["read_as"] for file in run.document["files"]] == [
        "Excel worksheet",
        "Excel worksheet, hidden",
        "Excel worksheet, hidden",
    ]


@pytest.mark.catalogue(row=6)
def test_row_6_what_excel_made_a_date_of_is_no_number_of_a_patient(book: Book, db: str) -> None:
    rows = [["mrn", "given_name"], [datetime(2026, 3, 1), "Ruth"], ["2", datetime(2026, 3, 1)]]
    run = seventy("import", book(rows), "--json", db=db)
    assert [(each["line"], each["column"]) for each in run.document["rejections"]] == [
        (2, "mrn"),
        (3, "given_name"),
    ]
    assert all(
        "is a date in Excel; format the column as text" in each["reason"]
        for each in run.document["rejections"]
    )


@pytest.mark.catalogue(row=6)
@pytest.mark.parametrize(
    ("mrn", "why"),
    [
        ("1.23457E+11", "is how Excel shortens a long number, whose last digits are lost"),
        ("1,23457E+11", "is how Excel shortens a long number, whose last digits are lost"),
        ('="00123"', "is a formula that stands for a text; write '00123' without it"),
    ],
)
def test_row_6_what_excel_made_of_a_number_is_refused(send: Send, stored: Stored, mrn: str, why: str) -> None:
    run = send("p.csv", f"mrn\tgiven_name\n{mrn}\tRuth\n12E3\tAda\n")
    (rejected,) = run.document["rejections"]
    assert (rejected["column"], rejected["value"]) == ("mrn", mrn)
    assert why in rejected["reason"]
    assert stored().patients["mrn"].to_list() == ["12E3"]
