"""Text files as clinics have them: encodings, delimiters, quotes, widths (safety specification §5)."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from models.exchange.sheets.delimited import LONGEST_CELL, LONGEST_HEADER
from models.exchange.sheets.opening import open_file
from models.exchange.sheets.sheet import Line, UnknownKindError, UnreadableFileError

Write = Callable[..., Path]
Lines = Callable[[Path], list[Line]]

HEADER = "mrn,scale,assessed_at,total\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_its_byte_order_mark_and_utf8_without_one(
    text_file: Write, lines: Lines, encoding: str
) -> None:
    path = text_file("patients.csv", "mrn,given_name\n1,Zoë\n", encoding)
    assert open_file(path)[0].header == ("mrn", "given_name")
    assert lines(path) == [Line(2, ["1", "Zoë"])]


def test_windows_1252_is_refused_with_the_words_it_would_read(text_file: Write, lines: Lines) -> None:
    path = text_file("patients.csv", "mrn,given_name\n1,Ann\n2,Zoë\n3,Müller\n", "cp1252")
    with pytest.raises(UnreadableFileError, match=r"line 3 is not UTF-8; .*windows-1252.*: Zoë, Müller"):
        lines(path)


def test_windows_1252_is_read_when_a_person_said_so(text_file: Write) -> None:
    path = text_file("patients.csv", "mrn,given_name\n2,Zoë\n", "cp1252")
    assert list(open_file(path, "windows-1252")[0].lines(lambda _: None)) == [Line(2, ["2", "Zoë"])]


def test_a_broken_utf16_file_is_refused(text_file: Write, lines: Lines) -> None:
    path = text_file("patients.csv", b"\xff\xfe" + "mrn,given_name\n1,Z".encode("utf-16-le") + b"\x00")
    with pytest.raises(UnreadableFileError, match="is not whole UTF-16 text"):
        lines(path)


@pytest.mark.parametrize(("sign", "name"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs")])
def test_the_delimiter_is_the_one_that_gives_the_most_headers(
    text_file: Write, lines: Lines, sign: str, name: str
) -> None:
    path = text_file("scores.csv", f'mrn{sign}"family, given; name"{sign}sex\n{sign.join("abc")}')
    assert open_file(path)[0].header == ("mrn", "family, given; name", "sex")
    assert open_file(path)[0].described == f"UTF-8, separated by {name}"
    assert lines(path) == [Line(2, ["a", "b", "c"])]


def test_every_cell_stays_the_text_it_was(text_file: Write, lines: Lines) -> None:
    path = text_file("p.csv", "mrn,given_name\n00123,NA\n12E3,None\n 7 ,Null\n-0,1e400\n")
    assert [line.cells for line in lines(path)] == [
        ["00123", "NA"],
        ["12E3", "None"],
        [" 7 ", "Null"],
        ["-0", "1e400"],
    ]


def test_a_field_too_many_refuses_its_row_and_shifts_no_other(text_file: Write, lines: Lines) -> None:
    found = lines(
        text_file("s.csv", f"{HEADER}1,phq9,2026-01-02,9\n2,Roe,phq9,2026-01-02,9\n3,phq9,2026-01-02,9\n")
    )
    assert [line.fault is None for line in found] == [True, False, True]
    assert found[1].number == 3
    assert "has 5 fields, the header 4" in found[1].fault.reason


def test_a_field_too_few_refuses_its_row_and_names_the_column(text_file: Write, lines: Lines) -> None:
    (found,) = lines(text_file("s.csv", f"{HEADER}1,phq9,2026-01-02\n"))
    assert found.fault.column == "total"
    assert "has 3 fields, the header 4" in found.fault.reason


def test_a_nul_byte_refuses_its_row(text_file: Write, lines: Lines) -> None:
    (found,) = lines(text_file("p.csv", "mrn,given_name,phone\n1,Ann,5\x005\n"))
    assert found.fault.column == "phone"
    assert found.fault.value == "5␀5"
    assert "NUL" in found.fault.reason


def test_a_quotation_mark_never_closed_refuses_the_file_and_names_its_line(
    text_file: Write, lines: Lines
) -> None:
    path = text_file("p.csv", 'mrn,given_name\n1,Ann\n2,"Bob\n3,Cy\n4,Di\n')
    with pytest.raises(UnreadableFileError, match=r"line 3: a quotation mark is opened and never closed"):
        lines(path)


def test_a_quotation_mark_never_closed_is_found_long_before_the_end_of_a_large_file(
    text_file: Write, lines: Lines
) -> None:
    path = text_file("p.csv", 'mrn,given_name\n1,Ann\n2,"Bob\n' + "3,Cy\n" * 100_000)
    with pytest.raises(UnreadableFileError, match=r"line 3: a quotation mark is opened and never closed"):
        lines(path)


LONG = "x" * 2_000_000


@pytest.mark.parametrize("cell", [LONG, f'"{LONG}"', '"' + "x,y;" * 500_000 + '"'])
def test_a_cell_longer_than_any_may_be_refuses_its_row_alone(
    text_file: Write, lines: Lines, cell: str
) -> None:
    found = lines(text_file("p.csv", f"mrn,given_name\n1,Ann\n2,{cell}\n3,Cy\n"))
    assert [line.number for line in found] == [2, 3, 4]
    assert [line.fault is None for line in found] == [True, False, True]
    refused = found[1]
    assert refused.cells == ["2", cell.strip('"')]
    assert refused.fault.column == "given_name"
    assert len(refused.fault.value) < 50
    assert refused.fault.reason == "holds 2,000,000 characters; a cell may hold 131,072"


def test_a_long_cell_whose_quotation_mark_its_line_does_not_close_refuses_the_file(
    text_file: Write, lines: Lines
) -> None:
    path = text_file("p.csv", f'mrn,given_name\n1,Ann\n2,"{LONG}\nmore"\n3,Cy\n')
    with pytest.raises(UnreadableFileError, match=r"line 3: .*, or its cell holds more than 131,072"):
        lines(path)
    assert csv.field_size_limit() == LONGEST_CELL


def test_a_lone_quotation_mark_inside_a_quoted_cell_refuses_the_file(text_file: Write, lines: Lines) -> None:
    path = text_file("p.csv", 'mrn,given_name\n1,"Ann "the" Roe"\n')
    with pytest.raises(UnreadableFileError, match="inside, it is written twice"):
        lines(path)


def test_lines_are_counted_as_an_editor_counts_them(text_file: Write, lines: Lines) -> None:
    found = lines(text_file("p.csv", 'mrn,given_name\n\n1,"Ann\nRoe"\n,\n2,Bob\n'))
    assert found == [Line(3, ["1", "Ann\nRoe"]), Line(6, ["2", "Bob"])]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_ending_is_read(text_file: Write, lines: Lines, ending: str) -> None:
    path = text_file("p.csv", ending.join(["mrn,given_name", "1,Ann", "2,Bob", ""]))
    assert [line.cells for line in lines(path)] == [["1", "Ann"], ["2", "Bob"]]


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", ",,,\n;;\n"])
def test_an_empty_file_says_so(text_file: Write, content: str) -> None:
    with pytest.raises(UnknownKindError, match="is empty: no header and no rows"):
        open_file(text_file("p.csv", content))


def test_a_header_too_long_is_told_how_long_it_may_be(text_file: Write, lines: Lines) -> None:
    most = "mrn,given_name,".ljust(LONGEST_HEADER - 1, "x")
    assert lines(text_file("p.csv", f"{most}\n1,Ann,\n"))[0].cells == ["1", "Ann", ""]
    with pytest.raises(UnknownKindError, match="first line holds more than 100,000 characters, which is the"):
        open_file(text_file("p.csv", f"{most}xx\n1,Ann,\n"))


def test_a_header_alone_has_no_lines(text_file: Write, lines: Lines) -> None:
    assert lines(text_file("p.csv", HEADER)) == []


@pytest.mark.parametrize("content", [bytes(range(256)), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_bytes_that_are_no_text_are_refused(text_file: Write, content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match=r"is not a text file|is not UTF-8"):
        open_file(text_file("p.csv", content))


def test_progress_ends_at_the_size_of_the_file(text_file: Write) -> None:
    path = text_file("s.csv", HEADER + "1,phq9,2026-01-02,9\n" * 10_000)
    seen: list[int] = []
    assert sum(1 for _ in open_file(path)[0].lines(seen.append)) == 10_000
    assert seen == sorted(seen)
    assert seen[-1] == path.stat().st_size
