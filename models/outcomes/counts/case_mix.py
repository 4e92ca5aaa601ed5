"""Who was counted: the mix of patients beside a rate, each group with its own rate and interval.

A rate of milder, younger or less treated people is another rate. Groups are shown, never adjusted for: with
so few courses a model would say more than it knows (clinical specification §5.10).
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import narwhals as nw
import numpy as np

from models.outcomes.counts.counting import at_window, count, read_by_counts
from models.outcomes.counts.population import is_counted, standing
from models.outcomes.derivation.engines import Frame, in_polars, opened, rows_of
from models.outcomes.proportions.rates import Rate, wilson
from models.outcomes.question.estimand import Estimand
from models.scales import Scale

UNKNOWN: Final = "unknown"
AGES: Final = {"under 30": (0, 29), "30–44": (30, 44), "45–59": (45, 59), "60 or more": (60, 150)}
TRIALS: Final = {"0–1": (0, 1), "2": (2, 2), "3–4": (3, 4), "5 or more": (5, 1_000)}
NUMBERS: Final = {"baseline": "baseline", "age": "years", "failed_trials": "failed_trials_episode"}
"""What of a course is a number, and the column it stands in."""


class Group(NamedTuple):
    """One group of those counted: what divides it from the others, its name, and its rate."""

    facet: str
    label: str
    rate: Rate


class Quartiles(NamedTuple):
    """A number of those counted: the median, and the quartiles beneath and above it, of the `known`.

    A baseline is as people read it, 54.9 on a T-score. All three are `None` where nobody's is known.
    """

    number: str
    low: float | None
    median: float | None
    high: float | None
    known: int
    unknown: int


def case_mix(outcomes: Any, courses: Any, patients: Any, estimand: Estimand, scale: Scale) -> list[Group]:
    """The groups of a question's courses by severity at baseline, failed trials, age, route and indication.

    `outcomes` is the derived frame; `courses` and `patients` are the record's, of the same engine. Those of
    one facet add up to everybody counted; groups with nobody are left out.
    """
    known = _described(outcomes, courses, patients, estimand).with_columns(
        severity=_banded("baseline", [(band.low, band.high) for band in scale.bands]),
        trials=_banded("failed_trials_episode", TRIALS.values()),
        age=_banded("years", AGES.values()),
        route_given=nw.col("route").cast(nw.String).fill_null(""),
        treated_for=nw.col("indication").cast(nw.String).fill_null(""),
    )
    columns = {
        "severity": [band.name for band in scale.bands],
        "trials": [*TRIALS],
        "age": [*AGES],
        "route_given": None,
        "treated_for": None,
    }
    return [
        group for facet, labels in columns.items() for group in _groups(known, facet, labels, estimand, scale)
    ]


def quartiles(
    outcomes: Any, courses: Any, patients: Any, estimand: Estimand, scale: Scale
) -> list[Quartiles]:
    """Baseline, age in whole years at the first infusion, and failed trials of those a question counts.

    Frames as `case_mix` takes them. Quartiles lie between two values by the linear rule (R's type 7).
    """
    described = _described(outcomes, courses, patients, estimand)
    counted = described.with_columns(standing=standing(estimand, scale)).filter(is_counted(estimand))
    steps = {"baseline": 10**scale.decimals}
    return [_quartiles(counted, number, column, steps.get(number, 1)) for number, column in NUMBERS.items()]


def _described(outcomes: Any, courses: Any, patients: Any, estimand: Estimand) -> Frame:
    """The courses at the question's window with their failed trials and whole years of age.

    The frames are joined where they are; engines do not agree on how a day becomes a date, Polars does it.
    """
    trials = opened(courses).select("course_id", "failed_trials_episode")
    births = opened(patients).select("patient_id", "birth_date")
    joined = (
        opened(outcomes).join(trials, on="course_id", how="left").join(births, on="patient_id", how="left")
    )
    known = in_polars(joined, [*read_by_counts(), "failed_trials_episode", "birth_date"])
    began, born = (_calendar(nw.col(name).cast(nw.Date)) for name in ("d0_day", "birth_date"))
    return at_window(known.with_columns(years=(began - born) // 10_000), estimand.window, estimand)


def _groups(
    courses: Any, facet: str, labels: list[str] | None, estimand: Estimand, scale: Scale
) -> Iterator[Group]:
    found = count(courses, estimand, scale, [estimand.outcome], by=[facet])
    for (value,), counted in sorted(found.items(), key=lambda item: (item[0][0] in (-1, ""), item[0])):
        numerator, denominator = counted.tallies[estimand.outcome].fraction(
            estimand.missing, estimand.outcome
        )
        if denominator:
            yield Group(facet, _label(value, labels), wilson(numerator, denominator))


def _label(value: int | str, labels: list[str] | None) -> str:
    if labels is None:
        return str(value) or UNKNOWN
    return labels[int(value)] if int(value) >= 0 else UNKNOWN


def _calendar(day: nw.Expr) -> nw.Expr:
    """A date as one number, 20260131: of two, the difference begins with the whole years between them."""
    return day.dt.year().cast(nw.Int64) * 10_000 + day.dt.month().cast(nw.Int64) * 100 + day.dt.day()


def _quartiles(counted: Frame, number: str, column: str, steps: int) -> Quartiles:
    alike = rows_of(counted.group_by(column).agg(courses=nw.len()))
    values = {int(row[column]): int(row["courses"]) for row in alike if row[column] is not None}
    known, everybody = sum(values.values()), sum(int(row["courses"]) for row in alike)
    if not known:
        return Quartiles(number, None, None, None, 0, everybody)
    each = np.repeat([*values], [*values.values()])
    low, median, high = (float(value) / steps for value in np.quantile(each, (0.25, 0.5, 0.75)))
    return Quartiles(number, low, median, high, known, everybody - known)


def _banded(column: str, bands: Any) -> nw.Expr:
    """The place of the band a value lies in, −1 where it is unknown or in none."""
    place: nw.Expr = nw.lit(-1)
    for number, (low, high) in reversed(list(enumerate(bands))):
        inside = (nw.col(column) >= low) & (nw.col(column) < high + 1)
        place = nw.when(inside.fill_null(value=False)).then(nw.lit(number)).otherwise(place)
    return place
