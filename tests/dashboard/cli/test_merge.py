"""`seventy merge`: two numbers of one person, and every figure before, after, and after it was undone."""

import csv
import json
import re
from pathlib import Path

import pytest
import streamlit as st

from dashboard import data, door
from dashboard.ledger import read_ledger
from models.scales import all_scales
from models.store.engine.database import open_engine
from tests.support.command import Run, seventy
from tests.support.databases import connected
from tests.support.tampering import events

WHY = ("--reason", "same birth date and address")
RECORD = {
    "patients": ("mrn,family_name", ["1043,Adler", "2077,Adler-Roe", "3,Lind"]),
    "courses": (
        "mrn,started_on,indication,planned_infusions,failed_trials_episode",
        ["1043,2025-01-06,depression,1,3", "2077,2025-06-02,depression,1,3", "3,2025-01-06,depression,1,3"],
    ),
    "infusions": (
        "mrn,given_at,route",
        ["1043,2025-01-06T10:00Z,iv", "2077,2025-06-02T10:00Z,iv", "3,2025-01-06T10:00Z,iv"],
    ),
    "assessments": (
        "mrn,scale,assessed_at,total",
        [
            *("1043,phq9,2025-01-06T09:00Z,20", "1043,phq9,2025-01-27T09:00Z,20"),
            *("2077,phq9,2025-06-02T09:00Z,20", "2077,phq9,2025-06-23T09:00Z,8"),
            *("3,phq9,2025-01-06T09:00Z,20", "3,phq9,2025-01-27T09:00Z,8"),
        ],
    ),
}
"""Of three first courses two responded. If 2077 is 1043, hers is a second course: of two, one responded."""
SEPARATE, ONE_PERSON = (2, 3), (1, 2)


@pytest.fixture(name="db")
def _db(begun: str, tmp_path: Path) -> str:
    for name, (header, rows) in RECORD.items():
        (tmp_path / f"{name}.csv").write_text("\n".join([header, *rows, ""]))
    assert seventy("import", *(tmp_path / f"{name}.csv" for name in RECORD), db=begun).status == 0
    return begun


def check(db: str, *more: str) -> Run:
    run = seventy("check", *more, "--json", db=db)
    assert run.status == 0
    return run


def rate(run: Run) -> tuple[int, int]:
    return run.document["numerator"], run.document["denominator"]


def test_the_rate_before_after_and_after_undoing_and_each_as_it_was_known(db: str) -> None:
    stages = [check(db)]
    assert seventy("merge", "1043", "2077", *WHY, db=db).status == 0
    stages.append(check(db))
    assert seventy("merge", "1043", "2077", "--undo", "--reason", "they are two sisters", db=db).status == 0
    stages.append(check(db))
    assert [rate(stage) for stage in stages] == [SEPARATE, ONE_PERSON, SEPARATE]
    for stage in stages:
        as_it_was = ("--as-of", stage.document["as_of"], "--known-at", stage.document["known_at"])
        then = check(db, *as_it_was)
        assert then.document == stage.document


def test_everybody_treated_is_counted_once(db: str) -> None:
    seventy("merge", "1043", "2077", *WHY, db=db)
    counts = check(db).document["counts"]
    assert counts["treated"] == sum(counts["excluded"].values()) + counts["eligible"] == 3
    assert counts["excluded"]["later_course"] == 1


def test_the_page_answers_like_the_command(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(db)
    monkeypatch.setattr(door._Door, "engine", None)
    door.open_door(engine, all_scales())
    for expected, undo in ((SEPARATE, None), (ONE_PERSON, False), (SEPARATE, True)):
        if undo is not None:
            more = ("--undo",) if undo else ()
            assert seventy("merge", "1043", "2077", *WHY, *more, db=db).status == 0
        found = data.findings(read_ledger(engine).question, one_by_one=True).answer.rate
        assert (found.numerator, found.denominator) == rate(check(db)) == expected
    st.cache_resource.clear()
    engine.dispose()


def test_the_document_says_what_was_done(db: str) -> None:
    run = seventy("merge", "1043", "2077", *WHY, "--json", db=db)
    done = {"keep": "1043", "retire": "2077", "merged": True, "already": False, "conflicts": []}
    assert (run.status, run.document) == (0, done)
    assert seventy("merge", "1043", "2077", *WHY, "--json", db=db).document == {**done, "already": True}
    run = seventy("merge", "1043", "2077", "--undo", *WHY, "--json", db=db)
    assert run.document == {**done, "merged": False}


def test_it_is_told_by_whom(db: str) -> None:
    seventy("merge", "1043", "2077", *WHY, db=db)
    with connected(db) as engine:
        last = events(engine)[-1]
    assert (last.action, last.happened_by.partition(",")[0]) == ("merge", "seventy merge")


def test_what_does_not_agree_is_said_and_merged_only_if_confirmed(db: str, tmp_path: Path) -> None:
    (tmp_path / "born.csv").write_text("mrn,birth_date\n1043,1980-05-04\n2077,1980-04-05\n")
    seventy("import", tmp_path / "born.csv", db=db)
    run = seventy("merge", "1043", "2077", *WHY, db=db)
    assert run.status == 1
    assert "Born: 1980-05-04 in No. 1043, 1980-04-05 in No. 2077." in run.err
    assert "Give --confirm if it is one person." in run.err
    assert rate(check(db)) == SEPARATE
    run = seventy("merge", "1043", "2077", *WHY, "--confirm", "--json", db=db)
    assert (run.status, run.document["merged"]) == (0, True)
    assert run.document["conflicts"][0]["about"] == "birth_date"


def test_what_would_count_twice_cannot_be_confirmed(db: str, tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_text("mrn,given_at\n2077,2025-01-06T10:00Z\n")
    seventy("import", tmp_path / "twice.csv", db=db)
    run = seventy("merge", "1043", "2077", *WHY, "--confirm", "--json", db=db)
    assert (run.status, run.document["merged"]) == (1, False)
    assert [each["may_be_confirmed"] for each in run.document["conflicts"]] == [False]
    assert "Give --confirm" not in run.err


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("1043", "9", *WHY), "RETIRE '9' is nobody's in this record"),
        (("9", "1043", *WHY), "KEEP '9' is nobody's in this record"),
        (("1043", "2077", "--reason", "twice"), "--reason: The reason must be 10 characters or more"),
        (("1043", "2077", "--undo", *WHY), "2077 is not merged with 1043"),
    ],
)
def test_what_cannot_be_merged_is_wrong_usage(db: str, given: tuple[str, ...], words: str) -> None:
    run = seventy("merge", *given, db=db)
    assert run.status == 2
    assert words in run.err


def test_the_whole_record_is_the_persons_by_either_number(db: str, tmp_path: Path) -> None:
    seventy("merge", "1043", "２０７７", *WHY, db=db)
    for number in ("1043", "2077"):
        file = tmp_path / f"{number}.json"
        assert seventy("patient", number, "--to", file, db=db).status == 0
        document = json.loads(file.read_text("utf-8"))
        assert document["numbers"] == ["1043", "2077"]
        scores = [row["values"]["number"] for row in document["rows"] if row["kind"] == "assessment"]
        assert scores == ["1043", "1043", "2077", "2077"]
        (link,) = (row for row in document["rows"] if row["kind"] == "merged_patient")
        assert (link["values"], link["reason"]) == ({"survivor": "1043", "retired": "2077"}, WHY[1])
    run = seventy("patient", "2077", "--to", tmp_path / "whole.html", db=db)
    assert "rows of patient 1043 and 2077" in run.out
    page = (tmp_path / "whole.html").read_text("utf-8")
    assert "One person, two numbers" in page
    assert "same birth date and address" in page


def test_after_undoing_the_whole_record_names_nobody_else(db: str, tmp_path: Path) -> None:
    seventy("merge", "1043", "2077", *WHY, db=db)
    seventy("merge", "1043", "2077", "--undo", *WHY, db=db)
    seventy("patient", "1043", "--to", tmp_path / "1043.json", db=db)
    assert not re.search(r"\b2077\b", (tmp_path / "1043.json").read_text("utf-8"))


def test_an_extract_has_one_person(db: str, tmp_path: Path) -> None:
    def people(name: str) -> list[int]:
        folder = tmp_path / name
        assert seventy("extract", "--product", "safe-harbor", "--to", folder, db=db).status == 0
        found = []
        for table in ("patients", "courses", "infusions", "assessments"):
            with (folder / f"{table}.csv").open(encoding="utf-8-sig") as file:
                found.append(len({row["patient"] for row in csv.DictReader(file)}))
        return found

    assert people("before") == [3, 3, 3, 3]
    seventy("merge", "1043", "2077", *WHY, db=db)
    assert people("after") == [2, 2, 2, 2]


def test_the_same_files_again_add_nothing_and_bring_nobody_back(db: str, tmp_path: Path) -> None:
    seventy("merge", "1043", "2077", *WHY, db=db)
    run = seventy("import", *(tmp_path / f"{name}.csv" for name in RECORD), "--json", db=db)
    assert run.status == 0
    assert [table["new"] for table in run.document["tables"].values()] == [0, 0, 0, 0]
    assert rate(check(db)) == ONE_PERSON
