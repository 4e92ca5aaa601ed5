"""Two records of one person are read as one, nothing is moved, and it can be undone."""

import json
from datetime import date
from typing import Any

import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import Engine, text

from models.store.engine.database import reading, writing
from models.store.engine.errors import ConflictError, InUseError, NotFoundError, RefusedError, SupersededError
from models.store.record import history, read, write
from models.store.record.bulk import loading
from models.store.trail.audit_check import verify
from models.tables.columns import moment_number
from models.tables.facts import FactsError
from tests.support.builders import (
    BY,
    NOW,
    after,
    infusion_facts,
    moment,
    patient_facts,
    phq9_facts,
    record_patient,
    score_facts,
)
from tests.support.merging import SISTERS, WHY, merge, refusals, registered_twice
from tests.support.tampering import events

FRAMES = ("patients", "courses", "infusions", "assessments", "everyone")


@pytest.fixture(name="pair")
def _pair(engine: Engine) -> tuple[int, int]:
    return registered_twice(engine)


def test_one_person_stands_with_both_numbers_and_everything_of_both(
    engine: Engine, pair: tuple[int, int]
) -> None:
    merge(engine, *pair)
    found = read.record(engine)
    assert found.patients.select("patient_id", "mrn", "also").rows() == [(pair[0], "1043", "2077")]
    assert found.infusions["patient_id"].to_list() == [pair[0], pair[0]]
    assert found.assessments["patient_id"].to_list() == [pair[0], pair[0]]
    assert found.everyone["mrn"].to_list() == ["1043", "2077"]


def test_nothing_is_moved_in_the_database(engine: Engine, pair: tuple[int, int]) -> None:
    merge(engine, *pair)
    with reading(engine) as connection:
        whose = connection.execute(text("SELECT patient_id FROM infusion ORDER BY id")).scalars().all()
    assert whose == list(pair)


def test_undone_it_is_as_it_was_and_both_numbers_can_be_asked_again_as_of_then(
    engine: Engine, pair: tuple[int, int]
) -> None:
    before = read.record(engine)
    link = merge(engine, *pair, at=1)
    merged = read.record(engine)
    write.undo_merge(engine, link, by=BY, at=after(2), why=SISTERS)
    for stood, found in (
        (before, read.record(engine)),
        (before, read.record(engine, known_at=after(0))),
        (merged, read.record(engine, known_at=after(1))),
    ):
        for name in FRAMES:
            assert_frame_equal(getattr(stood, name), getattr(found, name), categorical_as_str=True)


def test_a_reader_catches_up_with_a_link_and_with_its_end(engine: Engine, pair: tuple[int, int]) -> None:
    seen = read.record(engine)
    link = merge(engine, *pair)
    write.record_assessment(engine, score_facts(pair[1], 9, day=40), by=BY, at=after(2))
    for _ in range(2):
        seen = read.catch_up(engine, seen)
        fresh = read.record(engine)
        for name in FRAMES:
            assert_frame_equal(getattr(seen, name), getattr(fresh, name), categorical_as_str=True)
        if seen.links:
            write.undo_merge(engine, link, by=BY, at=after(3), why=SISTERS)
    assert seen.links == {}


def test_the_trail_tells_it_by_whose_record_it_is(engine: Engine, pair: tuple[int, int]) -> None:
    link = merge(engine, *pair)
    write.undo_merge(engine, link, by="Dr Lind", at=after(2), why=SISTERS)
    made, undone = events(engine)[-2:]
    both = {"survivor_id": pair[0], "retired_id": pair[1]}
    assert (made.action, made.patient_id, undone.action) == ("merge", pair[0], "undo merge")
    told = json.loads(made.detail)
    assert (told["before"], told["after"], told["reason"]) == (None, {"merged_patient 1": both}, WHY)
    told = json.loads(undone.detail)
    assert (told["before"], told["after"], told["reason"]) == ({"merged_patient 2": both}, None, SISTERS)
    assert verify(engine).is_well


def test_the_same_save_twice_is_one_link(engine: Engine, pair: tuple[int, int]) -> None:
    first = merge(engine, *pair, save_key="a")
    assert merge(engine, *pair, save_key="a") == first
    assert merge(engine, *pair) == first


def test_whoever_undoes_it_second_is_told_who_was_first(engine: Engine, pair: tuple[int, int]) -> None:
    link = merge(engine, *pair)
    once = write.undo_merge(engine, link, by="Dr Lind", at=after(2), why=SISTERS, save_key="u")
    again = write.undo_merge(engine, link, by="Dr Lind", at=after(2), why=SISTERS, save_key="u")
    assert (again.id, again.already) == (once.id, True)
    with pytest.raises(SupersededError, match="Dr Lind withdrew this"):
        write.undo_merge(engine, link, by=BY, at=after(3), why=SISTERS)


@pytest.mark.parametrize("why", ["", "twice", "123456789"])
def test_it_is_said_why(engine: Engine, pair: tuple[int, int], why: str) -> None:
    with pytest.raises(FactsError, match="10 characters or more"):
        write.merge_patients(engine, *pair, by=BY, at=NOW, why=why)


def test_nobody_is_merged_with_themselves_or_with_somebody_unknown(
    engine: Engine, pair: tuple[int, int]
) -> None:
    assert "is one record" in refusals(engine, pair[0], pair[0])[0]
    with pytest.raises(NotFoundError):
        merge(engine, pair[0], 99)


def test_there_are_no_chains(engine: Engine, pair: tuple[int, int]) -> None:
    third = record_patient(engine, "3")
    merge(engine, *pair)
    assert refusals(engine, pair[1], third) == [
        "No. 2077 is read with No. 1043 already: merge into No. 1043."
    ]
    assert refusals(engine, third, pair[1]) == ["No. 2077 is read with No. 1043 already: undo that first."]
    assert refusals(engine, third, pair[0])[0].startswith(
        "Another record is read with No. 1043: keep No. 1043"
    )
    merge(engine, pair[0], third)
    assert read.record(engine).patients["also"].to_list() == ["2077, 3"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"survivor_id": 2, "retired_id": 3}, "who is kept under another keeps nobody"),
        ({"survivor_id": 3, "retired_id": 1}, "who is kept under another keeps nobody"),
        ({"survivor_id": 3, "retired_id": 2}, "one current row of its key"),
        ({"survivor_id": 3, "retired_id": 3}, "of_two"),
        ({"survivor_id": 1, "retired_id": 99}, "retired_id is the entity_id of a patient"),
        ({"survivor_id": 99, "retired_id": 3}, "survivor_id is the entity_id of a patient"),
        ({"survivor_id": 1, "retired_id": 3, "reason": "twice"}, "why"),
        ({"entity_id": 1, "supersedes_id": 1, "voided": True, "retired_id": 3}, "names the same two"),
        ({"entity_id": 1, "supersedes_id": 1}, "undone_only"),
    ],
)
def test_the_database_refuses_it_too(
    engine: Engine, pair: tuple[int, int], change: dict[str, Any], words: str
) -> None:
    record_patient(engine, "3")
    merge(engine, *pair)
    row: dict[str, Any] = {
        "id": 2,
        "entity_id": 2,
        "recorded_at": moment_number(after(9)),
        "recorded_by": BY,
        "supersedes_id": None,
        "voided": False,
        "reason": WHY,
        "survivor_id": 1,
        "retired_id": 2,
    } | change
    sql = f"INSERT INTO merged_patient ({', '.join(row)}) VALUES (:{', :'.join(row)})"  # noqa: S608
    with pytest.raises(RefusedError, match=words), writing(engine) as connection:
        connection.execute(text(sql), row)


@pytest.mark.parametrize("way", ["UPDATE merged_patient SET reason = reason", "DELETE FROM merged_patient"])
def test_a_link_is_never_changed_or_deleted(engine: Engine, pair: tuple[int, int], way: str) -> None:
    merge(engine, *pair)
    with pytest.raises(RefusedError, match="never changed"), writing(engine) as connection:
        connection.execute(text(way))


def test_who_is_merged_is_not_withdrawn(engine: Engine) -> None:
    one, two = record_patient(engine, "1"), record_patient(engine, "2")
    merge(engine, one, two)
    for patient in (one, two):
        with pytest.raises(InUseError, match="merged with another"):
            write.void_patient(engine, patient, by=BY, at=after(2), why="registered by mistake")


def test_a_row_for_the_retired_number_keeps_it_and_is_not_recorded_twice(
    engine: Engine, pair: tuple[int, int]
) -> None:
    ruth, rut = pair
    merge(engine, ruth, rut)
    with loading(engine, by=BY, at=after(2)) as load:
        assert load.infusions([infusion_facts(rut, 30)]).new == 1
        assert load.infusions([infusion_facts(ruth, 30), infusion_facts(rut, 0)]).already == 2
        assert load.assessments([score_facts(rut, 3)]).conflicts[0].stored == {"total": 20}
    found = read.record(engine)
    assert found.infusions.height == 3
    with reading(engine) as connection:
        newest = connection.execute(text("SELECT patient_id FROM infusion WHERE id = 3")).scalar()
    assert newest == rut


def test_an_alert_is_held_against_the_persons_last_answer(engine: Engine, pair: tuple[int, int]) -> None:
    ruth, rut = pair
    write.record_assessment(engine, phq9_facts(rut, item_9=1, day=-100), by=BY, at=NOW)
    merge(engine, ruth, rut)
    saved = write.record_assessment(engine, phq9_facts(ruth, item_9=2, day=50), by=BY, at=after(2))
    assert saved.alert is not None
    assert saved.alert.worsening
    assert {alert.patient_id for alert in read.open_alerts(engine, patient_id=ruth)} == {ruth}
    assert len(read.open_alerts(engine, patient_id=ruth)) == 2


def test_the_history_and_the_last_entries_are_the_persons(engine: Engine, pair: tuple[int, int]) -> None:
    link = merge(engine, *pair)
    kinds = [version.kind for version in history.patient_history(engine, pair[0])]
    assert kinds == ["patient"] * 2 + ["infusion"] * 2 + ["assessment"] * 2 + ["merged_patient"]
    last = history.last_entries(engine, pair[1]).infusion
    assert last is not None
    assert last["given_at"] == moment(0, 10)
    write.undo_merge(engine, link, by=BY, at=after(2), why=SISTERS)
    kinds = [version.kind for version in history.patient_history(engine, pair[0])]
    assert kinds == ["patient", "infusion", "assessment", "merged_patient", "merged_patient"]


def test_a_birth_after_anything_recorded_of_the_person_is_refused(
    engine: Engine, pair: tuple[int, int]
) -> None:
    merge(engine, *pair)
    born = patient_facts("1043", birth_date=date(2025, 12, 1))
    with pytest.raises(FactsError, match="before the first thing recorded"):
        write.correct_patient(engine, pair[0], born, by=BY, at=after(2), why="asked her")


def test_a_score_moved_to_where_the_other_record_has_one_is_refused(
    engine: Engine, pair: tuple[int, int]
) -> None:
    merge(engine, *pair)
    with pytest.raises(ConflictError) as conflict:
        write.correct_assessment(
            engine, 2, score_facts(pair[1], 20, day=0), by=BY, at=after(2), why="another day"
        )
    assert str(conflict.value) == ("This assessment is already recorded with patient number 1043 (got 2077).")


def test_an_infusion_that_would_stand_under_both_numbers_is_refused_by_number(
    engine: Engine, pair: tuple[int, int]
) -> None:
    merge(engine, *pair)
    twice = infusion_facts(pair[1], 0, dose_mg=50)
    with pytest.raises(ConflictError) as conflict:
        write.correct_infusion(engine, 2, twice, by=BY, at=after(2), why="another day")
    assert conflict.value.stored["patient_number"] == "1043"
    assert "patient number 1043 (got 2077), dose mg " in str(conflict.value)
    assert "patient id" not in str(conflict.value)
