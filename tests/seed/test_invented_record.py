"""The invented clinic, written into a real record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from models.scales import all_scales
from models.store.engine.database import open_engine, reading
from models.store.moves.migrate import start
from models.store.record.read import record
from seed.clinic import InventedClinic, NotEmptyError, invent, write
from seed.writing import BY
from tests.seed.frames import TODAY, as_record

PHQ9 = all_scales()["phq9"]
AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'demo.db'}")
    start(engine, at=AT - timedelta(minutes=1))
    yield engine
    engine.dispose()


def rows(engine: Engine, sql: str) -> list[tuple[object, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def test_everything_invented_is_stored_and_marked_as_a_demo(engine: Engine, clinic: InventedClinic) -> None:
    done: list[int] = []
    write(engine, clinic, AT, progress=done.append)
    for table, frame in (
        ("patient", clinic.patients),
        ("course", clinic.courses),
        ("infusion", clinic.infusions),
    ):
        assert rows(engine, f"SELECT count(*) FROM {table}") == [(len(frame),)]  # noqa: S608
    first_versions = "SELECT count(*) FROM assessment WHERE supersedes_id IS NULL"
    assert rows(engine, first_versions) == [(len(clinic.assessments),)]
    assert sum(done) == clinic.rows
    newest = "SELECT demo, time_zone FROM clinic ORDER BY id DESC LIMIT 1"
    assert rows(engine, newest) == [(1, "America/New_York")]


def test_what_stands_in_the_record_is_what_was_invented(engine: Engine, clinic: InventedClinic) -> None:
    write(engine, clinic, AT)
    stands = (
        "SELECT p.mrn, a.scale, a.total, a.suicide_item, a.status, a.recall_days FROM assessment a "
        "JOIN patient p ON p.id = a.patient_id "
        "WHERE NOT EXISTS (SELECT 1 FROM assessment n WHERE n.supersedes_id = a.id)"
    )
    numbered = clinic.assessments.join(
        clinic.patients.with_row_index("patient").cast({"patient": pl.Int64}), on="patient"
    )
    invented = numbered.select("mrn", "scale", "total", "suicide_item", "status", "recall_days").rows()
    assert sorted(rows(engine, stands), key=repr) == sorted(invented, key=repr)


def test_a_few_slips_are_corrected_and_say_why(engine: Engine, clinic: InventedClinic) -> None:
    write(engine, clinic, AT)
    corrections = rows(engine, "SELECT recorded_by, reason FROM assessment WHERE supersedes_id IS NOT NULL")
    assert len(corrections) == len(clinic.slips)
    assert {by for by, _ in corrections} == {BY}
    assert all("was typed as" in str(reason) for _, reason in corrections)


def test_every_endorsed_or_unanswered_suicide_item_has_its_alert(
    engine: Engine, clinic: InventedClinic
) -> None:
    write(engine, clinic, AT)
    asked = clinic.assessments.filter(pl.col("scale").is_in(["phq9", "madrs"]))
    endorsed = asked.filter(pl.col("suicide_item") > 0)
    unanswered = asked.filter((pl.col("scale") == "phq9") & pl.col("suicide_item").is_null())
    of_first_versions = (
        "SELECT count(*) FROM safety_alert s JOIN assessment a ON a.id = s.assessment_id "
        "WHERE a.supersedes_id IS NULL"
    )
    assert rows(engine, of_first_versions) == [(len(endorsed) + len(unanswered),)]


def test_a_record_with_patients_is_left_alone(engine: Engine) -> None:
    small = invent(3, seed=1, today=TODAY)
    write(engine, small, AT)
    settings = rows(engine, "SELECT count(*) FROM clinic")
    with pytest.raises(NotEmptyError, match="needs an empty record"):
        write(engine, small, AT)
    assert rows(engine, "SELECT count(*) FROM clinic") == settings
    assert rows(engine, "SELECT count(*) FROM patient") == [(3,)]


def test_a_row_the_record_does_not_take_stops_the_whole_clinic(engine: Engine) -> None:
    small = invent(3, seed=1, today=TODAY)
    twins = replace(small, patients=small.patients.with_columns(mrn=pl.lit("1001")))
    with pytest.raises(RuntimeError, match="could not be stored"):
        write(engine, twins, AT)
    assert rows(engine, "SELECT count(*) FROM patient") == [(0,)]


def test_the_record_answers_the_default_question_as_the_invented_frames_do(
    engine: Engine, clinic: InventedClinic
) -> None:
    write(engine, clinic, AT)
    stored, invented = (
        derive_outcomes(frames, PHQ9, TODAY) for frames in (record(engine), as_record(clinic))
    )
    question = Estimand.of(PHQ9)
    of_record, of_frames = (answer(one, question, PHQ9, Claim(), as_of=TODAY) for one in (stored, invented))
    assert (of_record.rate, of_record.counts) == (of_frames.rate, of_frames.counts)
