"""An answer about suicide in a refused row: said on the command line, on the page, and in the JSON."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.components.page.role import Role
from models.store.record import read, write
from models.store.trail.entries import Wanted, entries
from models.tables.facts import ClinicFacts
from tests.support.bringing import answer, brought, plain
from tests.support.builders import BY, NOW, SETTING
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.pages import errors, press, said, said_in_dialog

HEADER = "mrn,scale,assessed_at,total,suicide_item\n"
REFUSED = "7,phq9,some day,21,2\n"
STORED = "8,phq9,2025-03-03,9,0\n"
ALERTING = "9,phq9,2025-03-03,9,1\n"
WORDS = (
    "1 answer about suicide above 0 stands in a row that cannot be stored. Nobody was alerted, because "
    "nothing of it is stored, and nobody watches this in real time."
)
OWN = ClinicFacts.check({"crisis_text": "Call *Dr Lind*\non 555 0100."}, SETTING)


@pytest.fixture(name="db")
def _db(begun: str) -> str:
    """A record in which nothing is recorded yet."""
    return begun


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--json",)])
def test_the_command_says_it_with_the_place_and_the_clinics_crisis_text(
    db: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = tmp_path / "scores.csv"
    path.write_text(HEADER + STORED)
    seventy("import", path, db=db)
    with connected(db) as engine:
        write.save_clinic(engine, OWN, by=BY, at=NOW)
    path.write_text(HEADER + STORED + REFUSED)
    run = seventy("import", path, *options, db=db)
    assert run.status == 1
    place = "about suicide, not stored: scores.csv, line 3: patient 7"
    crisis = "What to tell the patient: Call *Dr Lind*\non 555 0100."
    assert run.err.endswith(f"{WORDS}\n{place}\n{crisis}\n")


def test_before_there_is_a_record_the_text_is_the_one_a_clinic_begins_with(db: str, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text(HEADER + REFUSED)
    run = seventy("import", tmp_path / "scores.csv", "--dry-run", db=db)
    assert WORDS in run.err
    assert "988" in run.err


def test_the_document_counts_them_and_says_where_they_stand(db: str, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text(HEADER + REFUSED + ALERTING + REFUSED)
    document = seventy("import", tmp_path / "scores.csv", "--json", db=db).document
    assert document["alerts"] == 1
    rows = [{"file": "scores.csv", "line": line, "mrn": "7"} for line in (2, 4)]
    assert document["unheard_suicide_answers"] == {"count": 2, "rows": rows}


def test_of_many_the_command_lists_some_and_says_where_the_others_are(db: str, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text(HEADER + REFUSED * 1001)
    run = seventy("import", tmp_path / "scores.csv", db=db)
    assert "1,001 answers about suicide above 0 stand in rows that cannot be stored." in run.err
    assert run.err.count("about suicide, not stored: ") == 20
    assert "… and more; --json lists 1000." in run.err


def test_a_file_without_one_says_nothing_of_it(db: str, tmp_path: Path, record: Engine) -> None:
    (tmp_path / "scores.csv").write_text(HEADER + "7,phq9,some day,21,0\n")
    assert "suicide" not in seventy("import", tmp_path / "scores.csv", db=db).err
    page = brought({"scores.csv": HEADER + "7,phq9,some day,21,0\n"})
    assert not errors(page)
    assert "988" not in said(page)


def test_the_page_says_it_before_and_after_storing(record: Engine) -> None:
    write.save_clinic(record, OWN, by=BY, at=NOW)
    page = brought({"scores.csv": HEADER + STORED + REFUSED})
    for _ in ("before", "after"):
        assert [plain(error) for error in errors(page)] == [WORDS]
        words = plain(said(page))
        assert words.index(WORDS) < words.index("scores.csv, line 3: patient 7") < words.index("Call Dr Lind")
        assert words.index("on 555 0100.") < words.index("taken for assessments")
        if page.title[0].value != "2 rows stored":
            page = press(page, "Store 2 rows")
    assert page.title[0].value == "2 rows stored"
    assert read.record(record).assessments["suicide_item"].to_list() == [0]


def test_the_event_of_the_import_counts_them(record: Engine) -> None:
    press(brought({"scores.csv": HEADER + STORED + REFUSED + REFUSED}), "Store 2 rows")
    (told,) = entries(record, Wanted(action="import"))
    assert json.loads(told.detail)["unheard_suicide_answers"] == 2


def test_whoever_may_not_see_patients_is_told_where_and_not_whose(record: Engine) -> None:
    files = {"scores.csv": HEADER + REFUSED, "again.csv": HEADER + ALERTING + ALERTING.replace(",1", ",2")}
    words = plain(said(brought(files, role=Role.ADMINISTRATOR)))
    unheard = words[words.index("2 answers about suicide") : words.index("What to tell the patient")]
    assert "scores.csv, line 2" in unheard
    assert "again.csv, line 3" in unheard
    assert "patient" not in unheard


def test_the_page_says_it_where_nothing_is_left_to_store(record: Engine) -> None:
    page = brought({"scores.csv": HEADER + REFUSED})
    assert page.title[0].value == "Nothing new"
    assert [plain(error) for error in errors(page)] == [WORDS]
    assert "988" in said(page)


def test_the_crisis_text_of_stored_answers_comes_first(record: Engine) -> None:
    page = press(brought({"scores.csv": HEADER + ALERTING + REFUSED}), "Store 2 rows")
    assert "1 answer about suicide raised an alert" in said_in_dialog(page)
    shown = [plain(error.value) for error in page.main.get("error")]
    assert shown[-2:] == ["1 answer about suicide raised an alert.", WORDS]


def test_what_may_be_read_two_ways_is_asked_first_and_refused_rows_said_then(record: Engine) -> None:
    page = brought({"scores.csv": HEADER + "7,phq9,03/04/2025,21,2\n"})
    assert page.title[0].value == "A question first"
    assert not errors(page)
    page = answer(page, "How are they written?", "None of these")
    assert [plain(error) for error in errors(page)] == [WORDS]
