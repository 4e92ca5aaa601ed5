"""A clinic's record in plain values, and the same record as frames of every engine."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

SECONDS_OF_DAY = 86_400


class Course(NamedTuple):
    course_id: int
    patient_id: int
    started_day: int
    indication: str | None = "depression"
    planned_infusions: int | None = None
    failed_trials_episode: int | None = 2
    ended_day: int | None = None
    end_reason: str | None = None
    clinician: str | None = None
    site: str | None = None


class Infusion(NamedTuple):
    infusion_id: int
    patient_id: int
    day: int
    second: int | None = None
    route: str | None = "iv"

    @property
    def instant(self) -> int | None:
        return None if self.second is None else self.day * SECONDS_OF_DAY + self.second


class Assessment(NamedTuple):
    assessment_id: int
    patient_id: int
    day: int
    total: int | None
    second: int | None = None
    timing: str | None = None
    recall_days: int = 14
    scale: str = "phq9"
    status: str = "complete"

    @property
    def instant(self) -> int | None:
        return None if self.second is None else self.day * SECONDS_OF_DAY + self.second


class Record(NamedTuple):
    """Rows of a clinic whose time zone is UTC."""

    courses: Sequence[Course]
    infusions: Sequence[Infusion]
    assessments: Sequence[Assessment]


class Frames(NamedTuple):
    courses: Any
    infusions: Any
    assessments: Any


_COURSES = {
    "course_id": pl.Int64,
    "patient_id": pl.Int64,
    "started_day": pl.Int32,
    "indication": pl.String,
    "planned_infusions": pl.Int32,
    "failed_trials_episode": pl.Int32,
    "ended_day": pl.Int32,
    "end_reason": pl.String,
    "clinician": pl.String,
    "site": pl.String,
}
_INFUSIONS = {
    "infusion_id": pl.Int64,
    "patient_id": pl.Int64,
    "day": pl.Int32,
    "second": pl.Int32,
    "instant": pl.Int64,
    "route": pl.String,
}
_ASSESSMENTS = {
    "assessment_id": pl.Int64,
    "patient_id": pl.Int64,
    "scale": pl.String,
    "day": pl.Int32,
    "second": pl.Int32,
    "instant": pl.Int64,
    "timing": pl.String,
    "recall_days": pl.Int32,
    "status": pl.String,
    "total": pl.Int32,
}

_NULLABLE = {
    pa.int64(): pd.Int64Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(),
    pa.large_string(): pd.StringDtype(),
}

Engine = Callable[[pl.DataFrame], Any]


def duckdb_engine() -> Engine:
    """Relations of one connection."""
    connection = duckdb.connect()
    return lambda frame: connection.from_arrow(frame.to_arrow())


def polars_engine() -> Engine:
    """Polars itself."""
    return lambda frame: frame


ENGINES: dict[str, Callable[[], Engine]] = {
    "polars": polars_engine,
    "polars lazy": lambda: lambda frame: frame.lazy(),
    "pandas nullable": lambda: lambda frame: frame.to_arrow().to_pandas(types_mapper=_NULLABLE.get),
    "pandas arrow": lambda: lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
    "duckdb": duckdb_engine,
}


def frames(record: Record, engine: Engine | None = None) -> Frames:
    """The record as frames of an engine (Polars unless said otherwise), with the columns the store reads."""
    engine = engine or polars_engine()
    return Frames(
        engine(_table(record.courses, _COURSES)),
        engine(_table(record.infusions, _INFUSIONS)),
        engine(_table(record.assessments, _ASSESSMENTS)),
    )


def plain_rows(frame: Any) -> list[dict[str, Any]]:
    """A frame of any engine as rows of Python values."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    elif isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.pl()
    elif isinstance(frame, pd.DataFrame):
        frame = pl.from_arrow(pa.Table.from_pandas(frame, preserve_index=False))
    return frame.rows(named=True)


def _table(rows: Sequence[Any], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{name: getattr(row, name) for name in schema} for row in rows], schema=schema)
