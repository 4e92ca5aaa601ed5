"""What tells of a patient is found by the patient: lists that showed them, imports, merged records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from models.store.audit.events import Event, note
from models.store.erasure.erasing import erase
from models.store.record.bulk import loading
from models.store.trail.entries import Wanted, entries
from models.store.trail.listed import compact
from tests.support.builders import BY, NOW, after, patient_facts, record_patient, score_facts
from tests.support.merging import merge, registered_twice


def told_of(engine: Engine, patient_id: int) -> list[tuple[str, str | None]]:
    """Action and subject of each event of a patient, the newest first."""
    return [(entry.action, entry.subject) for entry in entries(engine, Wanted(patient_id=patient_id))]


def read_list(engine: Engine, name: str, *patient_ids: int) -> None:
    note(engine, Event("read", name, detail={"patients": compact(patient_ids)}), by=BY, at=NOW)


@pytest.mark.parametrize(
    ("ids", "told"),
    [([], []), ([7], [7]), ([2, 1], [1, 2]), ([3, 1, 2], ["1-3"]), ([1, 5, 6, 7, 9, 9], [1, "5-7", 9])],
)
def test_ids_that_follow_one_another_are_told_by_the_first_and_the_last(
    ids: list[int], told: list[int | str]
) -> None:
    assert compact(ids) == told


@given(st.sets(st.integers(1, 60)))
def test_nobody_is_lost_or_added(ids: set[int]) -> None:
    spans = [str(each).split("-") for each in compact(ids)]
    assert sorted(ids) == [one for span in spans for one in range(int(span[0]), int(span[-1]) + 1)]


def test_whoever_stood_in_a_list_is_found_and_nobody_else(engine: Engine) -> None:
    ids = [record_patient(engine, mrn) for mrn in ("1", "2", "3", "4", "5", "11")]
    read_list(engine, "list of patients", *ids[1:4])
    read_list(engine, "patients found", ids[0], ids[3])
    note(engine, Event("export", "extract", detail={"patients": 2}), by=BY, at=NOW)
    assert told_of(engine, 1) == [("read", "patients found"), ("record", "patient 1")]
    assert told_of(engine, 2) == [("read", "list of patients"), ("record", "patient 2")]
    assert [name for _, name in told_of(engine, 4)[:2]] == ["patients found", "list of patients"]
    assert told_of(engine, 5) == [("record", "patient 5")]


def test_an_import_is_of_everybody_of_whom_it_wrote(engine: Engine) -> None:
    ruth, ken = record_patient(engine, "A1"), record_patient(engine, "A2")
    with loading(engine, by="import", at=after(1)) as load:
        load.patients([patient_facts("B1"), patient_facts("B2")])
        load.assessments([score_facts(ruth, 20)])
    assert told_of(engine, ruth) == [("import", None), ("record", f"patient {ruth}")]
    assert told_of(engine, ken) == [("record", f"patient {ken}")]
    assert told_of(engine, ken + 2) == [("import", None)]
    (entry,) = entries(engine, Wanted(by="import", action="import", patient_id=ruth))
    assert entries(engine, Wanted(since=after(2), patient_id=ruth)) == []
    assert entries(engine, Wanted(patient_id=ruth), newest=1) == [entry]


def test_an_import_still_is_once_somebody_else_in_it_was_erased(engine: Engine) -> None:
    with loading(engine, by="import", at=NOW) as load:
        load.patients([patient_facts("B1"), patient_facts("B2")])
    erase(engine, 1, by=BY, at=after(1), reason="she asked for it in writing")
    assert told_of(engine, 2) == [("import", None)]


def test_of_one_person_under_two_numbers_both_are_found(engine: Engine) -> None:
    keep, retire = registered_twice(engine)
    read_list(engine, "patients found", retire)
    merge(engine, keep, retire)
    for either in (keep, retire):
        assert ("read", "patients found") in told_of(engine, either)
        assert {("record", f"patient {keep}"), ("record", f"patient {retire}")} <= {*told_of(engine, either)}
