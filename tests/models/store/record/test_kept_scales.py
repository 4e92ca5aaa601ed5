"""Scores on a scale of the clinic's own keep their meaning, whatever becomes of its file."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from models.scales import Scale, all_scales
from models.scales.reading import read_scale
from models.store.engine.database import reading
from models.store.record import kept_scales as kept
from models.store.record import read, write
from models.store.record.bulk import loading
from models.store.record.kept_scales import keep_changes, kept_scales
from models.store.trail.audit_check import verify
from models.store.trail.entries import entries
from models.tables.facts import FactsError
from tests.support.builders import BY, after, record_patient, score_facts
from tests.support.own_scale import PAIN, pain_facts

MILDER = PAIN + 'remission_at_most = { value = 1, source = "Ours" }\n'
SHORTER = PAIN.replace("high = 10", "high = 8")


def pain(file: str) -> Scale:
    return read_scale("pain.toml", file.encode())


def kept_rows(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        rows = connection.exec_driver_sql("SELECT id, scale, kept_by FROM kept_scale ORDER BY id")
        return [tuple(row) for row in rows]


def test_a_scale_of_the_clinics_own_is_kept_with_its_first_score(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_assessment(engine, score_facts(patient, 14), by=BY, at=after(1))
    assert kept_scales(engine) == {}
    for day in range(2):
        write.record_assessment(engine, pain_facts(patient, 7, day), by=BY, at=after(2 + day))
    assert kept_scales(engine) == {"pain": pain(PAIN)}
    assert kept_rows(engine) == [(1, "pain", BY)]


def test_another_cut_off_is_kept_beside_the_first(engine: Engine) -> None:
    patient = record_patient(engine)
    for day, file in enumerate((PAIN, MILDER)):
        write.record_assessment(engine, pain_facts(patient, 7, day, file), by=BY, at=after(day))
    assert kept_scales(engine) == {"pain": pain(MILDER)}
    assert len(kept_rows(engine)) == 2


def test_at_a_moment_a_scale_is_as_it_was_kept_then_or_first(engine: Engine) -> None:
    patient = record_patient(engine)
    for day, file in enumerate((PAIN, MILDER, PAIN), start=1):
        write.record_assessment(engine, pain_facts(patient, 7, day, file), by=BY, at=after(day))
    then = [kept_scales(engine, known_at=after(minutes))["pain"] for minutes in (0, 1, 1.5, 2, 3)]
    assert then == [pain(file) for file in (PAIN, PAIN, PAIN, MILDER, PAIN)]


def test_whoever_reads_on_sees_when_a_cut_off_was_kept(engine: Engine) -> None:
    write.record_assessment(engine, pain_facts(record_patient(engine), 7), by=BY, at=after(1))
    seen = read.record(engine)
    keep_changes(engine, [pain(MILDER)], by=BY, at=after(9))
    caught_up = read.catch_up(engine, seen)
    assert (seen.known_until, caught_up.known_until) == (after(1), after(9))
    assert caught_up.assessments is seen.assessments
    assert read.catch_up(engine, caught_up) is caught_up
    assert read.record(engine, known_at=after(8)).known_until == after(1)


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        (SHORTER, "high"),
        (PAIN.replace('version = "1"', 'version = "2"'), "version"),
        (SHORTER.replace('version = "1"', 'version = "2"'), "version, high"),
    ],
)
def test_a_score_on_what_became_another_scale_is_refused(engine: Engine, file: str, changed: str) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, pain_facts(patient, 7), by=BY, at=after(1))
    said = (
        f"Scale must be as in the record, where Pain 0-10, version 1, runs from 0 to 10 ({changed} changed "
        "since); another version needs another id; got 'pain'"
    )
    with pytest.raises(FactsError) as refusal:
        write.record_assessment(engine, pain_facts(patient, 5, 1, file), by=BY, at=after(2))
    assert [problem.message for problem in refusal.value.problems] == [said]
    with pytest.raises(FactsError):
        write.correct_assessment(
            engine, first.id, pain_facts(patient, 5, 0, file), by=BY, at=after(3), why="typed wrong"
        )
    with loading(engine, by=BY, at=after(4)) as load:
        loaded = load.assessments([pain_facts(patient, 5, 1, file), score_facts(patient, 9, 1)])
    assert ([each.index for each in loaded.refused], loaded.added) == ([0], [1])
    assert kept_scales(engine) == {"pain": pain(PAIN)}


def test_a_load_keeps_what_its_scores_rest_on(engine: Engine) -> None:
    patient = record_patient(engine)
    with loading(engine, by=BY, at=after(1)) as load:
        load.assessments([pain_facts(patient, total, total) for total in range(5)])
    assert kept_rows(engine) == [(1, "pain", BY)]
    with loading(engine, by=BY, at=after(2), dry_run=True) as load:
        load.assessments([pain_facts(patient, 3, 9, MILDER)])
    assert kept_rows(engine) == [(1, "pain", BY)]


def test_what_is_kept_is_never_changed(engine: Engine) -> None:
    patient = record_patient(engine)
    write.record_assessment(engine, pain_facts(patient, 7), by=BY, at=after(1))
    for change in (
        "UPDATE kept_scale SET definition = '{}'",
        "DELETE FROM kept_scale",
        "INSERT INTO kept_scale VALUES (0, 'pain', '{}', 1, 'x')",
    ):
        with pytest.raises(Exception, match="kept_scale: "), engine.begin() as connection:
            connection.exec_driver_sql(change)


def test_a_cut_off_that_was_moved_is_kept_and_told_once(engine: Engine) -> None:
    patient = record_patient(engine)
    keep_changes(engine, [pain(PAIN)], by=BY, at=after(1))
    assert kept_rows(engine) == []
    write.record_assessment(engine, pain_facts(patient, 7), by=BY, at=after(2))
    for minute in (3, 4):
        keep_changes(engine, [pain(MILDER), *all_scales().values()], by="seventy serve", at=after(minute))
    assert [row[2] for row in kept_rows(engine)] == [BY, "seventy serve"]
    (told,) = [each for each in entries(engine) if each.subject == "scale pain"]
    assert (told.action, told.by) == ("settings", "seventy serve")
    assert json.loads(told.detail)["after"] == {"scale pain": {"remission_at_most": 1}}
    assert verify(engine).findings == []


def test_a_cut_off_that_two_programs_see_moved_is_told_by_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write.record_assessment(engine, pain_facts(record_patient(engine), 7), by=BY, at=after(1))
    real = kept.kept_scales

    def and_another_is_quicker(of: Engine) -> dict[str, Scale]:
        found = real(of)
        monkeypatch.setattr(kept, "kept_scales", real)
        assert keep_changes(engine, [pain(MILDER)], by="the quicker", at=after(2))
        return found

    monkeypatch.setattr(kept, "kept_scales", and_another_is_quicker)
    assert not keep_changes(engine, [pain(MILDER)], by="the slower", at=after(3))
    assert [each.by for each in entries(engine) if each.subject == "scale pain"] == ["the quicker"]
