"""On a scale with decimals every document and file has scores as people read them, and takes them so."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.charts.words import Rounding
from dashboard.components.claim.curve_card import _numbers
from dashboard.roll import roll
from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.answers.specifications import counts
from models.outcomes.answers.ways import ways
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand, QuestionError
from models.outcomes.question.locked import PRIMARY
from models.outcomes.question.vocabulary import TreatmentResistant
from models.scales.reading import read_scale
from models.store.record import read, write
from tests.support.builders import BY, NOW, after, infusion_facts, moment, record_patient
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.own_scale import TENTHS, pain_facts

SCALE = read_scale("pain.toml", TENTHS.encode())
ASKED = Estimand.of(SCALE, treatment_resistant=TreatmentResistant.ANY)
OPTIONS = ("--scale", "pain", "--treatment-resistant", "any", "--as-of", "2026-05-01")


@pytest.fixture(name="db")
def _db(tmp_path: Path) -> str:
    """Two courses from 8.1 and 5.6, and one from 5.4; all three ended at 2.7."""
    db = f"sqlite:///{tmp_path}/clinic.db"
    seventy("migrate", db=db)
    with connected(db) as engine:
        for nth, baseline in enumerate((81, 56, 54)):
            patient = record_patient(engine, f"A{nth}")
            write.record_infusion(engine, infusion_facts(patient), by=BY, at=NOW)
            for total, day in ((baseline, 0), (27, 20)):
                write.record_assessment(engine, pain_facts(patient, total, day, TENTHS), by=BY, at=after(1))
        locked = replace(ASKED, scale="pain", baseline_at_least=62)
        write.lock_question(engine, locked, claim=None, by=BY, at=after(2), reason="ours")
    return db


def test_a_questions_baseline_is_told_as_it_is_asked(db: str) -> None:
    own = seventy("check", *OPTIONS, "--json", db=db).document
    asked = seventy("check", *OPTIONS, "--baseline-at-least", "6.2", "--json", db=db).document
    assert [each["question"]["baseline_at_least"] for each in (own, asked)] == [5.5, 6.2]
    assert [each["denominator"] for each in (own, asked)] == [2, 1]
    grid = seventy("grid", *OPTIONS, "--json", db=db).document
    assert {each["question"]["baseline_at_least"] for each in grid} == {5.5, None}


def test_everything_about_a_claim_is_in_the_scales_own_units(db: str) -> None:
    whole = seventy("claim", *OPTIONS, "--json", db=db).document
    assert whole["answer"]["question"]["baseline_at_least"] == 5.5
    assert whole["locks"][-1]["question"]["baseline_at_least"] == 6.2
    gates = {stair["question"]["baseline_at_least"] for stair in whole["staircase"]}
    assert gates == {5.5, None}
    baseline = whole["case_mix_quartiles"][0]
    assert (baseline["number"], baseline["median"]) == ("baseline", 6.85)
    told = [part["question"] for part in whole["parts"] if part["question"]]
    assert {each["baseline_at_least"] for each in told if each["scale"] == "phq9"} <= {10, None}


@pytest.mark.parametrize("ending", ["txt", "html", "json"])
def test_a_statement_has_them_too_and_is_confirmed(db: str, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"words.{ending}"
    assert seventy("claim", *OPTIONS, "--statement", path, db=db).status == 0
    text = path.read_text("utf-8")
    assert "5.5" in text
    assert not re.search(r"(?<![:.\w])55(?![:.\w])", text)
    assert seventy("check", "--verify", path, db=db).out == "confirmed\n"


def test_a_question_told_is_asked_again_and_one_between_two_steps_is_refused() -> None:
    for gate in (None, 0, 62, 100):
        asked = replace(ASKED, baseline_at_least=gate)
        assert Estimand.from_told(json.loads(json.dumps(asked.told(SCALE))), SCALE) == asked
    for wrong in (5.55, float("inf"), float("nan"), True, "5.5"):
        with pytest.raises(QuestionError, match="baseline_at_least"):
            Estimand.from_told({**ASKED.told(SCALE), "baseline_at_least": wrong}, SCALE)
    assert ASKED.told(None)["baseline_at_least"] == 55
    assert PRIMARY.told(None) == PRIMARY.question()


def test_files_of_the_pages_have_them_without_a_digit_too_many(db: str) -> None:
    with connected(db) as engine:
        record = read.record(engine)
    outcomes = derive_outcomes(record, SCALE, moment(120).date())
    listed = roll(outcomes, record.patients, ASKED, SCALE)
    assert sorted(listed["baseline"].to_list()) == [5.4, 5.6, 8.1]
    found = answer(outcomes, ASKED, SCALE, Claim(0.7), as_of=moment(120).date())
    every = _numbers(ways(counts(outcomes, ASKED, SCALE)), found, SCALE, Rounding(0.7))
    rows = csv.DictReader(io.StringIO(every.file.decode()))
    assert {row["baseline_at_least"] for row in rows} == {"5.5", "None"}


def test_a_persons_whole_record_has_them(db: str, tmp_path: Path) -> None:
    for ending in ("json", "html"):
        seventy("patient", "A0", "--to", tmp_path / f"A0.{ending}", db=db)
    rows = json.loads((tmp_path / "A0.json").read_text("utf-8"))["rows"]
    assert [row["values"]["total"] for row in rows if row["kind"] == "assessment"] == [8.1, 2.7]
    assert "<dd>8.1</dd>" in (tmp_path / "A0.html").read_text("utf-8")


def test_a_conflict_of_an_import_says_them(db: str, tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text(f"mrn,scale,assessed_at,total\nA0,pain,{moment(0).isoformat()},7.2\n", "utf-8")
    (conflict,) = seventy("import", file, "--json", db=db).document["conflicts"]
    assert conflict["fields"]["total"] == {"stored": 8.1, "given": 7.2}
    assert "total is recorded as 8.1, the file says 7.2" in seventy("import", file, db=db).err
