"""The alerts that are somebody's last word, worked out from the answers as they stand.

The store wrote each alert with its answer; the same rule (`alert_level`) on the frame says the same, without
asking the database about every alert there ever was whenever one more score is saved.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from dashboard.patients import Person, day_of
from models.scales import Scale
from models.scales.safety import alert_level
from models.scales.scale import HIGHEST_TOTAL
from models.store.record.read import Record

MOST_LISTED: Final = 30
SECONDS_A_DAY: Final = 86_400
LEFT_OUT: Final = HIGHEST_TOTAL + 1
CODES: Final = LEFT_OUT + 1
"""An answer that raises an alert is its own code; one left out has a higher one, every other has 0."""


class OpenAlert(NamedTuple):
    """A last answer that raised an alert: whose, on which scale, on which day."""

    person: Person
    scale: str
    answer: int | None
    """`None` where it was left out."""
    day: date


class OpenAlerts(NamedTuple):
    """The day of each, and the newest themselves."""

    days: tuple[date, ...]
    newest: tuple[OpenAlert, ...]

    def since(self, day: date) -> int:
        """How many answers are of that day or later."""
        return sum(each >= day for each in self.days)


def open_alerts(record: Record, scales: Iterable[Scale]) -> OpenAlerts:
    """The alerts of last answers: a later answer on the same scale takes an earlier one's place.

    Totals without an answer to the suicide item say nothing, and take nothing's place. Where one of a day has
    no time, nobody knows which of that day came last: the one that asks for most stands.
    """
    # One number holds when and what: the greatest of each patient is the last answer, in one pass.
    day = pl.col("day").cast(pl.Int64)
    moment = day * SECONDS_A_DAY + pl.col("second").fill_null(0)
    last_day = pl.col("highest") // CODES
    standing = pl.when(pl.col("untimed") == last_day).then("highest").otherwise("packed")
    asking = {scale.id: scale for scale in scales if scale.suicide_item}
    last = (
        pl.concat([_answers(record.assessments, scale) for scale in asking.values()])
        .group_by("patient_id", "scale")
        .agg(
            packed=(moment * CODES + pl.col("code")).max(),
            highest=(day * CODES + pl.col("code")).max(),
            untimed=pl.when(pl.col("second").is_null()).then(day).max(),
        )
        .with_columns(code=standing % CODES, moment=pl.col("packed") // CODES)
        .filter(pl.col("code") > 0)
        .sort("moment", "patient_id", descending=True)
    )
    newest = last.head(MOST_LISTED).join(record.patients, on="patient_id", maintain_order="left")
    return OpenAlerts(
        tuple(day_of(each // SECONDS_A_DAY) for each in last["moment"]),
        tuple(_alert(row, asking[row["scale"]]) for row in newest.iter_rows(named=True)),
    )


def _answers(assessments: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    """Every answer to the suicide item of a scale, also one left out, with its code."""
    asked = pl.col("status") != "total_only"
    mine = (pl.col("scale") == scale.id) & (asked | pl.col("suicide_item").is_not_null())
    codes = {answer: _code(scale, answer) for answer in _possible(scale)}
    code = pl.col("suicide_item").replace_strict(codes, default=0, return_dtype=pl.Int64)
    return assessments.filter(mine).select("patient_id", "day", "second", scale=pl.lit(scale.id), code=code)


def _possible(scale: Scale) -> list[int | None]:
    item = scale.suicide_item
    return [None, *range(item.low, item.high + 1)] if item else []


def _code(scale: Scale, answer: int | None) -> int:
    if alert_level(scale, answer, asked=True) is None:
        return 0
    return LEFT_OUT if answer is None else answer


def _alert(row: dict[str, Any], scale: Scale) -> OpenAlert:
    person = Person(*(row[field] for field in Person._fields))
    answer = None if row["code"] == LEFT_OUT else row["code"]
    return OpenAlert(person, scale.id, answer, day_of(row["moment"] // SECONDS_A_DAY))
