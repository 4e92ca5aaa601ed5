"""Bad input by the third door: rows 2, 3, 12, 18, 29, 32, 33, 34, 37, 38 and 40 on the import page."""

import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from models.store.record import read
from models.tables.columns import day_of
from tests.support.bringing import ROW, SCORES, answer, brought, chosen, counted, plain, questions, refused
from tests.support.pages import opened, press, said

Book = Callable[..., Path]
DOSES = "mrn,given_at,route,dose_mg,weight_kg\n"


@pytest.mark.catalogue(row=2)
def test_row_2_utf_16_with_its_mark_is_read_and_without_it_refused(record: Engine) -> None:
    text = "mrn\tfamily_name\n1\tZoë\n"
    page = brought({"marked.txt": text.encode("utf-16"), "bare.txt": text.encode("utf-16-le")})
    assert "marked.txt taken for patients: 1 row, UTF-16, separated by tabs" in plain(said(page))
    assert "bare.txt is not read" in plain(said(page))
    press(page, "Store 1 row")
    assert read.record(record).patients["family_name"].to_list() == ["Zoë"]


@pytest.mark.catalogue(row=3)
def test_row_3_windows_1252_is_asked_about_with_five_names_and_never_taken_for_latin_1(
    record: Engine,
) -> None:
    names = ["Zoë", "Müller", "Ümit", "Ñandú", "Åsa", "Øre"]
    content = "mrn,family_name\n" + "".join(f"{number},{name}\n" for number, name in enumerate(names))
    page = brought({"p.csv": content.encode("cp1252")})
    assert questions(page) == {
        "p.csv is not UTF-8. Are these words written right?": [
            "Zoë, Müller, Ümit, Ñandú, Åsa (Windows-1252)",
            "These words are not right: leave the file out",
        ]
    }
    assert not page.table
    page = answer(page, "p.csv is not UTF-8", "These words are not right")
    assert "p.csv is not read: line 2 is not UTF-8" in plain(said(page))
    assert page.title[0].value == "Nothing could be read"
    press(answer(page, "p.csv is not UTF-8", "Zoë, Müller"), "Store 6 rows")
    assert read.record(record).patients["family_name"].to_list() == names


@pytest.mark.catalogue(row=12)
def test_row_12_the_separator_is_shown_and_a_decimal_comma_is_asked_about(record: Engine) -> None:
    page = brought({"d.csv": "mrn;given_at;route;dose_mg;weight_kg\n1;2026-03-03;iv;37,5;80\n"})
    assert "UTF-8, separated by semicolons" in plain(said(page))
    page = answer(page, "d.csv has numbers such as 37,5", "A comma: 37,5 is 37.5")
    press(page, "Store 2 rows")
    assert read.record(record).infusions["dose_mg"].to_list() == [37.5]


@pytest.mark.catalogue(row=18)
@pytest.mark.parametrize(
    ("way", "days", "wrong"),
    [
        ("Day first", ["2026-02-01", "2026-02-13"], 0),
        ("Month first", ["2026-01-02"], 1),
        ("None of these", [], 2),
    ],
)
def test_row_18_one_way_to_read_dates_holds_for_the_whole_file(
    record: Engine, way: str, days: list[str], wrong: int
) -> None:
    page = brought({"s.csv": f"{SCORES}1,phq9,01/02/2026,9\n2,phq9,13/02/2026,8\n"})
    assert questions(page) == {
        "s.csv has dates such as 01/02/2026. How are they written?": [
            "Day first: 01/02/2026 is 1 Feb 2026, 13/02/2026 is 13 Feb 2026",
            "Month first: 01/02/2026 is 2 Jan 2026, 13/02/2026 is no date",
            "None of these: refuse the rows with such dates",
        ]
    }
    page = answer(page, "s.csv has dates", way)
    assert len(refused(page)) == wrong
    if days:
        press(page, f"Store {2 * len(days)} rows")
    assert [str(day_of(day)) for day in read.record(record).assessments["day"]] == days


@pytest.mark.catalogue(row=29)
def test_row_29_a_row_twice_is_one_and_a_file_again_is_known(record: Engine) -> None:
    page = brought({"s.csv": SCORES + ROW + ROW})
    assert counted(page)["Assessments"] == {"New": "1", "Already there": "1"}
    press(page, "Store 2 rows")
    page = brought({"renamed.csv": SCORES + ROW + ROW})
    words = r"renamed\.csv: this file was imported on 2026-06-01 at 12:00 by clinician: 0 new"
    assert re.search(words, plain(said(page)))
    assert page.title[0].value == "Nothing new"


@pytest.mark.catalogue(row=32)
def test_row_32_a_header_alone_has_no_rows_and_an_empty_file_is_no_table(record: Engine) -> None:
    page = brought({"s.csv": SCORES, "empty.csv": ""})
    assert "s.csv taken for assessments: no rows" in plain(said(page))
    assert "empty.csv is not read: it is empty: no header and no rows" in plain(said(page))


@pytest.mark.catalogue(row=33)
def test_row_33_what_is_larger_than_a_browser_may_send_is_refused_beside_the_rest(
    record: Engine,
) -> None:
    rows = "".join(f"{number},phq9,2026-03-03,9\n" for number in range(50_001))
    files = {"rows.csv": SCORES + rows, "bytes.csv": SCORES + "1" * 10_000_000, "s.csv": SCORES + ROW}
    page = brought(files)
    words = plain(said(page))
    assert "rows.csv is not read: it has more than the 50,000 rows a browser may send" in words
    assert "bytes.csv is not read: it is larger than the 10 MB a browser may send" in words
    assert "seventy import on the command line reads files of any size" in words.replace("`", "")
    assert page.title[0].value == "2 rows to store"


@pytest.mark.catalogue(row=34)
def test_row_34_a_workbook_that_unpacks_without_end_is_answered_in_words(
    record: Engine, tmp_path: Path
) -> None:
    with ZipFile(tmp_path / "bomb.xlsx", "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"")
        archive.writestr("xl/a.xml", b"0" * 40_000_000)
    page = brought({"bomb.xlsx": (tmp_path / "bomb.xlsx").read_bytes()})
    assert "bomb.xlsx is not read: it unpacks to more than 100 times its size" in plain(said(page))


@pytest.mark.catalogue(row=37)
def test_row_37_the_first_bytes_say_what_a_file_is(record: Engine, book: Book) -> None:
    workbook = book([SCORES.strip().split(","), ["1", "phq9", "2026-03-03", 9]]).read_bytes()
    page = brought(
        {"s.csv": workbook, "p.csv": b"\x89PNG\r\n\x1a\n\0\xff", "o.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
    )
    words = plain(said(page))
    assert "s.csv is not read: it is named .csv and is a zip or Excel file" in words
    assert "p.csv is not read" in words
    assert "o.xls is not read: it is an old or password-protected Excel file" in words
    assert questions(page) == {}
    page = chosen(opened(Page.IMPORT), {"book.xlsx": workbook})
    assert "book.xlsx taken for assessments: 1 row, Excel worksheet" in plain(said(page))


@pytest.mark.catalogue(row=38)
def test_row_38_the_name_a_file_came_with_is_shown_clean_and_says_nothing_else(record: Engine) -> None:
    names = ("../../etc/scores.csv", "x" * 300 + ".csv", "evil\u202evsc.csv")
    page = brought({name: SCORES + f"{number},phq9,2026-03-03,9\n" for number, name in enumerate(names)})
    words = plain(said(page))
    for shown in ("scores.csv", "x" * 60 + ".csv", "evilvsc.csv"):
        assert f":material/table: {shown} taken for" in words


@pytest.mark.catalogue(row=40)
@pytest.mark.parametrize(
    ("way", "doses"),
    [("A point: 40.125 is 40.125", [40.125, 40.5]), ("A comma: 40.125 is refused", []), ("Neither", [40.5])],
)
def test_row_40_three_digits_after_a_point_are_asked_about(
    record: Engine, way: str, doses: list[float]
) -> None:
    page = brought({"d.csv": f"{DOSES}1,2026-03-03,iv,40.125,80\n2,2026-03-03,iv,40.5,80\n"})
    (asked,) = questions(page)
    assert asked == "d.csv has numbers such as 40.125. Which sign stands before the decimals?"
    page = answer(page, "d.csv has numbers", way)
    if doses:
        press(page, f"Store {2 * len(doses)} rows")
    assert read.record(record).infusions["dose_mg"].to_list() == doses
