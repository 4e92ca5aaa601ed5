"""Bad input, rows 1 to 11 and 25 to 28: encodings, cells that are not what they seem, and names."""

import csv
import io
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.components.page.numbers import csv_of
from dashboard.components.page.pages import Page
from dashboard.components.page.plain import plain
from models.store.record import read
from tests.catalogue.conftest import Adding, Send, Stored
from tests.support.builders import record_patient
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.merging import stored_before_numbers_were_matched
from tests.support.pages import errors, opened, said, type_in

NAMES = "mrn,family_name\n"
AS_PATIENTS = '[[table]]\nreads = "patients"\n'
ESCAPED = re.compile(r"\\.")


def people(record: read.Record) -> list[tuple[str, str | None]]:
    return record.patients.select("mrn", "family_name").sort("mrn").rows()


def typed(record: Engine) -> list[tuple[str, str | None]]:
    return people(read.record(record))


@pytest.mark.catalogue(row=1)
def test_row_1_a_byte_order_mark_is_no_part_of_the_first_header(send: Send, stored: Stored) -> None:
    assert send("p.csv", f"{NAMES}1,Zoë\n", encoding="utf-8-sig").status == 0
    assert people(stored()) == [("1", "Zoë")]


@pytest.mark.catalogue(row=2)
def test_row_2_utf_16_is_read_with_its_mark_and_asked_about_without(send: Send, stored: Stored) -> None:
    run = send("bare.csv", f"{NAMES}1,Zoë\n", encoding="utf-16-le")
    assert run.status == 2
    assert "save it as “CSV UTF-8”" in run.document["error"]
    assert send("p.csv", f"{NAMES}1,Zoë\n", encoding="utf-16").status == 0
    assert people(stored()) == [("1", "Zoë")]


@pytest.mark.catalogue(row=3)
def test_row_3_windows_1252_is_a_choice_shown_with_five_names_and_never_a_guess(
    send: Send, stored: Stored
) -> None:
    names = ["Zoë", "Müller", "Peña", "Ångström", "Èze", "Noël"]
    content = NAMES + "".join(f"{number},{name}\n" for number, name in enumerate(names))
    run = send("p.csv", content, encoding="cp1252")
    assert run.status == 1
    shown = f'say encoding = "windows-1252" in a mapping file: {", ".join(names[:5])}'
    assert f"if these words look right, {shown}" in run.document["error"]
    chosen = send("p.csv", content, encoding="cp1252", mapping=f'encoding = "windows-1252"\n{AS_PATIENTS}')
    assert chosen.status == 0
    assert [name for _, name in people(stored())] == names


@pytest.mark.catalogue(row=4)
def test_row_4_a_nul_byte_refuses_its_row_in_a_file(send: Send, stored: Stored) -> None:
    run = send("p.csv", f"{NAMES}1,Ja\0ne\n2,Roe\n")
    assert run.status == 1
    (refused,) = run.document["rejections"]
    assert (refused["line"], refused["column"], refused["value"]) == (2, "family_name", "Ja␀ne")
    assert people(stored()) == [("2", "Roe")]


@pytest.mark.catalogue(row=4)
def test_row_4_a_nul_byte_is_refused_on_the_form(add_patient: Adding, record: Engine) -> None:
    page = add_patient(mrn="1", family_name="Ja\0ne")
    assert "must be text without control characters" in errors(page)[0]
    assert typed(record) == []


@pytest.mark.catalogue(row=5)
@pytest.mark.catalogue(row=6)
@pytest.mark.parametrize("mrn", ["00123", "12E3"])
def test_rows_5_and_6_a_number_of_the_clinics_is_always_text(
    send: Send, stored: Stored, add_patient: Adding, record: Engine, mrn: str
) -> None:
    assert send("p.csv", f"{NAMES}{mrn},Roe\n").status == 0
    assert people(stored()) == [(mrn, "Roe")]
    add_patient(mrn=mrn, family_name="Roe")
    assert typed(record) == [(mrn, "Roe")]


@pytest.mark.catalogue(row=7)
@pytest.mark.parametrize("name", ["NA", "None", "Null", "nan", "TRUE"])
def test_row_7_a_surname_is_empty_only_where_nothing_stands(
    send: Send, stored: Stored, add_patient: Adding, record: Engine, name: str
) -> None:
    assert send("p.csv", f"{NAMES}1,{name}\n2,\n").status == 0
    assert people(stored()) == [("1", name), ("2", None)]
    add_patient(mrn="1", family_name=name)
    assert typed(record) == [("1", name)]


@pytest.mark.catalogue(row=8)
@pytest.mark.parametrize(
    ("again", "called"), [("mrn", "mrn;"), ("MRN", "mrn and MRN;"), ("M-R-N ", "mrn and M-R-N ;")]
)
def test_row_8_a_header_that_stands_twice_refuses_the_file(send: Send, again: str, called: str) -> None:
    run = send("p.csv", f"mrn,family_name,{again}\n1,Roe,2\n")
    assert run.status == 1
    assert f"has 2 columns called {called}" in run.document["error"]


@pytest.mark.catalogue(row=9)
def test_row_9_a_field_too_many_refuses_its_row_and_shifts_no_other(send: Send, stored: Stored) -> None:
    run = send("p.csv", f"{NAMES}1,Roe\n2,Doe,Jane\n3,Poe\n")
    assert run.status == 1
    (refused,) = run.document["rejections"]
    assert refused["line"] == 3
    assert "the row has 3 fields, the header 2" in refused["reason"]
    assert people(stored()) == [("1", "Roe"), ("3", "Poe")]


@pytest.mark.catalogue(row=10)
def test_row_10_a_field_too_few_refuses_its_row(send: Send, stored: Stored) -> None:
    run = send("p.csv", f"{NAMES}1,Roe\n2\n")
    (refused,) = run.document["rejections"]
    assert (run.status, refused["line"], refused["column"]) == (1, 3, "family_name")
    assert people(stored()) == [("1", "Roe")]


@pytest.mark.catalogue(row=11)
def test_row_11_a_quotation_mark_never_closed_refuses_the_file_and_names_its_line(send: Send) -> None:
    run = send("p.csv", f'{NAMES}1,Roe\n2,"Doe\n3,Poe\n')
    assert run.status == 1
    assert "line 3: a quotation mark is opened and never closed" in run.document["error"]


COMPOSED, DECOMPOSED = "Zoë", "Zoe\u0308"


@pytest.mark.catalogue(row=25)
def test_row_25_two_ways_to_write_a_letter_are_one_name_in_a_file(send: Send, stored: Stored) -> None:
    send("p.csv", f"{NAMES}1,{DECOMPOSED}\n")
    again = send("q.csv", f"{NAMES}1,{COMPOSED}\n")
    assert again.document["tables"]["patients"]["already_there"] == 1
    assert people(stored()) == [("1", COMPOSED)]


@pytest.mark.catalogue(row=25)
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\u202eeoR", "eoR"),
        ("R\u200boe", "Roe"),
        ("\ufeffRoe", "Roe"),
        ("van\u00a0\u00a0 Roe", "van Roe"),
        ("van\tRoe", "van Roe"),
        ("R\x1boe", "Roe"),
        ("نی\u200cلوفر", "نی\u200cلوفر"),
        (DECOMPOSED, COMPOSED),
    ],
)
def test_row_25_what_nobody_sees_is_left_out_of_a_name(
    send: Send, stored: Stored, add_patient: Adding, record: Engine, written: str, kept: str
) -> None:
    assert send("p.csv", f'{NAMES}1,"{written}"\n').status == 0
    assert people(stored()) == [("1", kept)]
    add_patient(mrn="1", family_name=written)
    assert typed(record) == [("1", kept)]


@pytest.mark.catalogue(row=25)
@pytest.mark.parametrize("typed_name", ["zoe", "ZOË", DECOMPOSED, "\uff3a\uff4f\uff45"])
def test_row_25_a_name_is_found_however_it_is_typed(record: Engine, typed_name: str) -> None:
    record_patient(record, "1", family_name=COMPOSED)
    page = type_in(opened(Page.RECORD), "text_input", "patient search", typed_name)
    assert [button.key for button in page.button if str(button.key).startswith("choose ")] == ["choose 1"]


@pytest.mark.catalogue(row=25)
@pytest.mark.parametrize("written", ["ab-\uff11\uff12", "AB-12", " aB-\u200b12 ", "\uff21\uff22\uff0d12"])
def test_row_25_a_number_is_one_however_it_is_written(
    send: Send, stored: Stored, add_patient: Adding, record: Engine, written: str
) -> None:
    send("p.csv", f"{NAMES}AB-12,Adler\n")
    send("s.csv", f"mrn,scale,assessed_at,total\n{written},phq9,2025-03-03,9\n")
    again = send("q.csv", f"{NAMES}{written},Adler\n")
    assert again.document["tables"]["patients"]["already_there"] == 1
    assert people(stored()) == [("AB-12", "Adler")]
    assert stored().assessments["patient_id"].to_list() == [1]
    record_patient(record, "AB-12", family_name="Adler")
    assert "is already recorded" in errors(add_patient(mrn=written, family_name="Roe"))[0]
    assert typed(record) == [("AB-12", "Adler")]


@pytest.mark.catalogue(row=25)
def test_row_25_numbers_alike_in_an_older_record_stand_and_an_unclear_row_is_refused(
    send: Send, stored: Stored, db: str
) -> None:
    send("p.csv", f"{NAMES}AB-12,Adler\n")
    with connected(db) as engine:
        stored_before_numbers_were_matched(engine, "ab-\uff11\uff12", 2)
    scores = "mrn,scale,assessed_at,total\n"
    rows = "AB-12,phq9,2025-03-03,9\nab-\uff11\uff12,phq9,2025-03-03,8\nAb-12,phq9,2025-03-03,7\n"
    run = send("s.csv", scores + rows)
    (rejection,) = run.document["rejections"]
    assert (
        rejection["reason"]
        == "Ab-12 may be AB-12 or ab-\uff11\uff12: merge these patients, or write it exactly"
    )
    assert stored().assessments["patient_id"].to_list() == [1, 2]
    merging = ("AB-12", "ab-\uff11\uff12", "--reason", "one number typed twice", "--confirm")
    assert seventy("merge", *merging, db=db).status == 0
    run = send("s.csv", f"{scores}Ab-12,phq9,2025-03-04,7\n")
    assert run.status == 0
    assert stored().assessments["patient_id"].to_list() == [1, 1, 1]


@pytest.mark.catalogue(row=26)
@pytest.mark.parametrize("name", ["O'Brien", "Null", "Roe 🙂", "Y", "x" * 200, "李", "d'Àvila-Ñu\u0301ñez"])
def test_row_26_every_name_of_up_to_200_characters_is_a_name(send: Send, stored: Stored, name: str) -> None:
    assert send("p.csv", f"{NAMES}1,{name}\n").status == 0
    assert len(people(stored())) == 1


@pytest.mark.catalogue(row=26)
def test_row_26_a_longer_one_is_refused(send_row: Send, add_patient: Adding, record: Engine) -> None:
    (reason,) = send_row("mrn,family_name", f"1,{'x' * 201}")
    assert "must be at most 200 characters long" in reason
    assert "must be at most 200 characters long" in errors(add_patient(mrn="1", family_name="x" * 201))[0]
    assert typed(record) == []


FORMULAS = ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)"]


@pytest.mark.catalogue(row=27)
@pytest.mark.parametrize("name", FORMULAS)
def test_row_27_a_formula_is_stored_as_it_is_and_never_runs_in_a_file_of_ours(
    send: Send, stored: Stored, tmp_path: Path, name: str
) -> None:
    quoted = name.replace('"', '""')
    rejects = tmp_path / "rejects.csv"
    send("p.csv", f'mrn,family_name,sex\n1,"{quoted}",f\n2,"{quoted}",robot\n', "--rejects", rejects)
    assert people(stored()) == [("1", name)]
    with rejects.open(encoding="utf-8-sig", newline="") as text:
        assert list(csv.reader(text))[1][1] == f"'{name}"
    exported = csv_of(stored().patients.select("mrn", "family_name").iter_rows(named=True)).decode()
    assert list(csv.reader(io.StringIO(exported)))[1] == ["1", f"'{name}"]
    assert exported.startswith('"mrn","family_name"')


@pytest.mark.catalogue(row=27)
def test_row_27_a_formula_typed_on_the_form_is_a_name(add_patient: Adding, record: Engine) -> None:
    add_patient(mrn="1", family_name=FORMULAS[0])
    assert typed(record) == [("1", FORMULAS[0])]


@pytest.mark.catalogue(row=28)
@pytest.mark.parametrize(
    ("name", "live"),
    [
        ("![x](http://elsewhere/x.png)", "![x]("),
        ("<iframe srcdoc='x'>", "<iframe"),
        ("[Roe](http://elsewhere)", "](http"),
        (":red[Roe] $x$", ":red["),
        ("http://elsewhere", "http://"),
    ],
)
def test_row_28_markup_in_a_name_is_stored_and_never_drawn(
    add_patient: Adding, record: Engine, name: str, live: str
) -> None:
    page = add_patient(mrn="1", family_name=name)
    assert typed(record) == [("1", name)]
    for shown in (page, opened(Page.PATIENT, patient_id=1), opened(Page.RECORD)):
        assert live not in ESCAPED.sub("", said(shown))
    assert plain(name) in said(page)


@pytest.mark.catalogue(row=28)
def test_row_28_markup_in_a_file_is_stored_as_it_is(send: Send, stored: Stored) -> None:
    send("p.csv", f"{NAMES}1,<b>Roe</b>\n")
    assert people(stored()) == [("1", "<b>Roe</b>")]


@pytest.mark.catalogue(row=8)
def test_row_8_an_item_that_stands_twice_refuses_the_file_however_it_is_numbered(send: Send) -> None:
    run = send("a.csv", "mrn,scale,assessed_at,item_01,Item 1\n1,phq9,2026-03-01,3,0\n")
    assert run.status == 1
    assert "2 columns called item_01 and Item 1; which one counts" in run.document["error"]


@pytest.mark.catalogue(row=8)
def test_row_8_the_header_over_again_is_nobody(send: Send) -> None:
    run = send("p.csv", "MRN,given_name\n1,Ruth\nmrn,given_name\n2,Ada\n")
    (rejected,) = run.document["rejections"]
    assert (rejected["line"], rejected["value"]) == (3, "mrn")
    assert rejected["reason"] == "'mrn' is the header again, not a number"
