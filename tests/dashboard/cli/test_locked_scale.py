"""A locked question whose scale is gone with its file: what the command line still answers, and says."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.outcomes.question.locked import PRIMARY
from models.store.record import write
from tests.support.builders import BY, NOW
from tests.support.command import seventy
from tests.support.databases import connected


@pytest.fixture(name="lost")
def _lost(tmp_path: Path) -> str:
    """A record whose locked question is asked on a scale of the clinic's own that is no longer there."""
    db = f"sqlite:///{tmp_path}/clinic.db"
    seventy("migrate", db=db)
    with connected(db) as engine:
        write.lock_question(engine, replace(PRIMARY, scale="mood"), claim=None, by=BY, at=NOW, reason="ours")
    return db


def test_a_question_on_another_scale_is_answered_as_exploratory(lost: str) -> None:
    run = seventy("claim", "--scale", "phq9", db=lost)
    assert run.status == 0, run.err
    assert run.out.startswith("Exploratory: not the locked question.")
    document = seventy("claim", "--scale", "phq9", "--json", db=lost).document
    assert document["exploratory"]
    assert document["locks"][-1]["question"]["scale"] == "mood"


def test_the_locked_question_itself_is_refused_in_words(lost: str) -> None:
    run = seventy("claim", db=lost)
    assert run.status == 2
    words = "The locked question cannot be answered: no file here describes its scale, mood."
    assert words in run.err


def test_the_doctor_says_it_and_what_to_do(lost: str) -> None:
    run = seventy("doctor", db=lost)
    assert run.status == 1
    lines = run.out.splitlines()
    (place,) = (number for number, line in enumerate(lines) if "locked question" in line)
    assert lines[place].startswith("WRONG")
    assert "no file here describes its scale, mood" in lines[place]
    assert "Put the file of the scale back into" in lines[place + 1]


def test_a_known_scale_is_fine_and_without_a_record_nothing_is_said(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/clinic.db"
    assert "locked question" not in seventy("doctor", db=db).out
    seventy("migrate", db=db)
    (line,) = (line for line in seventy("doctor", db=db).out.splitlines() if "locked question" in line)
    assert line.startswith("fine")
    assert line.endswith("It is asked on PHQ-9, which is known here.")
