"""A restored backup gives nobody's consent again, and nobody is no longer under 42 CFR Part 2 by it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Engine

from models.store.moves.migrate import start
from models.store.record import read, write
from tests.support.builders import BY, NOW, after, patient_facts, record_patient
from tests.support.command import seventy
from tests.support.databases import connected_own
from tests.support.merging import merge

UNTIL: Final = date(2090, 1, 31)
SOONER: Final = date(2090, 1, 1)
MARKED: Final = {"part2": True, "part2_consent_until": UNTIL}


@pytest.fixture(name="url")
def _url(database_url: str) -> str:
    """A record of either engine with three patients, the first two under Part 2 and consenting."""
    with connected_own(database_url) as engine:
        start(engine, at=NOW)
        for number, values in (("1", MARKED), ("2", MARKED), ("3", {})):
            record_patient(engine, number, **values)
    return database_url


def correct(engine: Engine, row: int, number: str, **values: Any) -> None:
    write.correct_patient(
        engine, row, patient_facts(number, **values), by=BY, at=after(1), why="as they wish"
    )


def restored(url: str, tmp_path: Path, since: Callable[[Engine], object]) -> tuple[str, dict[str, Any]]:
    """The record as of before something happened; what is said, and who is under Part 2 until when."""
    assert seventy("backup", tmp_path / "then.db", db=url).status == 0
    with connected_own(url) as engine:
        since(engine)
    run = seventy("restore", tmp_path / "then.db", db=url)
    assert run.status == 0, run.err
    assert seventy("verify", db=url).status == 0
    with connected_own(url) as engine:
        people = read.record(engine).patients.filter("part2").sort("mrn")
    return run.err, dict(people.select("mrn", "part2_consent_until").iter_rows())


def test_what_was_taken_back_or_marked_since_is_so_again(url: str, tmp_path: Path) -> None:
    def since(engine: Engine) -> None:
        correct(engine, 1, "1", part2=True)
        correct(engine, 2, "22", part2=True, part2_consent_until=SOONER)
        correct(engine, 3, "3", part2=True)

    said, known = restored(url, tmp_path, since)
    assert known == {"1": None, "2": SOONER, "3": None}
    assert "3 patients are under 42 CFR Part 2 again as last known" in said


def test_what_was_given_since_is_not_given_again(url: str, tmp_path: Path) -> None:
    def since(engine: Engine) -> None:
        correct(engine, 1, "1", part2=True, part2_consent_until=date(2095, 1, 1))
        correct(engine, 2, "2")

    said, known = restored(url, tmp_path, since)
    assert known == {"1": UNTIL, "2": UNTIL}
    assert "Part 2" not in said


def test_who_was_marked_by_another_number_since_is_marked_by_their_own(url: str, tmp_path: Path) -> None:
    def since(engine: Engine) -> None:
        merge(engine, 3, record_patient(engine, "4", part2=True))

    assert restored(url, tmp_path, since)[1] == {"1": UNTIL, "2": UNTIL, "3": None}
