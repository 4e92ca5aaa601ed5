"""Which table a file is, by its headers alone, and which files of a folder are read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.exchange.imports.plan import plan
from models.exchange.sheets.sheet import UnknownKindError, UnreadableFileError

Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("mrn,given_name", "patients"),
        ("mrn", "patients"),
        ("mrn,started_on", "courses"),
        ("mrn,given_at,dose_mg", "infusions"),
        ("mrn,scale,assessed_at,total", "assessments"),
        ("mrn,scale,assessed_at,item_1,item_2", "assessments"),
        ("Total,Assessed At,SCALE,Mrn", "assessments"),
        ("MRN,Given-Name,BIRTH DATE", "patients"),
        ("mrn,Assessed_at,scale,Item 01", "assessments"),
    ],
)
def test_a_table_is_known_by_its_headers_in_any_order_and_spelling(
    text_file: Write, header: str, table: str
) -> None:
    (reading,) = plan([text_file("whatever.txt", header + "\n")]).readings
    assert reading.table == table
    assert reading.left_out == ()


def test_further_columns_are_left_out_and_named(text_file: Write) -> None:
    path = text_file("scores.csv", "mrn,scale,phone,assessed_at,,total,Insurance\n")
    assert plan([path]).readings[0].left_out == ("phone", "Insurance", "1 column without a name")


def test_the_reason_column_of_a_rejects_file_needs_no_naming(text_file: Write) -> None:
    assert plan([text_file("rejects.csv", "mrn,given_name,reason\n")]).readings[0].left_out == ()


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("name,age", "has no header that an import knows: name, age"),
        ("mrn,phone", "to be patients it lacks given_name or family_name or birth_date or sex"),
        ("mrn,scale,assessed_at,score", "to be assessments it lacks total or item_1"),
        ("mrn,scale,total", "to be assessments it lacks assessed_at"),
        ("patient,given_at,dose_mg", "to be infusions it lacks mrn"),
    ],
)
def test_a_file_of_no_known_kind_says_what_it_lacks(text_file: Write, header: str, why: str) -> None:
    with pytest.raises(UnknownKindError, match=why):
        plan([text_file("scores.csv", header + "\n")])


def test_each_name_that_stands_twice_is_said_once_with_how_often(text_file: Write) -> None:
    path = text_file("s.csv", "mrn,mrn,scale,assessed_at,total,Total,total\n")
    with pytest.raises(UnreadableFileError) as refused:
        plan([path])
    assert refused.value.why == (
        "has 2 columns called mrn, 3 columns called total and Total; which one counts cannot be known"
    )


@pytest.mark.parametrize(
    "header", ["mrn,given_name,MRN", "mrn,given_name,Given Name", "mrn,scale,assessed_at,item_1,Item 1"]
)
def test_a_header_that_stands_there_twice_refuses_the_file(text_file: Write, header: str) -> None:
    with pytest.raises(UnreadableFileError, match="has 2 columns called"):
        plan([text_file("scores.csv", header + "\n")])


def test_headers_of_two_tables_at_once_are_refused(text_file: Write) -> None:
    path = text_file("all.csv", "mrn,given_at,dose_mg,scale,assessed_at,total\n")
    with pytest.raises(UnreadableFileError, match="has the headers of infusions and assessments at once"):
        plan([path])


def test_a_folder_skips_and_names_what_it_does_not_know(text_file: Write, tmp_path: Path) -> None:
    text_file("assessments.csv", "mrn,scale,assessed_at,total\n")
    text_file("README.md", "# Scores\n")
    text_file("picture.png", b"\x89PNG\0\0")
    text_file("~$scores.xlsx", b"lock")
    text_file("empty.csv", "")
    text_file("notes.csv", "note,note\n")
    (tmp_path / "older").mkdir()
    planned = plan([tmp_path])
    assert [reading.sheet.name for reading in planned.readings] == ["assessments.csv"]
    assert {skipped.name for skipped in planned.skipped} == {
        "README.md",
        "picture.png",
        "~$scores.xlsx",
        "empty.csv",
        "notes.csv",
        "older",
    }


def test_a_folder_does_not_pass_over_a_file_it_knows_and_cannot_read(
    text_file: Write, tmp_path: Path
) -> None:
    text_file("assessments.csv", "mrn,scale,assessed_at,total,Total\n")
    with pytest.raises(UnreadableFileError, match="has 2 columns called"):
        plan([tmp_path])


def test_files_are_read_patients_first_in_whatever_order_they_come(text_file: Write) -> None:
    scores = text_file("1.csv", "mrn,scale,assessed_at,total\n")
    doses = text_file("2.csv", "mrn,given_at\n")
    people = text_file("3.csv", "mrn,sex\n")
    courses = text_file("4.csv", "mrn,started_on\n")
    tables = [reading.table for reading in plan([scores, doses, people, courses]).readings]
    assert tables == ["patients", "courses", "infusions", "assessments"]


def test_a_file_named_twice_is_read_once(text_file: Write, tmp_path: Path) -> None:
    path = text_file("patients.csv", "mrn,sex\n")
    assert len(plan([path, tmp_path, path]).readings) == 1


def test_a_workbook_gives_a_table_for_each_worksheet_and_names_the_others(workbook: Write) -> None:
    def more(book: Workbook) -> None:
        book.create_sheet("Doses").append(["mrn", "given_at"])
        book.create_sheet("Notes").append(["Call back on Friday"])

    planned = plan([workbook([["mrn", "sex"]], after=more)])
    assert [reading.table for reading in planned.readings] == ["patients", "infusions"]
    assert [skipped.name for skipped in planned.skipped] == ["scores.xlsx, sheet Notes"]


def test_a_file_that_may_not_be_opened_is_refused_in_words(
    text_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = text_file("patients.csv", "mrn,sex\n")

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(UnreadableFileError, match=r"patients\.csv: cannot be opened: Permission denied"):
        plan([path])
