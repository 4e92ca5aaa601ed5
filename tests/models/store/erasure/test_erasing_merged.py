"""Two records of one person go together, whichever of their numbers is named."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.backups.backup import backup
from models.store.engine.database import is_sqlite
from models.store.erasure.due import retention
from models.store.erasure.erasing import erase, erase_again
from models.store.erasure.wiping import wipe
from models.store.moves.restore import restore
from models.store.record import read, write
from models.store.trail.audit_check import verify
from models.store.trail.erasures import erased_as, erasures
from models.tables.facts import ClinicFacts
from tests.support.builders import BY, NOW, after, record_patient
from tests.support.databases import connected
from tests.support.merging import SISTERS, merge, registered_twice
from tests.support.two_people import everything, rows_of

WHY = "asked for it in writing"


@pytest.fixture(name="engine")
def _engine(new_record: Callable[[], str]) -> Iterator[Engine]:
    with connected(new_record()) as opened:
        yield opened


@pytest.mark.parametrize("named", [0, 1])
def test_both_records_go_and_the_link_between_them(engine: Engine, named: int) -> None:
    both = registered_twice(engine)
    other = record_patient(engine, "3")
    merge(engine, *both)
    seen = read.record(engine)
    done = erase(engine, both[named], by="Ada", at=after(5), reason=WHY)
    assert (done.counts["patient"], done.counts["merged_patient"], done.counts["infusion"]) == (2, 1, 2)
    assert done.erasure.patient_id == both[0]
    now = read.catch_up(engine, seen)
    assert (now.patients["patient_id"].to_list(), now.links, now.infusions.height) == ([other], {}, 0)
    assert "Adler" not in everything(engine)
    assert "same birth date and address" not in everything(engine)
    assert verify(engine).findings == []
    for number in ("1043", "2077"):
        assert erased_as(engine, number) == erasures(engine)[0]


def test_of_two_that_were_parted_again_one_goes(engine: Engine) -> None:
    ruth, rut = registered_twice(engine)
    write.undo_merge(engine, merge(engine, ruth, rut), by=BY, at=after(2), why=SISTERS)
    erase(engine, rut, by="Ada", at=after(5), reason=WHY)
    assert [row[0] for row in rows_of(engine, "patient")] == [ruth]
    assert rows_of(engine, "merged_patient") == []
    assert verify(engine).findings == []
    merge(engine, ruth, record_patient(engine, "4"), 6)
    assert [row[0] for row in rows_of(engine, "merged_patient")] == [3]  # no id is given twice


def test_scores_of_both_are_kept_as_one_persons(engine: Engine) -> None:
    merge(engine, *registered_twice(engine))
    before = read.record(engine)
    done = erase(engine, 1, by="Ada", at=after(5), reason=WHY, keep_scores=True)
    now = read.record(engine)
    code = done.erasure.known_as
    assert now.patients.select("mrn", "also").rows() == [(code, f"{code}-2")]
    assert now.assessments.equals(before.assessments.with_columns(status=now.assessments["status"]))
    assert verify(engine).findings == []


def test_a_backup_of_before_they_were_merged_loses_both(engine: Engine, tmp_path: Path) -> None:
    both = registered_twice(engine)
    made = backup(engine, tmp_path / "copy", at=NOW)
    merge(engine, *both)
    erase(engine, both[1], by="Ada", at=after(5), reason=WHY)
    known = erasures(engine)
    restore(made.path, engine, at=after(6))
    (done,) = erase_again(engine, known, by="restore", at=after(7))
    assert done.counts["patient"] == 2
    assert rows_of(engine, "patient") == []
    assert verify(engine).findings == []
    assert is_sqlite(engine) or wipe(engine) is None


def test_they_are_due_as_one_by_the_last_contact_of_both(engine: Engine) -> None:
    ruth, rut = registered_twice(engine)
    merge(engine, rut, ruth)
    write.save_clinic(engine, ClinicFacts(keep_years=6), by=BY, at=after(2))
    assert retention(engine, date(2031, 12, 31)).due == []
    (one,) = retention(engine, date(2032, 1, 1)).due
    assert (one.contact.number, one.contact.day) == ("2077", date(2026, 1, 1))
