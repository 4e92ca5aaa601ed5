"""Excel workbooks: the types Excel gave, and files that only look like one (safety specification §5, 34-37).

Excel knows no time zones: its moments are naive.
"""

# ruff: noqa: DTZ001

import struct
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from models.exchange.sheets.archive import HIGHEST_RATIO, MEGABYTE
from models.exchange.sheets.opening import open_file
from models.exchange.sheets.sheet import Line, UnknownKindError, UnreadableFileError

Write = Callable[..., Path]
Lines = Callable[[Path], list[Line]]

HEADER = ["mrn", "scale", "assessed_at", "total"]


def put(cell: str, value: object, number_format: str = "General") -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book.active[cell] = value
        book.active[cell].number_format = number_format

    return change


def test_each_cell_becomes_the_text_a_person_reads(workbook: Write, lines: Lines) -> None:
    path = workbook(
        [
            HEADER,
            [123, "phq9", datetime(2026, 1, 2, 9, 30), 9],
            ["00123", "phq9", date(2026, 1, 2), 9.0],
            [7, "phq9", "2026-01-02", 0.1 + 0.2],
            [True, None, time(9, 30), 1.5e-7],
        ]
    )
    assert [line.cells for line in lines(path)] == [
        ["123", "phq9", "2026-01-02T09:30:00", "9"],
        ["00123", "phq9", "2026-01-02", "9"],
        ["7", "phq9", "2026-01-02", "0.3"],
        ["TRUE", "", "09:30:00", "0.00000015"],
    ]


def test_leading_zeros_that_excel_only_displays_are_kept(workbook: Write, lines: Lines) -> None:
    path = workbook([["mrn", "sex"], [123, "f"]], after=put("A2", 123, "00000"))
    assert lines(path)[0].cells[0] == "00123"


def test_midnight_is_a_time_only_where_the_cell_shows_one(workbook: Write, lines: Lines) -> None:
    midnight = datetime(2026, 1, 2)
    path = workbook([["mrn", "given_at"], ["1", midnight]], after=put("B2", midnight, "yyyy-mm-dd hh:mm"))
    assert lines(path)[0].cells[1] == "2026-01-02T00:00:00"


def test_a_time_is_rounded_to_the_second_excel_meant(workbook: Write, lines: Lines) -> None:
    path = workbook([["mrn", "given_at"], ["1", datetime(2026, 1, 2, 8, 59, 59, 999_900)]])
    assert lines(path)[0].cells[1] == "2026-01-02T09:00:00"


def test_the_1904_calendar_of_old_macs_is_honoured(workbook: Write, lines: Lines) -> None:
    def old_mac(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    path = workbook([["mrn", "given_at"], ["1", datetime(2026, 1, 2, 9, 30)]], after=old_mac)
    assert lines(path)[0].cells[1] == "2026-01-02T09:30:00"


def test_three_decimals_of_a_typed_number_cannot_be_taken_for_thousands(
    workbook: Write, lines: Lines
) -> None:
    assert lines(workbook([["mrn", "dose_mg"], ["1", 37.125]]))[0].cells[1] == "37.1250"


def test_a_formula_without_a_computed_value_is_a_fault_and_one_with_a_value_is_not(
    workbook: Write, lines: Lines, tmp_path: Path
) -> None:
    path = workbook([HEADER, ["1", "phq9", "2026-01-02", "=4+5"], ["2", "phq9", "2026-01-02", 9]])
    computed = tmp_path / "computed.xlsx"
    with ZipFile(path) as old, ZipFile(computed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v></v>", b"<v>9</v>").replace(b"<v />", b"<v>9</v>"))
    refused, kept = lines(path)
    assert kept.fault is None
    assert refused.fault.column == "total"
    assert refused.fault.value == "=4+5"
    assert "formula without a computed value" in refused.fault.reason
    assert [line.cells[3] for line in lines(computed)] == ["9", "9"]
    assert [line.fault for line in lines(computed)] == [None, None]


def test_an_error_of_excel_is_a_fault(workbook: Write, lines: Lines) -> None:
    (found,) = lines(workbook([["mrn", "given_name"], ["1", "#N/A"]]))
    assert found.fault.column == "given_name"
    assert "Excel error" in found.fault.reason


def test_a_number_longer_than_excel_keeps_is_a_fault(workbook: Write, lines: Lines) -> None:
    (found,) = lines(workbook([["mrn", "sex"], [12345678901234567890, "f"]]))
    assert "more digits than Excel keeps" in found.fault.reason


def test_blank_rows_and_a_header_further_down_are_found(workbook: Write, lines: Lines) -> None:
    path = workbook([[], ["mrn", "sex", None, ""], [], ["1", "f"], [None, None], ["2", "m"]])
    assert open_file(path)[0].header == ("mrn", "sex")
    assert lines(path) == [Line(4, ["1", "f"]), Line(6, ["2", "m"])]


def test_every_filled_worksheet_is_a_sheet_of_its_own(workbook: Write) -> None:
    def second(book: Workbook) -> None:
        book.create_sheet("Empty")
        book.create_sheet("Doses").append(["mrn", "given_at"])

    sheets = open_file(workbook([["mrn", "sex"]], after=second))
    assert [sheet.name for sheet in sheets] == ["scores.xlsx, sheet Sheet", "scores.xlsx, sheet Doses"]
    assert [sheet.name for sheet in open_file(workbook([["mrn", "sex"]]))] == ["scores.xlsx"]


def test_an_empty_workbook_says_so(workbook: Write) -> None:
    with pytest.raises(UnknownKindError, match="is empty"):
        open_file(workbook([]))


def test_a_workbook_that_would_unpack_to_much_more_is_refused_unread(archive: Write) -> None:
    bomb = archive(
        "bomb.xlsx", {"[Content_Types].xml": b"", "xl/a.xml": b"0" * (HIGHEST_RATIO * 2_000_000 // 100)}
    )
    with pytest.raises(UnreadableFileError, match="unpacks to more than 100 times its size"):
        open_file(bomb)


def test_a_workbook_larger_than_scores_need_is_refused_unread(archive: Write) -> None:
    large = archive("large.xlsx", {"[Content_Types].xml": b"", "xl/a.xml": b"0" * (51 * MEGABYTE)})
    with pytest.raises(
        UnreadableFileError, match="unpacks to 51 MB, more than the 50 MB allowed; save the sheet as CSV"
    ):
        open_file(large)


def test_a_workbook_of_hundreds_of_parts_is_refused(archive: Write) -> None:
    parts = {f"xl/{number}.xml": b"" for number in range(200)}
    with pytest.raises(UnreadableFileError, match="holds 201 parts, more than the 200 allowed"):
        open_file(archive("parts.xlsx", {"[Content_Types].xml": b"", **parts}))


def test_a_zip_that_declares_less_than_it_holds_is_refused(workbook: Write) -> None:
    path = workbook([HEADER, *[["1", "phq9", "2026-01-02", 9]] * 2000])
    content = bytearray(path.read_bytes())
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46  # its entry in the central directory
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<I", 100)
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="is a damaged workbook"):
        list(open_file(path)[0].lines(lambda _: None))


def test_entities_that_multiply_are_refused(workbook: Write, tmp_path: Path) -> None:
    path, evil = workbook([HEADER]), tmp_path / "laughs.xlsx"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    with ZipFile(path) as old, ZipFile(evil, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, laughs + content if "sheet1" in name else content)
    with pytest.raises(UnreadableFileError, match="is a damaged workbook"):
        open_file(evil)


def test_a_row_number_beyond_excels_own_is_refused(
    workbook: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "models.exchange.sheets.workbook.MOST_LINES", 1000
    )  # not a million, for the test's sake
    path, evil = workbook([HEADER, ["1", "phq9", "2026-01-02", 9]]), tmp_path / "far.xlsx"
    with ZipFile(path) as old, ZipFile(evil, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="2"', b'r="99999999999"'))
    with pytest.raises(UnreadableFileError, match="at most 1,000 rows"):
        list(open_file(evil)[0].lines(lambda _: None))


def changed(path: Path, *, flags: int = 0, method: int | None = None) -> Path:
    """A workbook whose parts say that they are packed otherwise, in the list of them and before each."""
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            was, packed = struct.unpack_from("<HH", content, at + place)
            struct.pack_into("<HH", content, at + place, was | flags, packed if method is None else method)
            at = content.find(signature, at + 4)
    path.write_bytes(content)
    return path


def test_a_workbook_whose_parts_need_a_password_is_refused(workbook: Write) -> None:
    with pytest.raises(UnreadableFileError, match="is protected with a password; save it without one"):
        open_file(changed(workbook([HEADER, ["1", "phq9", "2026-01-02", 9]]), flags=1))


def test_a_workbook_packed_in_a_way_nobody_unpacks_is_damaged(workbook: Write) -> None:
    with pytest.raises(UnreadableFileError, match="is a damaged workbook"):
        open_file(changed(workbook([HEADER, ["1", "phq9", "2026-01-02", 9]]), method=97))


def test_a_workbook_with_macros_is_refused(archive: Write) -> None:
    members = {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/vbaProject.bin": b""}
    for name in ("scores.xlsm", "scores.xlsx"):
        with pytest.raises(UnreadableFileError, match="contains macros"):
            open_file(archive(name, members))


def test_a_zip_that_is_no_workbook_is_refused(archive: Write) -> None:
    with pytest.raises(UnreadableFileError, match="is a zip archive, not an Excel workbook; unpack it"):
        open_file(archive("scores.xlsx", {"scores.csv": b"mrn"}))
    with pytest.raises(UnreadableFileError, match="is a zip archive"):
        open_file(archive("empty.zip", {}))
    with pytest.raises(UnknownKindError, match="is an Office file, but not an Excel workbook"):
        open_file(archive("letter.docx", {"[Content_Types].xml": b"", "word/document.xml": b""}))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("scores.xlsx", b"mrn,scale\n", "is named .xlsx and is not an Excel workbook"),
        ("scores.xls", b"mrn,scale\n", "is named .xls and is not an Excel workbook"),
        (
            "scores.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "old or password-protected Excel file",
        ),
        ("scores.csv", b"PK\x03\x04", "is named .csv and is a zip or Excel file"),
        ("scores.xlsx", b"PK\x03\x04cut short", "is a damaged .xlsx file"),
    ],
)
def test_the_first_bytes_say_what_a_file_is_not_its_name(
    text_file: Write, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        open_file(text_file(name, content))


def test_a_workbook_by_another_name_is_still_one(workbook: Write) -> None:
    assert open_file(workbook([HEADER], name="scores.download"))[0].header == tuple(HEADER)


def test_a_row_longer_than_any_tables_is_refused_unread(workbook: Write, tmp_path: Path) -> None:
    path, evil = workbook([HEADER]), tmp_path / "long.xlsx"
    long = (
        b'<row r="2">'
        + b"".join(b"<c><v>%d</v></c>" % (number % 999) for number in range(80_000))
        + b"</row>"
    )
    with ZipFile(path) as old, ZipFile(evil, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", long + b"</sheetData>"))
    with pytest.raises(UnreadableFileError, match="has a row longer than any table's"):
        open_file(evil)
