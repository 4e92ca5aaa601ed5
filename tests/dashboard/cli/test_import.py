"""`seventy import`: what it prints, how it exits, and a clear answer to every bad file."""

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from models.exchange.columns.mapping import Mapping, read_mapping
from models.store.record.read import record
from tests.support.command import counts, seventy
from tests.support.databases import connected

SCORES = "mrn,scale,assessed_at,total\n"


def test_a_first_import_begins_the_record_and_a_second_adds_nothing(none_yet: str, scores: Path) -> None:
    first, second = (seventy("import", scores, "--json", db=none_yet) for _ in range(2))
    assert (first.status, second.status) == (0, 0)
    assert counts(first, "assessments") == {"read": 2, "new": 2}
    assert counts(first, "patients") == {"new": 2}
    assert counts(second, "assessments") == {"read": 2, "already_there": 2}
    assert counts(second, "patients") == {}


def test_json_is_one_document_and_everything_else_goes_to_standard_error(
    none_yet: str, tmp_path: Path
) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("mrn;scale;assessed_at;total;phone\n7;phq9;2025-03-03;99;555\n8;phq9;2025-03-03;9;\n")
    (tmp_path / "README.md").write_text("# Notes")
    run = seventy("import", tmp_path, "--json", db=none_yet)
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
                "rows": 2,
                "left_out": ["phone"],
            }
        ],
        "skipped": [{"name": "README.md", "why": "has no header that an import knows: # Notes"}],
        "damaged": [],
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
        "early_infusions": {"count": 0, "listed": []},
        "rejects_files": [],
        "imported_before": [],
        "alerts": 0,
        "unheard_suicide_answers": {"count": 0, "rows": []},
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


def test_a_dry_run_before_there_is_a_record_leaves_none(none_yet: str, scores: Path, tmp_path: Path) -> None:
    run = seventy("import", scores, "--dry-run", "--json", db=none_yet)
    assert run.status == 0
    assert counts(run, "assessments") == {"read": 2, "new": 2}
    assert not (tmp_path / "new").exists()
    assert "dry run" in seventy("import", scores, "--dry-run", db=none_yet).out


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


def test_a_header_alone_is_said_to_have_no_rows_and_one_row_is_one(db: str, scores: Path) -> None:
    for content, rows in ((SCORES, "no rows"), (f"{SCORES}7,PHQ-9,2025-03-03T09:00,21\n", "1 row")):
        scores.write_text(content)
        run = seventy("import", scores, db=db)
        assert run.status == 0
        assert f"scores.csv: assessments ({rows}, UTF-8, separated by commas)" in run.err


def test_a_big_import_shows_on_standard_error_how_far_it_is(
    db: str, scores: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("dashboard.cli.progress.SLOW", 10)
    run = seventy("import", scores, "--json", db=db)
    assert counts(run, "assessments") == {"read": 2, "new": 2}
    assert "reading" in run.err
    assert "storing 2" in run.err


def test_what_a_file_calls_its_columns_is_shown_and_not_obeyed(db: str, scores: Path) -> None:
    scores.write_text("mrn,scale,assessed_at,total,\x1b[2Jnote\n7,phq9,2025-03-03,9,\n")
    assert "\x1b" not in seventy("import", scores, db=db).err


def test_the_mapping_shown_in_the_help_is_a_mapping(tmp_path: Path) -> None:
    shown = seventy("import", "--help").out.partition("and wide files:")[2].partition("`columns` says")[0]
    path = tmp_path / "shown.toml"
    path.write_text(shown)
    mapping = read_mapping(path)
    assert isinstance(mapping, Mapping)
    assert [section.reads for section in mapping.table] == ["infusions", "assessments"]


@pytest.mark.parametrize(
    "command", ["demo", "serve", "import", "check", "grid", "claim", "scales", "migrate", "backup"]
)
def test_every_help_says_what_a_command_does_with_an_example(command: str) -> None:
    run = seventy(command, "--help")
    assert run.status == 0
    assert f"seventy {command}" in run.out.partition("Examples:")[2]


HOLDER = """
import sys
from models.store.engine.database import open_engine
from models.store.record.read import catch_up, record
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


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_rejects_never_take_the_place_of_the_record(db: str, scores: Path, tmp_path: Path, end: str) -> None:
    seventy("import", scores, db=db)
    bad = tmp_path / "bad.csv"
    bad.write_text("mrn,scale,assessed_at,total\n,phq9,2026-03-03,9\n")
    record = Path(db.removeprefix("sqlite:///"))
    run = seventy("import", bad, "--rejects", record.with_name(record.name + end), db=db)
    assert run.status == 2
    assert "name another file" in run.err
    again = seventy("import", scores, "--json", db=db)
    assert counts(again, "assessments").keys() == {"read", "already_there"}


def test_a_damaged_file_of_a_folder_is_named_and_the_others_are_imported(
    db: str, scores: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "scores.csv").write_bytes(scores.read_bytes())
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 half of it is missing")
    with ZipFile(folder / "exports.zip", "w") as archive:
        archive.write(scores, "more.csv")
    (folder / "old.csv").write_bytes("mrn,Größe\n7,180\n".encode("cp1252"))
    run = seventy("import", folder, "--json", db=db)
    assert run.status == 1
    assert counts(run, "assessments")["new"] > 0
    assert [each["name"] for each in run.document["damaged"]] == ["broken.xlsx", "exports.zip"]
    assert "old.csv: skipped, line 1 is not UTF-8" in run.err
    assert "broken.xlsx: cannot be read, it is a damaged .xlsx file" in run.err
    assert "exports.zip: cannot be read, it is a zip archive, not an Excel workbook" in run.err


@pytest.mark.parametrize("blank", ["\n", ",,,\n", " , ,,\n"])
def test_blank_rows_before_the_header_are_no_rows(db: str, tmp_path: Path, blank: str) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(f"{blank}mrn,scale,assessed_at,total\n1,phq9,2026-03-03,99\n")
    run = seventy("import", path, "--json", db=db)
    assert counts(run, "assessments") == {"read": 1, "rejected": 1}
    assert run.document["rejections"][0]["line"] == 3
