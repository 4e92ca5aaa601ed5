"""`seventy check --verify`: confirmed, denied with what differs, or not a statement."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dashboard.cli.claim import answers
from models.exchange.statements.statement import Statement, statement
from models.exchange.statements.statement_export import as_html, as_json, as_text, seal_of
from models.outcomes.answers.claim import Claim
from models.outcomes.question.estimand import Estimand
from models.scales import all_scales
from models.store.audit.events import trail_in
from models.store.engine.database import open_engine
from models.store.record.claims import locks
from tests.support.command import seventy

WRITERS = [as_text, as_html, as_json]


def made(db: str) -> Statement:
    scale = all_scales()["phq9"]
    engine = open_engine(db)
    asked = answers.ask(engine, scale, date(2026, 1, 31), None)
    question = Estimand.of(scale, treatment_resistant="any")
    found, known = asked.answer(question, Claim()), locks(engine)
    engine.dispose()
    return statement(found, scale, asked.outcomes, known_at=asked.known_at, locks=known)


@pytest.mark.parametrize("write", WRITERS)
def test_a_statement_is_confirmed_also_after_more_was_recorded(
    golden: str, tmp_path: Path, write: Callable[[Statement], str]
) -> None:
    file = tmp_path / "statement"
    file.write_text(write(made(golden)), encoding="utf-8")
    later = tmp_path / "later.csv"
    later.write_text("mrn,given_at,route\nG99,2025-03-03T09:00,iv\n")
    assert seventy("import", later, db=golden).status == 0
    run = seventy("check", "--verify", file, db=golden)
    assert (run.status, run.out) == (0, "confirmed\n"), run.err


@pytest.mark.parametrize("write", WRITERS)
def test_an_altered_sentence_is_denied_and_named(
    golden: str, tmp_path: Path, write: Callable[[Statement], str]
) -> None:
    file = tmp_path / "statement"
    file.write_text(write(made(golden)).replace("not evidence", "evidence"), encoding="utf-8")
    run = seventy("check", "--verify", file, db=golden)
    assert (run.status, run.out) == (1, "denied\n")
    assert "By this record the sentence is" in run.err


def test_another_day_in_the_seal_is_another_hash(golden: str, tmp_path: Path) -> None:
    document = json.loads(as_json(made(golden)))
    document["seventy-statement"]["as_of"] = "2025-02-01"
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(document))
    run = seventy("check", "--verify", file, db=golden)
    assert run.status == 1
    assert f"By this record the hash of the data is not {made(golden).data_hash}." in run.err


@pytest.mark.parametrize("ending", ["txt", "html", "json"])
def test_no_guess_can_be_held_against_the_hash_of_a_statement(
    golden: str, tmp_path: Path, ending: str
) -> None:
    """The scores of few courses are few guesses: what tells the record is hashed too, and not in the file."""
    file = tmp_path / f"statement.{ending}"
    question = ("--treatment-resistant", "any", "--as-of", "2026-01-31")
    assert seventy("claim", *question, "--statement", file, db=golden).status == 0
    text, engine = file.read_text(encoding="utf-8"), open_engine(golden)
    trail, before = trail_in(engine), made(golden)
    engine.dispose()
    seal = seal_of(text)
    assert seal["of_record"] is True
    assert seal["question"] == before.question
    assert seal["known_at"] == before.seal["known_at"]
    assert seal["data_hash"] != before.data_hash
    assert trail is not None
    assert trail not in text
    assert seventy("check", "--verify", file, db=golden).out == "confirmed\n"


def test_a_statement_without_it_is_checked_by_who_may_read_records(golden: str, tmp_path: Path) -> None:
    """Else one could be written with a guessed hash, and the answer would tell whether it was right."""
    file = tmp_path / "statement.txt"
    file.write_text(as_text(made(golden)), encoding="utf-8")
    for name, role in (("ruth", "clinician"), ("mia", "manager")):
        assert seventy("user", "add", name, "--role", role, db=golden).status == 0
    assert seventy("--as", "ruth", "check", "--verify", file, db=golden).out == "confirmed\n"
    run = seventy("--as", "mia", "check", "--verify", file, db=golden)
    assert (run.status, "of an earlier version of Seventy" in run.err) == (2, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"as_of": "soon"}, "as_of is a date"),
        ({"claim": "70"}, "claim is a rate"),
        ({"claim": 7.0}, "between 0 and 1"),
        ({"question": {}}, "scale"),
        ({"question": 3}, "question is a document"),
        ({"known_at": "noon"}, "is not a date"),
    ],
)
def test_a_seal_that_cannot_be_read_is_wrong_usage(
    golden: str, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    document = json.loads(as_json(made(golden)))
    document["seventy-statement"] |= change
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(document))
    run = seventy("check", "--verify", file, db=golden)
    assert run.status == 2
    assert said in run.err


def test_a_file_that_is_no_statement_is_wrong_usage(golden: str, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    for content in (b"Dear colleague", b"\xff\xfe\x00", b"", b"{}"):
        file.write_bytes(content)
        run = seventy("check", "--verify", file, db=golden)
        assert run.status == 2
        assert "is not a statement" in run.err


def test_a_file_without_an_end_is_read_no_further_than_a_statement_goes(golden: str) -> None:
    run = seventy("check", "--verify", "/dev/zero", db=golden)
    assert run.status == 2
    assert "is larger than" in run.err
