"""The record as one of three products: frames in, frames out, and nothing that is not named here.

Every column given is chosen by name, so that a column the record has tomorrow is in no extract until someone
puts it here. Rows are ordered by the patients' new codes, and within a patient as they happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, Self

import polars as pl

from models.exchange.deidentified.dates import Dating, dating, with_timing
from models.exchange.deidentified.people import Frames, people
from models.exchange.deidentified.request import Request
from models.exchange.deidentified.rules import rules
from models.scales import Scale, all_scales


class LeftOut(NamedTuple):
    """Assessments that are in the record and not in the extract."""

    of_suicide_scales: int
    of_own_scales: int


@dataclass(frozen=True, eq=False)
class Extract:
    """The frames of a product, as they are written; `age_at_first_dose` and `total` are texts."""

    request: Request
    patients: pl.DataFrame
    courses: pl.DataFrame
    infusions: pl.DataFrame
    assessments: pl.DataFrame
    left_out: LeftOut

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """By the name of their file."""
        return {
            "patients": self.patients,
            "courses": self.courses,
            "infusions": self.infusions,
            "assessments": self.assessments,
        }


class _Scores(NamedTuple):
    """Scales whose scores may be given, and those that are withheld because of what they ask."""

    given: Mapping[str, Scale]
    withheld: frozenset[str]

    @classmethod
    def of(cls, request: Request) -> Self:
        """The shipped scales: what a clinic calls its own is free text."""
        measure, shipped = rules().limits.suicide_measure, all_scales()
        asks = frozenset(name for name, scale in shipped.items() if scale.measures == measure)
        withheld = frozenset[str]() if request.suicide_items else asks
        return cls({name: scale for name, scale in shipped.items() if name not in withheld}, withheld)


def extract(frames: Frames, request: Request, dice: Random) -> Extract:
    """The frames of the product asked for.

    `dice` makes the codes and offsets: in earnest the operating system's (`random.SystemRandom`), and nothing
    of it is kept. Rows of patients who were withdrawn from the record are in no extract.
    """
    limits = rules().limits
    everyone = people(frames, dice, limits)
    dates = dating(request.product, limits)
    scores = _Scores.of(request)
    scale = frames.assessments["scale"].cast(pl.String)
    return Extract(
        request=request,
        patients=everyone.select("patient", "sex", "age_at_first_dose", *dates.of_patient()),
        courses=_courses(frames, everyone, dates),
        infusions=_infusions(frames, everyone, dates),
        assessments=_assessments(frames, everyone, dates, scores, suicide_items=request.suicide_items),
        left_out=LeftOut(
            of_suicide_scales=int(scale.is_in(list(scores.withheld)).sum()),
            of_own_scales=int((~scale.is_in(list(all_scales()))).sum()),
        ),
    )


def may_give(scale: Scale, request: Request) -> bool:
    """Whether scores of a scale are in the product asked for."""
    return scale.id in _Scores.of(request).given


def _courses(frames: Frames, everyone: pl.DataFrame, dates: Dating) -> pl.DataFrame:
    return _of_people(frames.courses, everyone, "started_day").select(
        "patient",
        *dates.of_day("started"),
        "indication",
        "planned_infusions",
        "failed_trials_episode",
        "failed_trials_lifetime",
        *dates.of_day("ended"),
        "end_reason",
    )


def _infusions(frames: Frames, everyone: pl.DataFrame, dates: Dating) -> pl.DataFrame:
    return _of_people(frames.infusions, everyone, "day", "second").select(
        "patient", *dates.of_moment("given"), "route", "dose_mg", "weight_kg", "minutes"
    )


def _assessments(
    frames: Frames, everyone: pl.DataFrame, dates: Dating, scores: _Scores, *, suicide_items: bool
) -> pl.DataFrame:
    given = frames.assessments.with_columns(pl.col("scale").cast(pl.String))
    given = with_timing(given.filter(pl.col("scale").is_in(list(scores.given))), frames.infusions)
    return _of_people(given, everyone, "day", "second").select(
        "patient",
        *dates.of_moment("assessed"),
        "scale",
        _in_points(scores.given).alias("total"),
        *(["suicide_item"] if suicide_items else []),
        "timing",
        "recall_days",
        "mode",
        "status",
    )


def _of_people(rows: pl.DataFrame, everyone: pl.DataFrame, *when: str) -> pl.DataFrame:
    """Rows with their patient's code, in an order that says nothing of when they were recorded."""
    joined = rows.join(everyone.select("patient_id", "patient", "first_day", "shift"), on="patient_id")
    return joined.sort("patient", *when, nulls_last=True)


def _in_points(scales: Mapping[str, Scale]) -> pl.Expr:
    """Totals as people read them: the record counts a scale's smallest steps, such as tenths."""
    written = pl.col("total").cast(pl.String)
    for scale in scales.values():
        if scale.decimals:
            points = (pl.col("total") / 10**scale.decimals).round(scale.decimals).cast(pl.String)
            written = pl.when(pl.col("scale") == scale.id).then(points).otherwise(written)
    return written
