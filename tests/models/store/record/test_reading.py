"""The record as frames: which columns, what they hold, and what catching up adds to them."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import Engine

from models.store.record import read, write
from models.store.record.read import Record
from models.tables.columns import day_number
from models.tables.facts import ClinicFacts
from tests.support.builders import (
    BY,
    NOW,
    after,
    course_facts,
    infusion_facts,
    moment,
    patient_facts,
    phq9_facts,
    record_patient,
    score_facts,
)

FRAMES = ("patients", "courses", "infusions", "assessments")


def assert_same(seen: Record, fresh: Record) -> None:
    for name in FRAMES:
        assert_frame_equal(getattr(seen, name), getattr(fresh, name), categorical_as_str=True)


@pytest.fixture(name="patient")
def _patient(engine: Engine) -> int:
    return record_patient(
        engine, "00123", given_name='Jo "J" O\'Brien, Jr', birth_date=date(1980, 2, 3), sex="F"
    )


def test_an_empty_record_has_its_columns_already(engine: Engine) -> None:
    seen = read.record(engine)
    assert [getattr(seen, name).height for name in FRAMES] == [0, 0, 0, 0]
    assert dict(seen.assessments.schema) == {
        "assessment_id": pl.Int64,
        "row_id": pl.Int64,
        "patient_id": pl.Int64,
        "scale": pl.Categorical,
        "day": pl.Int32,
        "second": pl.Int32,
        "instant": pl.Int64,
        "timing": pl.String,
        "recall_days": pl.Int32,
        "mode": pl.String,
        "status": pl.String,
        "total": pl.Int32,
        "suicide_item": pl.Int32,
    }
    assert seen.clinic == ClinicFacts()


def test_names_with_commas_and_quotes_come_back_as_they_are(engine: Engine, patient: int) -> None:
    assert read.record(engine).patients.rows(named=True) == [
        {
            "patient_id": patient,
            "mrn": "00123",
            "given_name": 'Jo "J" O\'Brien, Jr',
            "family_name": None,
            "birth_date": date(1980, 2, 3),
            "sex": "female",
            "part2": False,
            "part2_consent_until": None,
            "also": None,
        }
    ]


@pytest.mark.parametrize(
    "mrn", ["NULL", "None", "NA", "0", "1e5", "ünïcödé 漢字", "'; DROP TABLE patient; --"]
)
def test_no_number_of_a_patient_is_guessed_to_mean_something_else(engine: Engine, mrn: str) -> None:
    record_patient(engine, mrn)
    assert read.record(engine).patients["mrn"].to_list() == [mrn]


def test_a_course_has_what_was_said_and_null_where_nothing_was(engine: Engine, patient: int) -> None:
    facts = course_facts(
        patient, date(2026, 1, 5), failed_trials_episode=3, clinician="Dr Roe", site="North, 2nd"
    )
    saved = write.record_course(engine, facts, by=BY, at=NOW)

    assert read.record(engine).courses.rows(named=True) == [
        {
            "course_id": saved.entity_id,
            "patient_id": patient,
            "started_day": day_number(date(2026, 1, 5)),
            "indication": "depression",
            "planned_infusions": None,
            "failed_trials_episode": 3,
            "failed_trials_lifetime": None,
            "clinician": "Dr Roe",
            "site": "North, 2nd",
            "ended_day": None,
            "end_reason": None,
        }
    ]


def test_days_and_seconds_are_those_of_the_clinics_zone(engine: Engine, patient: int) -> None:
    write.save_clinic(engine, ClinicFacts(time_zone="America/New_York"), by=BY, at=NOW)
    late = datetime(
        2026, 3, 9, 3, 30, tzinfo=UTC
    )  # 23:30 of the evening before, in summer time since that day
    write.record_infusion(engine, infusion_facts(patient, given_at=late), by=BY, at=NOW)
    undated = infusion_facts(patient, given_at=None, given_on=date(2026, 3, 9))
    write.record_infusion(engine, undated, by=BY, at=NOW)

    timed, dated = read.record(engine).infusions.rows(named=True)
    assert timed["day"] == day_number(date(2026, 3, 8))
    assert timed["second"] == 23 * 3600 + 30 * 60
    assert timed["instant"] == late.timestamp()
    assert (dated["day"], dated["second"], dated["instant"]) == (day_number(date(2026, 3, 9)), None, None)


def test_an_assessment_has_everything_a_rate_needs(engine: Engine, patient: int) -> None:
    facts = phq9_facts(patient, item_9=1, timing="before", mode="kiosk")
    saved = write.record_assessment(engine, facts, by=BY, at=NOW)

    (row,) = read.record(engine).assessments.rows(named=True)
    assert row == {
        "assessment_id": saved.entity_id,
        "row_id": saved.id,
        "patient_id": patient,
        "scale": "phq9",
        "day": day_number(moment(0).date()),
        "second": 9 * 3600,
        "instant": moment(0).timestamp(),
        "timing": "before",
        "recall_days": 14,
        "mode": "kiosk",
        "status": "complete",
        "total": 9,
        "suicide_item": 1,
    }


def test_catching_up_reads_what_is_new_and_nothing_else(engine: Engine, patient: int) -> None:
    write.record_assessment(engine, score_facts(patient, 20), by=BY, at=NOW)
    seen = read.record(engine)
    assert read.catch_up(engine, seen) is seen

    write.record_assessment(engine, score_facts(patient, 9, day=7), by=BY, at=after(1))
    caught_up = read.catch_up(engine, seen)
    assert caught_up.assessments["total"].to_list() == [20, 9]
    assert caught_up.patients is seen.patients
    assert caught_up.known_until == after(1)


def test_catching_up_over_everything_that_can_happen_is_reading_anew(engine: Engine, patient: int) -> None:
    scores = [
        write.record_assessment(engine, score_facts(patient, 20, day=day), by=BY, at=NOW) for day in range(4)
    ]
    course = write.record_course(engine, course_facts(patient), by=BY, at=NOW)
    seen = read.record(engine)

    write.correct_assessment(engine, scores[0].id, score_facts(patient, 3), by=BY, at=NOW, why="typo")
    write.void_assessment(engine, scores[1].id, by=BY, at=NOW, why="of another patient")
    write.record_assessment(engine, score_facts(patient, 5, day=1), by=BY, at=NOW)
    second = write.correct_assessment(
        engine, scores[2].id, score_facts(patient, 4, day=9), by=BY, at=NOW, why="-"
    )
    write.void_assessment(engine, second.id, by=BY, at=NOW, why="of another patient")
    write.correct_course(engine, course.id, course_facts(patient, site="North"), by=BY, at=NOW, why="moved")
    write.correct_patient(
        engine, patient, patient_facts("00123", given_name="Jo"), by=BY, at=NOW, why="asked"
    )
    write.record_infusion(engine, infusion_facts(patient), by=BY, at=NOW)
    write.save_clinic(engine, ClinicFacts(name="West", time_zone="Pacific/Auckland"), by=BY, at=NOW)

    caught_up = read.catch_up(engine, seen)
    assert_same(caught_up, read.record(engine))
    assert caught_up.clinic.time_zone == "Pacific/Auckland"
    assert sorted(caught_up.assessments["total"].to_list()) == [3, 5, 20]


def test_a_record_read_in_many_blocks_is_the_same_record(
    engine: Engine, patient: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(7):
        write.record_assessment(engine, score_facts(patient, day, day=day), by=BY, at=NOW)
    whole = read.record(engine)
    monkeypatch.setattr("models.store.record.frames._ROWS_AT_ONCE", 3)
    assert_same(read.record(engine), whole)


def test_catching_up_a_hundred_times_keeps_the_frames_in_few_pieces(engine: Engine) -> None:
    patient = record_patient(engine)
    seen = read.record(engine)
    for day in range(100):
        write.record_assessment(engine, score_facts(patient, 9, day=day), by=BY, at=NOW)
        seen = read.catch_up(engine, seen)
    assert seen.assessments.height == 100
    assert seen.assessments.n_chunks() <= 65


def test_the_moment_a_record_is_known_until_gives_the_same_record_for_ever(
    engine: Engine, patient: int
) -> None:
    first = write.record_assessment(engine, score_facts(patient, 20), by=BY, at=after(1))
    seen = read.record(engine)
    write.correct_assessment(
        engine, first.id, score_facts(patient, 3), by=BY, at=after(0.5), why="a slow clock"
    )

    assert_same(read.record(engine, known_at=seen.known_until), seen)


def test_before_anything_was_known_there_is_nothing(engine: Engine, patient: int) -> None:
    seen = read.record(engine, known_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert [getattr(seen, name).height for name in FRAMES] == [0, 0, 0, 0]
    assert seen.clinic == ClinicFacts()


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="time zone"):
        read.record(engine, known_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_the_last_entries_are_the_last_that_happened_and_still_stand(engine: Engine, patient: int) -> None:
    for day in (7, 0):
        write.record_infusion(engine, infusion_facts(patient, day=day, dose_mg=40.0 + day), by=BY, at=NOW)
        write.record_assessment(engine, score_facts(patient, 20 - day, day=day), by=BY, at=NOW)
    last = write.record_assessment(engine, score_facts(patient, 1, day=9), by=BY, at=NOW)
    write.void_assessment(engine, last.id, by=BY, at=NOW, why="of another patient")

    entries = read.last_entries(engine, patient)
    assert entries.infusion is not None
    assert entries.infusion["dose_mg"] == 47.0
    assert {scale: values["total"] for scale, values in entries.assessments.items()} == {"phq9": 13}
    assert read.last_entries(engine, 99) == read.LastEntries(None, {})
