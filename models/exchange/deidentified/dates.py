"""What becomes of days and times of day in each product."""

from collections.abc import Iterator
from typing import Protocol

import polars as pl

from models.exchange.deidentified.rules import Limits, Product


class Dating(Protocol):
    """Turns the record's days (since 1970) into a product's columns, by `first_day` or `shift` beside."""

    def of_patient(self) -> Iterator[pl.Expr]:
        """What is said once of each patient."""

    def of_day(self, event: str) -> Iterator[pl.Expr]:
        """The column for `<event>_day`."""

    def of_moment(self, event: str) -> Iterator[pl.Expr]:
        """The columns for `day` and `second`, when something happened."""


def dating(product: Product, limits: Limits) -> Dating:
    """The dates of a product."""
    match product:
        case Product.SAFE_HARBOR:
            return _Intervals(limits.furthest_day)
        case Product.SHIFTED:
            return _Shifted()
        case Product.LIMITED:
            return _Real()


def with_timing(assessments: pl.DataFrame, infusions: pl.DataFrame) -> pl.DataFrame:
    """Assessments whose `timing` says what only the times of day did: before or after the day's infusion.

    What was stated stands; an equal second is before, as for every rate. Of several infusions on one day the
    first is meant.
    """
    first = infusions.group_by("patient_id", "day").agg(
        pl.when(pl.col("instant").is_not_null().all()).then(pl.col("instant").min()).alias("given_at")
    )
    after = pl.col("instant") > pl.col("given_at")
    told = pl.when(after).then(pl.lit("after")).when(~after).then(pl.lit("before"))
    timed = assessments.join(first, on=["patient_id", "day"], how="left", maintain_order="left")
    return timed.with_columns(pl.coalesce("timing", told).alias("timing")).drop("given_at")


class _Intervals:
    """The year of the first dose, once; else days since it.

    A year beside every event would date the first dose to the day for whoever is treated over New Year.
    """

    def __init__(self, furthest: int) -> None:
        self._furthest = furthest

    def of_patient(self) -> Iterator[pl.Expr]:
        yield pl.col("first_day").cast(pl.Date).dt.year().alias("year_of_first_dose")

    def of_day(self, event: str) -> Iterator[pl.Expr]:
        yield self._since(f"{event}_day").alias(f"{event}_day_since_first_dose")

    def of_moment(self, event: str) -> Iterator[pl.Expr]:  # noqa: ARG002 - one event a row needs no name
        yield self._since("day").alias("day_since_first_dose")

    def _since(self, day: str) -> pl.Expr:
        return (pl.col(day) - pl.col("first_day")).clip(-self._furthest, self._furthest)


class _Real:
    """The day as it was, and the time of day where it is known."""

    def of_patient(self) -> Iterator[pl.Expr]:
        yield from ()

    def of_day(self, event: str) -> Iterator[pl.Expr]:
        yield _date(pl.col(f"{event}_day")).alias(f"{event}_on")

    def of_moment(self, event: str) -> Iterator[pl.Expr]:
        yield _date(pl.col("day")).alias(f"{event}_on")
        time = pl.from_epoch(pl.col("second"), "s").dt.time()
        yield time.alias(f"{event}_time")


class _Shifted:
    """The day moved by the patient's offset; a time of day would betray the day to who knows it."""

    def of_patient(self) -> Iterator[pl.Expr]:
        yield from ()

    def of_day(self, event: str) -> Iterator[pl.Expr]:
        yield _date(pl.col(f"{event}_day") + pl.col("shift")).alias(f"{event}_on")

    def of_moment(self, event: str) -> Iterator[pl.Expr]:
        yield _date(pl.col("day") + pl.col("shift")).alias(f"{event}_on")


def _date(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Date)
