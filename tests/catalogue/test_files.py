"""Bad input, rows 29 to 37 (33 and 34 aside): files sent twice, at odds, empty, or not what they seem."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine

from models.exchange.sheets.limits import BROWSER
from models.exchange.sheets.opening import open_file
from models.exchange.sheets.sheet import UnreadableFileError
from models.store.record import read
from tests.catalogue.conftest import Adding, Send, Stored
from tests.support.builders import record_patient
from tests.support.command import counts, seventy
from tests.support.pages import errors
from tests.support.workbooks import repacked

SCORES = "mrn,scale,assessed_at,total"
HEADER = SCORES.split(",")
ROW = "1,phq9,2025-03-03,9"

Book = Callable[..., Path]


@pytest.mark.catalogue(row=29)
def test_row_29_a_row_twice_is_one_and_the_same_file_again_adds_nothing(send: Send, stored: Stored) -> None:
    content = f"{SCORES}\n{ROW}\n{ROW}\n2,phq9,2025-03-03,8\n"
    assert counts(send("s.csv", content), "assessments") == {"read": 3, "new": 2, "already_there": 1}
    assert counts(send("renamed.csv", content), "assessments") == {"read": 3, "already_there": 3}
    assert stored().assessments.height == 2


@pytest.mark.catalogue(row=30)
def test_row_30_another_birth_date_is_a_conflict_for_a_person_to_decide(send: Send, stored: Stored) -> None:
    send("p.csv", "mrn,birth_date\n1,1980-05-04\n")
    run = send("q.csv", "mrn,birth_date\n1,1980-04-05\n2,1990-01-01\n")
    assert run.status == 1
    (conflict,) = run.document["conflicts"]
    assert (conflict["mrn"], conflict["line"]) == ("1", 2)
    assert conflict["fields"] == {"birth_date": {"stored": "1980-05-04", "given": "1980-04-05"}}
    assert "patient 1: birth_date is recorded as 1980-05-04, the file says 1980-04-05" in run.err
    assert stored().patients["birth_date"].to_list() == [date(1980, 5, 4), date(1990, 1, 1)]


@pytest.mark.catalogue(row=30)
def test_row_30_on_the_form_both_stand_side_by_side(add_patient: Adding, record: Engine) -> None:
    record_patient(record, "1", birth_date=date(1980, 5, 4))
    page = add_patient(mrn="1", birth_date=date(1980, 4, 5))
    assert "Patient number 1 is already recorded" in errors(page)[0]
    table = page.table[0].value
    assert table[["Stored", "Yours"]].to_numpy().tolist() == [["1980-05-04", "1980-04-05"]]
    assert read.record(record).patients["birth_date"].to_list() == [date(1980, 5, 4)]


@pytest.mark.catalogue(row=31)
def test_row_31_a_row_of_a_merged_number_keeps_it_and_is_read_as_the_persons(
    send: Send, stored: Stored, db: str
) -> None:
    send("s.csv", f"{SCORES}\n1,phq9,2025-03-03,9\n2,phq9,2025-04-04,8\n")
    assert seventy("merge", "1", "2", "--reason", "registered twice at the desk", db=db).status == 0
    again = send("t.csv", f"{SCORES}\n2,phq9,2025-05-05,7\n2,phq9,2025-03-03,9\n1,phq9,2025-03-03,5\n")
    assert counts(again, "assessments") == {"read": 3, "new": 1, "already_there": 1, "conflicting": 1}
    assert stored().assessments["patient_id"].to_list() == [1, 1, 1]
    assert seventy("merge", "1", "2", "--undo", "--reason", "they are two sisters", db=db).status == 0
    assert stored().assessments["patient_id"].to_list() == [1, 2, 2]


@pytest.mark.catalogue(row=31)
def test_row_31_what_the_other_number_completes_stays_where_it_was_recorded(
    send: Send, stored: Stored, db: str
) -> None:
    send("i.csv", "mrn,given_at\n1,2025-03-03T10:00Z\n2,2025-04-04T10:00Z\n")
    assert seventy("merge", "1", "2", "--reason", "registered twice at the desk", db=db).status == 0
    run = send("j.csv", "mrn,given_at,route,dose_mg,weight_kg\n2,2025-03-03T10:00Z,iv,40,80\n")
    assert counts(run, "infusions") == {"read": 1, "completed": 1}
    assert seventy("merge", "1", "2", "--undo", "--reason", "they are two sisters", db=db).status == 0
    assert sorted(stored().infusions.select("patient_id", "dose_mg").rows()) == [(1, 40.0), (2, None)]


@pytest.mark.catalogue(row=32)
def test_row_32_a_header_alone_has_no_rows(send: Send, book: Book, db: str) -> None:
    run = send("s.csv", f"{SCORES}\n")
    assert (run.status, run.document["files"][0]["rows"]) == (0, 0)
    assert "s.csv: assessments (no rows" in run.err
    assert "(no rows" in seventy("import", book([HEADER]), db=db).err


@pytest.mark.catalogue(row=32)
@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", ",,,\n"])
def test_row_32_an_empty_file_is_no_table(send: Send, content: str) -> None:
    run = send("s.csv", content)
    assert run.status == 2
    assert run.document["error"] == "s.csv: is empty: no header and no rows"


@pytest.mark.catalogue(row=35)
def test_row_35_entities_that_multiply_are_refused(book: Book, db: str) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    path = repacked(
        book([HEADER]),
        lambda name, part: f"<!DOCTYPE x [{laughs}]>".encode() + part if "sheet1" in name else part,
    )
    run = seventy("import", path, "--json", db=db)
    assert run.status == 1
    assert "is a damaged workbook" in run.document["error"]
    with pytest.raises(UnreadableFileError, match="is a damaged workbook"):
        open_file(path, limits=BROWSER)


@pytest.mark.catalogue(row=36)
def test_row_36_a_formula_nobody_computed_is_refused_and_one_with_its_value_is_not(
    book: Book, db: str, stored: Stored
) -> None:
    path = book([HEADER, ["1", "phq9", "2025-03-03", "=4+5"]])
    run = seventy("import", path, "--json", db=db)
    (refused,) = run.document["rejections"]
    assert (refused["column"], refused["value"]) == ("total", "=4+5")
    assert "is a formula without a computed value" in refused["reason"]
    computed = repacked(
        path, lambda _, part: part.replace(b"<v></v>", b"<v>9</v>").replace(b"<v />", b"<v>9</v>")
    )
    assert seventy("import", computed, db=db).status == 0
    assert stored().assessments["total"].to_list() == [9]


@pytest.mark.catalogue(row=37)
@pytest.mark.parametrize(
    ("name", "content", "status", "why"),
    [
        (
            "s.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            2,
            "old or password-protected Excel file",
        ),
        ("s.csv", b"PK\x03\x04", 2, "is named .csv and is a zip or Excel file"),
        ("s.xlsx", SCORES.encode(), 2, "is named .xlsx and is not an Excel workbook"),
        ("s.csv", b"\x89PNG\r\n\x1a\n\0\0", 2, "is not UTF-8"),
        ("s.csv", b"%PDF-1.7\n\0\0\0", 2, "has no header that an import knows"),
    ],
)
def test_row_37_the_first_bytes_say_what_a_file_is_not_its_name(
    send: Send, name: str, content: bytes, status: int, why: str
) -> None:
    run = send(name, content)
    assert run.status == status
    assert why in run.document["error"]


@pytest.mark.catalogue(row=37)
def test_row_37_a_workbook_with_macros_is_refused_under_any_name(book: Book, db: str) -> None:
    with ZipFile(book([HEADER]), "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"")
    run = seventy("import", archive.filename, "--json", db=db)
    assert run.status == 1
    assert "contains macros" in run.document["error"]
