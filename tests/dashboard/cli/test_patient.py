"""`seventy patient`: one person's whole record, to read."""

import json
import stat
from pathlib import Path

import pytest

from models.store.engine.database import open_engine
from models.store.record import write
from tests.support.builders import BY, NOW, after, infusion_facts, phq9_facts, record_patient
from tests.support.command import seventy
from tests.support.tampering import events


@pytest.fixture(name="db")
def _db(begun: str) -> str:
    engine = open_engine(begun)
    ruth = record_patient(engine, "1043", given_name="Ruth", family_name="<b>Adler</b>")
    other = record_patient(engine, "1044", family_name="Featherstonehaugh")
    write.record_infusion(engine, infusion_facts(ruth, 0), by=BY, at=NOW)
    score = write.record_assessment(engine, phq9_facts(ruth, item_9=1), by=BY, at=NOW).id
    write.correct_assessment(
        engine, score, phq9_facts(ruth, item_9=3), by="Dr Lind", at=after(1), why="misread"
    )
    write.record_assessment(engine, phq9_facts(other, item_9=0), by=BY, at=NOW)
    engine.dispose()
    return begun


def test_the_page_has_everything_of_one_person_and_nobody_else(db: str, tmp_path: Path) -> None:
    file = tmp_path / "1043.html"
    assert seventy("patient", "1043", "--to", file, db=db).status == 0
    page = file.read_text("utf-8")
    for told in (
        "Ruth",
        "&lt;b&gt;Adler&lt;/b&gt;",
        "Dose (mg)",
        "Question 9",
        "misread",
        "Dr Lind",
        "Replaced",
    ):
        assert told in page
    assert "Featherstonehaugh" not in page
    assert "<script" not in page
    assert "http" not in page
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_page_is_in_words_and_has_the_alerts_beside_what_raised_them(db: str, tmp_path: Path) -> None:
    engine = open_engine(db)
    for day, answer in ((3, 0), (5, 1)):
        write.record_assessment(engine, phq9_facts(1, item_9=answer, day=day), by=BY, at=after(2 + day))
    engine.dispose()
    file = tmp_path / "1043.html"
    assert seventy("patient", "1043", "--to", file, db=db).status == 0
    page = file.read_text("utf-8")
    for told in (
        "<dt>Patient number</dt><dd>1043</dd>",
        "<dt>Questionnaire</dt><dd>PHQ-9</dd>",
        "<dt>Route</dt><dd>Intravenous</dd>",
        "every question that counts was answered",
        "<dt>Alert</dt><dd>raised by the answer to the question about suicide</dd>",
        "raised by the answer to the question about suicide (nearly every day)</dd>",
        "raised by the answer to the question about suicide, and higher than the answer before</dd>",
    ):
        assert told in page
    for ours in ("Mrn", "phq9", "complete</dd>", "_", "+00:00"):
        assert ours not in page.partition("</style>")[2]


def test_versions_of_one_thing_stand_together(db: str, tmp_path: Path) -> None:
    engine = open_engine(db)
    first = write.record_infusion(engine, infusion_facts(1, 2), by=BY, at=after(2)).id
    write.record_infusion(engine, infusion_facts(1, 4), by=BY, at=after(3))
    write.correct_infusion(
        engine, first, infusion_facts(1, 2, dose_mg=41.0), by=BY, at=after(4), why="the pump said so"
    )
    engine.dispose()
    file = tmp_path / "1043.html"
    assert seventy("patient", "1043", "--to", file, db=db).status == 0
    infusions = file.read_text("utf-8").partition("<h2>Infusions</h2>")[2].split("<section")[1:5]
    assert ["Replaced later" in each for each in infusions] == [False, True, False, False]
    assert "the pump said so" in infusions[2]


def test_the_document_has_every_version_and_the_answers(db: str, tmp_path: Path) -> None:
    file = tmp_path / "1043.json"
    assert seventy("patient", "1043", "--to", file, db=db).status == 0
    document = json.loads(file.read_text("utf-8"))
    scores = [row for row in document["rows"] if row["kind"] == "assessment"]
    assert [row["current"] for row in scores] == [False, True]
    assert [row["items"][8]["score"] for row in scores] == [1, 3]
    assert "better off dead" in scores[0]["items"][8]["asked"]
    assert scores[1]["reason"] == "misread"
    assert [row["alert"] for row in scores] == ["ideation", "nearly_every_day"]
    assert [row["alert_of_worsening"] for row in scores] == [False, False]


def test_a_single_row_is_one_row(db: str, tmp_path: Path) -> None:
    engine = open_engine(db)
    record_patient(engine, "1045")
    engine.dispose()
    file = tmp_path / "1045.json"
    assert seventy("patient", "1045", "--to", file, db=db).out == f"{file} holds 1 row of patient 1045.\n"


def test_handing_it_over_is_an_event(db: str, tmp_path: Path) -> None:
    seventy("patient", "1043", "--to", tmp_path / "1043.html", db=db)
    engine = open_engine(db)
    last = events(engine)[-1]
    engine.dispose()
    assert (last.action, last.subject, last.patient_id) == ("export", "patient 1", 1)


@pytest.mark.parametrize(
    ("number", "name", "words"),
    [("9999", "a.html", "NUMBER '9999' is nobody's"), ("1043", "a.pdf", "--to ends in .html or .json")],
)
def test_what_cannot_be_written_is_said(db: str, tmp_path: Path, number: str, name: str, words: str) -> None:
    run = seventy("patient", number, "--to", tmp_path / name, db=db)
    assert run.status == 2
    assert words in run.err


def test_a_file_that_is_there_is_left_alone(db: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.html"
    file.write_text("mine")
    assert seventy("patient", "1043", "--to", file, db=db).status == 2
    assert file.read_text() == "mine"
