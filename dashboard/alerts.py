"""Alerts beside the people and the days they are about."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from dashboard.patients import Person, day_of
from models.scales.safety import AlertLevel
from models.store import history
from models.store.read import Record

MOST_LISTED: Final = 30


class OpenAlert(NamedTuple):
    """An answer that stands and raised an alert: whose, on which scale, on which day."""

    row_id: int
    person: Person
    scale: str
    level: AlertLevel
    day: date


class OpenAlerts(NamedTuple):
    """The day of each, and the newest themselves."""

    days: tuple[date, ...]
    newest: tuple[OpenAlert, ...]

    def since(self, day: date) -> int:
        """How many answers are of that day or later."""
        return sum(each >= day for each in self.days)


def open_alerts(record: Record, alerts: Iterable[history.OpenAlert]) -> OpenAlerts:
    """The alerts that are somebody's last word on a scale: a later answer there takes an earlier one's place.

    Totals without an answer to the suicide item say nothing, and take nothing's place.
    """
    levels = {alert.assessment_id: alert.level for alert in alerts}
    raised = pl.col("row_id").is_in(pl.Series(list(levels), dtype=pl.Int64).implode())
    asked = record.assessments.filter(raised | pl.col("suicide_item").is_not_null())
    in_time = asked.sort("day", "second", "row_id", nulls_last=False)
    last = in_time.unique(["patient_id", "scale"], keep="last", maintain_order=True).filter(raised)
    shown = last.tail(MOST_LISTED).reverse().join(record.patients, on="patient_id", maintain_order="left")
    newest = [
        OpenAlert(
            row["row_id"],
            Person(*(row[field] for field in Person._fields)),
            row["scale"],
            levels[row["row_id"]],
            day_of(row["day"]),
        )
        for row in shown.iter_rows(named=True)
    ]
    return OpenAlerts(tuple(day_of(day) for day in last["day"]), tuple(newest))
