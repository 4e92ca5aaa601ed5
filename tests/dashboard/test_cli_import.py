"""`seventy import`: what it prints, how it exits, and a clear answer to every bad file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.exchange.mapping import Mapping, read_mapping
from models.store.read import record
from tests.support.command import counts, seventy
from tests.support.databases import connected

SCORES = "mrn,scale,assessed_at,total\n"


@pytest.fixture(name="db")
def _db(tmp_path: Path) -> str:
    """A database that does not exist yet."""
    return f"sqlite:///{tmp_path}/new/clinic.db"


@pytest.fixture(name="scores")
def _scores(tmp_path: Path) -> Path:
    """A good file of two scores."""
    path = tmp_path / "scores.csv"
    path.write_text(SCORES + "7,PHQ-9,2025-03-03T09:00,21\n8,PHQ-9,2025-03-03T10:00,18\n")
    return path


def test_a_first_import_begins_the_record_and_a_second_adds_nothing(db: str, scores: Path) -> None:
    first, second = (seventy("import", scores, "--json", db=db) for _ in range(2))
    assert (first.status, second.status) == (0, 0)
    assert counts(first, "assessments") == {"read": 2, "new": 2}
    assert counts(first, "patients") == {"new": 2}
    assert counts(second, "assessments") == {"read": 2, "already_there": 2}
    assert counts(second, "patients") == {}


def test_json_is_one_document_and_everything_else_goes_to_standard_error(db: str, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("mrn;scale;assessed_at;total;phone\n7;phq9;2025-03-03;99;555\n8;phq9;2025-03-03;9;\n")
    (tmp_path / "README.md").write_text("# Notes")
    run = seventy("import", tmp_path, "--json", db=db)
    assert run.status == 1
    assert run.document == {
        "dry_run": False,
        "tables": {
            "patients": {**ZEROS, "new": 1},
            "courses": ZEROS,
            "infusions": ZEROS,
            "assessments": {**ZEROS, "read": 2, "new": 1, "rejected": 1},
        },
        "files": [
            {
                "file": "scores.csv",
                "table": "assessments",
                "read_as": "UTF-8, separated by semicolons",
                "left_out": ["phone"],
            }
        ],
        "skipped": [{"name": "README.md", "why": "has no header that an import knows: # Notes"}],
        "rejections": [
            {
                "file": "scores.csv",
                "line": 2,
                "column": "total",
                "value": "99",
                "reason": "PHQ-9 runs from 0 to 27; got 99",
            }
        ],
        "conflicts": [],
        "rejects_files": [],
    }
    for said in ("left out: phone", "README.md: skipped", "line 2, total: PHQ-9 runs from 0 to 27; got 99"):
        assert said in run.err


ZEROS = dict.fromkeys(("read", "new", "completed", "already_there", "conflicting", "rejected"), 0)


def test_a_person_reads_a_table(db: str, scores: Path) -> None:
    lines = seventy("import", scores, db=db).out.splitlines()
    assert lines[0].split() == ["read", "new", "already", "there", "conflicting", "rejected"]
    assert lines[4].split() == ["assessments", "2", "2", "0", "0", "0"]


def test_a_conflict_exits_with_1_and_names_both_values(db: str, scores: Path, tmp_path: Path) -> None:
    seventy("import", scores, db=db)
    other = tmp_path / "other.csv"
    other.write_text(SCORES + "7,phq9,2025-03-03T09:00,12\n")
    run = seventy("import", other, "--json", db=db)
    assert run.status == 1
    assert counts(run, "assessments") == {"read": 1, "conflicting": 1}
    assert run.document["conflicts"][0]["fields"] == {"total": {"stored": 21, "given": 12}}
    assert "total is recorded as 21, the file says 12" in run.err


def test_a_dry_run_before_there_is_a_record_leaves_none(db: str, scores: Path, tmp_path: Path) -> None:
    run = seventy("import", scores, "--dry-run", "--json", db=db)
    assert run.status == 0
    assert counts(run, "assessments") == {"read": 2, "new": 2}
    assert not (tmp_path / "new").exists()
    assert "dry run" in seventy("import", scores, "--dry-run", db=db).out


def test_rejects_are_written_mended_and_imported(db: str, tmp_path: Path) -> None:
    path, rejects = tmp_path / "scores.csv", tmp_path / "rejects.csv"
    path.write_text(SCORES + "7,phq9,2025-03-03,99\n")
    run = seventy("import", path, "--rejects", rejects, "--json", db=db)
    assert run.document["rejects_files"] == [str(rejects)]
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace(",99,", ",9,"))
    assert counts(seventy("import", rejects, "--json", db=db), "assessments") == {"read": 1, "new": 1}


def test_the_database_is_named_before_the_command_after_it_or_by_the_environment(
    db: str, scores: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counts(seventy("import", scores, "--db", db, "--json"), "assessments")["new"] == 2
    assert "already_there" in counts(seventy("import", scores, "--json", db=db), "assessments")
    monkeypatch.setenv("SEVENTY_DB", db)
    assert "already_there" in counts(seventy("import", scores, "--json"), "assessments")


def test_a_naive_time_is_in_the_zone_named(db: str, scores: Path) -> None:
    seventy("import", scores, "--time-zone", "America/New_York", db=db)
    with connected(db) as engine:
        assert record(engine).assessments["second"].to_list()[0] == 14 * 3600


def test_a_wide_file_is_read_with_its_mapping(db: str, tmp_path: Path) -> None:
    wide, mapping = tmp_path / "wide.csv", tmp_path / "wide.toml"
    wide.write_text("subject,week0,week1\n101,26,22\n103,33,\n")
    mapping.write_text(
        '[[table]]\nreads = "assessments"\ncolumns = { mrn = "subject" }\nconstants = { scale = "hamd17" }\n'
        'day_0 = 2025-01-06\ntime_points = [{ day = 0, columns = { total = "week0" } }, '
        '{ day = 7, columns = { total = "week1" } }]\n'
    )
    run = seventy("import", wide, "--mapping", mapping, "--json", db=db)
    assert counts(run, "assessments") == {"read": 3, "new": 3}


def test_the_mapping_shown_in_the_help_is_a_mapping(tmp_path: Path) -> None:
    shown = seventy("import", "--help").out.partition("and wide files:")[2].partition("`columns` says")[0]
    path = tmp_path / "shown.toml"
    path.write_text(shown)
    mapping = read_mapping(path)
    assert isinstance(mapping, Mapping)
    assert [section.reads for section in mapping.table] == ["infusions", "assessments"]


@pytest.mark.parametrize("command", ["import", "check", "grid", "scales", "migrate", "backup"])
def test_every_help_says_what_a_command_does_with_an_example(command: str) -> None:
    run = seventy(command, "--help")
    assert run.status == 0
    assert f"seventy {command}" in run.out.partition("Examples:")[2]


BAD_FILES = [
    ("scores.csv", b"mrn,phone\n", 2, "to be patients it lacks"),
    ("scores.csv", b"name,age\n", 2, "has no header that an import knows"),
    ("scores.csv", b"", 2, "is empty"),
    ("scores.csv", b"mrn,scale,assessed_at,total,total\n", 1, "two columns are called total and total"),
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
    assert not run.out
    with connected(db) as engine:
        if (tmp_path / "new" / "clinic.db").exists():
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
        ("import", db, scores, "--mapping", tmp_path / "none.toml"),
        ("import", db),
        ("nothing", db),
    ]
    for command, url, *arguments in wrong:
        assert seventy(command, *arguments, db=url).status == 2


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


def test_a_question_to_no_record_exits_with_3_and_makes_none(db: str, tmp_path: Path) -> None:
    run = seventy("check", "--json", db=db)
    assert run.status == 3
    assert "There is no record at" in run.err
    assert not (tmp_path / "new").exists()


HOLDER = """
import sys
from models.store.database import open_engine
from models.store.read import catch_up, record
engine = open_engine(sys.argv[1])
seen = record(engine)
print(len(seen.assessments), flush=True)
sys.stdin.readline()
print(len(catch_up(engine, seen).assessments), flush=True)
"""


def test_import_and_check_run_beside_a_process_that_sees_what_they_stored(db: str, scores: Path) -> None:
    """The real command as a program of its own, while another one holds the record open."""
    command = Path(sys.executable).with_name("seventy")
    first = subprocess.run(
        [command, "--db", db, "import", scores], capture_output=True, text=True, check=False
    )
    assert first.returncode == 0, first.stderr
    more = scores.with_name("more.csv")
    more.write_text(SCORES + "7,phq9,2025-03-10T09:00,12\n")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, db], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "2\n"
    brought = subprocess.run(
        [command, "import", more, "--json", "--db", db], capture_output=True, text=True, check=True
    )
    assert json.loads(brought.stdout)["tables"]["assessments"]["new"] == 1
    checked = subprocess.run(
        [command, "check", "--json", "--db", db], capture_output=True, text=True, check=True
    )
    assert json.loads(checked.stdout)["counts"]["treated"] == 0
    assert holder.communicate("\n", timeout=60)[0] == "3\n"


def test_a_workbook_is_imported_sheet_by_sheet(db: str, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["mrn", "given_name"])
    book.active.append(["007", "Zoë"])
    book.create_sheet("Doses").append(["mrn", "given_at", "dose_mg"])
    book["Doses"].append(["007", "2025-03-03", 40])
    book.save(tmp_path / "clinic.xlsx")
    run = seventy("import", tmp_path / "clinic.xlsx", "--json", db=db)
    assert run.status == 0
    assert counts(run, "patients") == {"read": 1, "new": 1}
    assert counts(run, "infusions") == {"read": 1, "new": 1}
