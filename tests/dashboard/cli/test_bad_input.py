"""Bad input on the command line: a clear answer and its exit status for each."""

from pathlib import Path

import pytest

from dashboard.cli.opening import own_scales
from models.store.record.read import record
from tests.support.command import seventy
from tests.support.databases import connected

SCORES = "mrn,scale,assessed_at,total\n"

BAD_FILES = [
    ("scores.csv", b"mrn,phone\n", 2, "to be patients it lacks"),
    ("scores.csv", b"name,age\n", 2, "has no header that an import knows"),
    ("scores.csv", b"", 2, "is empty"),
    (
        "scores.csv",
        b"mrn,scale,assessed_at,total,total\n",
        1,
        "has 2 columns called total;",
    ),
    ("scores.csv", b'mrn,sex\n7,"f\n', 1, "line 2: a quotation mark is opened and never closed"),
    ("scores.csv", "mrn,given_name\n7,Zoë\n".encode("cp1252"), 1, "line 2 is not UTF-8"),
    ("scores.xlsx", b"mrn,sex\n7,f\n", 2, "is named .xlsx and is not an Excel workbook"),
    ("scores.xlsx", b"PK\x03\x04cut", 1, "is a damaged .xlsx file"),
    ("scores.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 2, "old or password-protected Excel file"),
    ("scores.png", b"\x89PNG\r\n\x1a\n\0\0", 2, "is not UTF-8"),
]


@pytest.mark.parametrize(("name", "content", "status", "said"), BAD_FILES)
def test_a_file_that_cannot_be_read_stores_nothing_and_says_why(
    db: str, scores: Path, tmp_path: Path, name: str, content: bytes, status: int, said: str
) -> None:
    bad = tmp_path / "bad" / name
    bad.parent.mkdir()
    bad.write_bytes(content)
    run = seventy("import", scores, bad, "--json", db=db)
    assert run.status == status
    assert said in run.err
    assert run.document == {"error": run.err.strip(), "exit_status": status}
    with connected(db) as engine:
        assert record(engine).assessments.is_empty()


BAD_ROWS = [
    ("mrn,scale,assessed_at,total", "7,phq9,2025-03-03,28", "PHQ-9 runs from 0 to 27; got 28"),
    ("mrn,scale,assessed_at,item_1", "7,phq2,2025-03-03,4", "PHQ-2 item 1 runs from 0 to 3; got 4"),
    ("mrn,scale,assessed_at,item_1,item_2", "7,phq2,2025-03-03,1,", "at least 2 of its 2 items answered"),
    ("mrn,scale,assessed_at,total", "7,phq99,2025-03-03,2", "No scale is called 'phq99'"),
    ("mrn,scale,assessed_at,total", "7,phq9,2999-03-03,2", "or earlier; got 2999-03-03"),
    ("mrn,birth_date", "7,2999-01-01", "Birth date must be"),
    ("mrn,given_at,dose_mg", "7,2025-03-03,-40", "got -40"),
    ("mrn,given_at,dose_mg,weight_kg", "7,2025-03-03,4000,40", "mg/kg"),
    ("mrn,given_name", "7,A\0nn", "NUL"),
    ("mrn,given_at", "7,2025-03-09T02:30", "does not exist in America/New_York"),
]


@pytest.mark.parametrize(("header", "row", "said"), BAD_ROWS)
def test_a_row_that_cannot_be_stored_exits_with_1_and_says_why(
    db: str, tmp_path: Path, header: str, row: str, said: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"{header}\n{row}\n")
    run = seventy("import", path, "--time-zone", "America/New_York", "--json", db=db)
    assert run.status == 1
    (found,) = run.document["rejections"]
    assert found["line"] == 2
    assert said in found["reason"]


def test_wrong_usage_exits_with_2(db: str, scores: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('[[table]]\nreads = "visits"\n')
    wrong = [
        ("import", db, tmp_path / "nowhere.csv"),
        ("import", db, scores, "--time-zone", "Mars/Olympus"),
        ("import", db, scores, "--mapping", mapping),
        ("import", db, scores, "--rejects", tmp_path / "nowhere" / "rejects.csv"),
        ("import", db, scores, "--mapping", tmp_path / "none.toml"),
        ("import", db),
        ("nothing", db),
    ]
    for command, url, *arguments in wrong:
        assert seventy(command, *arguments, db=url).status == 2


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("import",), 2, "PATH"),
        (("import", "nowhere.csv"), 2, "nowhere.csv"),
        (("import", "SCORES", "--time-zone", "Mars/Olympus"), 2, "--time-zone: 'Mars/Olympus'"),
        (("check",), 3, "There is no record at"),
    ],
)
def test_with_json_a_command_that_comes_to_nothing_says_so_in_its_one_document(
    none_yet: str, scores: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    run = seventy(*(scores if each == "SCORES" else each for each in arguments), "--json", db=none_yet)
    assert run.status == status
    assert run.document["exit_status"] == status
    assert said in run.document["error"]


@pytest.mark.parametrize(
    "command", [("import", "SCORES"), ("check",), ("grid",), ("migrate",), ("backup", "copy.db")]
)
@pytest.mark.parametrize("content", [b"This is no database. " * 100, None])
def test_a_database_that_cannot_be_opened_exits_with_3(
    scores: Path, tmp_path: Path, command: tuple[str, ...], content: bytes | None
) -> None:
    file = tmp_path / "clinic.db"
    if content is None:
        with connected(f"sqlite:///{file}") as engine, engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE somebody_elses (x)")
    else:
        file.write_bytes(content)
    arguments = [scores if each == "SCORES" else each for each in command]
    run = seventy(*arguments, db=f"sqlite:///{file}")
    assert run.status == 3
    assert run.err.strip()


def test_a_question_to_no_record_exits_with_3_and_makes_none(none_yet: str, tmp_path: Path) -> None:
    run = seventy("check", "--json", db=none_yet)
    assert run.status == 3
    assert "There is no record at" in run.err
    assert not (tmp_path / "new").exists()


def test_a_question_writes_nothing_into_an_empty_file(tmp_path: Path) -> None:
    empty = tmp_path / "clinic.db"
    empty.touch()
    assert seventy("check", db=f"sqlite:///{empty}").status == 3
    assert empty.stat().st_size == 0


def test_a_period_that_ends_before_it_starts_names_the_option_and_the_days(db: str, scores: Path) -> None:
    seventy("import", scores, db=db)
    run = seventy("check", "--started-from", "2025-02-01", "--started-to", "2025-01-01", db=db)
    words = "--started-to is on or after the day the period begins, 2025-02-01; got 2025-01-01\n"
    assert (run.status, run.err) == (2, words)


@pytest.mark.parametrize("command", ["check", "grid", "claim"])
def test_a_day_to_come_is_not_asked_of(db: str, scores: Path, command: str) -> None:
    seventy("import", scores, db=db)
    run = seventy(command, "--as-of", "2999-01-01", db=db)
    assert run.status == 2
    assert run.err.startswith("--as-of 2999-01-01 is a day to come: today at the clinic is ")


def test_an_option_that_cannot_be_read_is_refused_in_our_words(db: str, scores: Path) -> None:
    seventy("import", scores, db=db)
    day, route = seventy("check", "--as-of", "2026-13-01", db=db), seventy("check", "--route", "IV", db=db)
    assert (day.status, route.status) == (2, 2)
    assert "'--as-of': '2026-13-01' is not a day, written as 2026-01-31." in day.err
    assert "'--route': 'IV' is not one of 'iv'" in route.err


def test_the_folder_of_a_clinics_own_scales_is_named() -> None:
    assert str(own_scales()) in seventy("scales").err
    assert str(own_scales()) in seventy("scales", "--help").out
