"""Invented frames in the shape models.outcomes reads."""

from datetime import date
from types import SimpleNamespace

import polars as pl

from seed.clinic import InventedClinic
from seed.practice import ZONE

TODAY = date(2026, 11, 23)


def with_days(rows: pl.DataFrame, at: str, on: str | None = None) -> pl.DataFrame:
    """The rows with their day, second and instant by the clinic's clock, as the store reads them."""
    local = pl.col(at).dt.convert_time_zone(ZONE.key)
    day = local.dt.date() if on is None else pl.coalesce(local.dt.date(), pl.col(on))
    second = local.dt.hour().cast(pl.Int64) * 3600 + local.dt.minute().cast(pl.Int64) * 60
    return rows.with_columns(
        day=day.to_physical(), second=second, instant=pl.col(at).dt.epoch("s"), patient_id=pl.col("patient")
    )


def as_record(clinic: InventedClinic) -> SimpleNamespace:
    """The invented frames in the shape the store gives to models.outcomes."""
    return SimpleNamespace(
        courses=clinic.courses.with_row_index("course_id").with_columns(
            pl.col("course_id").cast(pl.Int64),
            patient_id=pl.col("patient"),
            started_day=pl.col("started_on").to_physical(),
            ended_day=pl.col("ended_on").to_physical(),
        ),
        infusions=with_days(clinic.infusions, "given_at")
        .with_row_index("infusion_id")
        .with_columns(pl.col("infusion_id").cast(pl.Int64)),
        assessments=with_days(clinic.assessments, "assessed_at", "assessed_on").rename(
            {"assessment": "assessment_id"}
        ),
    )
