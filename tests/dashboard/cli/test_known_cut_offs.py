"""A cut-off that a clinic moved: what was known before is asked with the one of before, for ever."""

from pathlib import Path

import pytest

from models.store.record import write
from models.store.trail.anchors import NAME, anchor_folder
from models.store.trail.entries import entries
from tests.support.builders import BY, NOW, after, infusion_facts, record_patient
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.own_scale import PAIN, pain_facts

ASKED = ("--scale", "pain", "--outcome", "remission", "--window", "d7", "--treatment-resistant", "any")
AS_OF = ("--as-of", "2026-05-01")


def with_cut_off(remission: int, gate: int = 3) -> str:
    return (
        f'{PAIN}remission_at_most = {{ value = {remission}, source = "Ours" }}\n'
        f'baseline_at_least = {{ value = {gate}, source = "Ours" }}\n'
    )


@pytest.fixture(name="file")
def _file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The clinic's own scale, by which remission is 1 or less."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    file = tmp_path / "data" / "seventy" / "scales" / "pain.toml"
    file.parent.mkdir(parents=True)
    file.write_text(with_cut_off(1), "utf-8")
    return file


@pytest.fixture(name="db")
def _db(tmp_path: Path, file: Path) -> str:
    """One course, from 7 to 2 in a week."""
    db = f"sqlite:///{tmp_path}/clinic.db"
    seventy("migrate", db=db)
    with connected(db) as engine:
        patient = record_patient(engine)
        write.record_infusion(engine, infusion_facts(patient), by=BY, at=NOW)
        for total, day in ((7, 0), (2, 7)):
            facts = pain_facts(patient, total, day, file.read_text("utf-8"))
            write.record_assessment(engine, facts, by=BY, at=after(1))
    return db


def asked(db: str, *more: str) -> tuple[tuple[int, int], str]:
    """How many of how many, and the moment of the record."""
    document = seventy("check", *ASKED, *AS_OF, *more, "--json", db=db).document
    return (document["numerator"], document["denominator"]), document["known_at"]


def test_a_moment_of_before_has_the_cut_offs_of_before(db: str, file: Path) -> None:
    before, then = asked(db)
    file.write_text(with_cut_off(2), "utf-8")
    after_it, now = asked(db)
    file.write_text(with_cut_off(0, gate=8), "utf-8")
    assert (before, after_it, asked(db)[0]) == ((0, 1), (1, 1), (0, 0))
    assert asked(db, "--known-at", then) == (before, then)
    assert asked(db, "--known-at", now) == (after_it, now)
    for command in ("grid", "claim"):
        found = seventy(command, *ASKED, *AS_OF, "--known-at", now, "--json", db=db).document
        first = (
            found["answer"]
            if command == "claim"
            else next(
                each
                for each in found
                if each["question"]["outcome"] == "remission"
                and each["question"]["window"] == "d7"
                and each["question"]["missing"] == "non_responder"
            )
        )
        assert (first["numerator"], first["question"]["baseline_at_least"]) == (1, 3)


def test_a_question_of_now_keeps_the_cut_off_it_was_asked_with_and_the_trail_says_so(
    db: str, file: Path
) -> None:
    asked(db)
    with connected(db) as engine:
        assert [each for each in entries(engine) if each.subject == "scale pain"] == []
    file.write_text(with_cut_off(2), "utf-8")
    assert asked(db) == asked(db)
    with connected(db) as engine:
        (told,) = [each for each in entries(engine) if each.subject == "scale pain"]
    noted = (anchor_folder() / NAME).read_text("utf-8").splitlines()[-1]
    assert f'"events":{told.number},' in noted
    assert told.by.startswith("seventy")


def test_a_statement_is_confirmed_after_a_cut_off_was_moved(db: str, file: Path, tmp_path: Path) -> None:
    made = tmp_path / "words.json"
    assert seventy("claim", *ASKED, *AS_OF, "--statement", made, db=db).status == 0
    file.write_text(with_cut_off(2), "utf-8")
    assert seventy("check", "--verify", made, db=db).out == "confirmed\n"
    assert asked(db)[0] == (1, 1)
    assert seventy("check", "--verify", made, db=db).out == "confirmed\n"
