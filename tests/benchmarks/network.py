"""A network of clinics as frames: 100,000 courses, a million PHQ-9 scores, the same for the same seed."""

from typing import Any, NamedTuple

import numpy as np
import polars as pl

FIRST_DAY = 18_000
DAYS = 2_500
AS_OF_DAY = FIRST_DAY + DAYS - 40
"""Some windows are still open, some inductions in progress."""

_DERIVED = 0.03
"""Patients whose courses are known from their infusions alone."""

_INDICATIONS = {"depression": 0.8, "bipolar_depression": 0.1, "ptsd": 0.1}

_FIRST = 0.9
"""Courses that are their patient's first; the others are a second one."""

_TIMED = 0.9
_SPARE = 1.05
"""Scores made for each one kept: a few share a moment."""


class Network(NamedTuple):
    courses: pl.DataFrame
    infusions: pl.DataFrame
    assessments: pl.DataFrame


def network(courses: int, assessments: int, seed: int = 70) -> Network:
    """One patient in nine has a second course; half the courses have six infusions, many fewer, some more."""
    dice = np.random.default_rng(seed)
    patients = int(courses * _FIRST)
    patient = np.sort(np.r_[1 : patients + 1, dice.choice(patients, courses - patients, replace=False) + 1])
    second = np.r_[False, patient[1:] == patient[:-1]]
    start = FIRST_DAY + dice.integers(0, DAYS, courses)
    start[second] = start[np.flatnonzero(second) - 1] + dice.integers(120, 700, second.sum())
    infusions = _infusions(dice, patient, start)
    scores = _assessments(dice, patient, start, int(assessments * _SPARE)).sample(assessments, seed=seed)
    scores = scores.sort("assessment_id")
    recorded = dice.random(patient.max() + 1)[patient] > _DERIVED
    trials = dice.integers(-1, 6, courses)
    course = pl.DataFrame(
        {
            "course_id": np.arange(1, courses + 1),
            "patient_id": patient,
            "started_day": start.astype("int32"),
            "indication": dice.choice([*_INDICATIONS], courses, p=[*_INDICATIONS.values()]),
            "planned_infusions": np.where(dice.random(courses) < 0.9, 6, 8).astype("int32"),
            "failed_trials_episode": trials.astype("int32"),
            "ended_day": np.where(dice.random(courses) < 0.2, start + 10, -1).astype("int32"),
        }
    ).with_columns(
        pl.col("failed_trials_episode", "ended_day").replace(-1, None),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("end_reason", "clinician", "site")),
    )
    return Network(course.filter(recorded), infusions, scores)


def _infusions(dice: Any, patient: Any, start: Any) -> pl.DataFrame:
    shares = {1: 0.05, 2: 0.06, 3: 0.06, 4: 0.07, 5: 0.06, 6: 0.5, 8: 0.1, 12: 0.1}
    many = dice.choice([*shares], len(patient), p=[*shares.values()])
    owner = np.repeat(np.arange(len(patient)), many)
    nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    day = start[owner] + np.where(nth < 6, nth * 3, 15 + (nth - 5) * 21)
    second = dice.integers(9 * 3600, 16 * 3600, len(day))
    columns = {"patient_id": patient[owner], "day": day, "second": second}
    return _timed(dice, "infusion_id", columns).with_columns(route=pl.lit("iv", dtype=pl.String))


def _assessments(dice: Any, patient: Any, start: Any, many: int) -> pl.DataFrame:
    owner = np.sort(dice.integers(0, len(patient), many))
    aims = np.array([-7, -1, 0, 0, 1, 3, 7, 10, 14, 18, 25, 35, 42, 60, 91, 120, 180, 365])
    aim = aims[dice.integers(0, len(aims), many)]
    day = start[owner] + aim + dice.integers(-3, 4, many)
    second = dice.integers(8 * 3600, 18 * 3600, many)
    severity = dice.integers(8, 27, len(patient))[owner]
    gone = np.where(aim > 0, dice.random(many) * 0.9, dice.random(many) * 0.1)
    total = np.rint(severity * (1 - gone)).astype("int32")
    timing = dice.choice(["", "before", "after"], many, p=[0.9, 0.07, 0.03])
    columns = {"patient_id": patient[owner], "day": day, "second": second, "total": total, "timing": timing}
    return _timed(dice, "assessment_id", columns).with_columns(
        pl.col("timing").replace("", None),
        scale=pl.lit("phq9", dtype=pl.String),
        recall_days=pl.lit(14, dtype=pl.Int32),
        status=pl.lit("complete", dtype=pl.String),
    )


def _timed(dice: Any, key: str, columns: dict[str, Any]) -> pl.DataFrame:
    """Rows in the order of their days, as recorded; nine in ten with a time, no two of one moment."""
    frame = pl.DataFrame(columns | {"day": columns["day"].astype("int32")})
    timed = frame.with_columns(second=pl.when(pl.Series(dice.random(len(frame))) < _TIMED).then("second"))
    different = timed.unique(["patient_id", "day", "second"], keep="first", maintain_order=True)
    recorded = different.sort("day", "second", "patient_id").with_row_index(key, offset=1)
    instant = pl.col("day").cast(pl.Int64) * 86_400 + pl.col("second")
    return recorded.with_columns(pl.col(key).cast(pl.Int64), pl.col("second").cast(pl.Int32), instant=instant)
