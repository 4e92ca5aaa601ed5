"""The record as one of three products: frames in, frames out, and nothing that is not named here.

Every column given is chosen by name, so that a column the record has tomorrow is in no extract until someone
puts it here. Rows are ordered by the patients' new codes, and within a patient as they happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import polars as pl

from models.exchange.deidentified.dates import Dating, dating, with_timing
from models.exchange.deidentified.people import Frames, people
from models.exchange.deidentified.request import Request
from models.exchange.deidentified.rules import rules
from models.exchange.deidentified.scores import LeftOut, given_scores, in_points
from models.exchange.leaving.part2 import Permitted


@dataclass(frozen=True, eq=False)
class Extract:
    """The frames of a product, as they are written; `age_at_first_dose` and `total` are texts.

    `without_consent` is how many patients under 42 CFR Part 2 are not in it, `consenting` how many are.
    """

    request: Request
    patients: pl.DataFrame
    courses: pl.DataFrame
    infusions: pl.DataFrame
    assessments: pl.DataFrame
    left_out: LeftOut
    without_consent: int
    consenting: int

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """By the name of their file."""
        return {
            "patients": self.patients,
            "courses": self.courses,
            "infusions": self.infusions,
            "assessments": self.assessments,
        }


def extract(permitted: Permitted, request: Request, dice: Random) -> Extract:
    """The frames of the product asked for, of what may leave on the day it is made.

    `dice` makes the codes and offsets: in earnest the operating system's (`random.SystemRandom`), and nothing
    of it is kept. Rows of patients who were withdrawn from the record are in no extract.
    """
    limits, frames = rules().limits, permitted.record
    everyone = people(frames, dice, limits)
    dates = dating(request.product, limits)
    scores, left_out = given_scores(frames.assessments, request)
    timed = with_timing(scores, frames.infusions)
    return Extract(
        request=request,
        patients=everyone.select("patient", "sex", "age_at_first_dose", *dates.of_patient()),
        courses=_courses(frames, everyone, dates),
        infusions=_infusions(frames, everyone, dates),
        assessments=_assessments(timed, everyone, dates, suicide_items=request.suicide_items),
        left_out=left_out,
        without_consent=permitted.left_out,
        consenting=permitted.consenting,
    )


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
    scores: pl.DataFrame, everyone: pl.DataFrame, dates: Dating, *, suicide_items: bool
) -> pl.DataFrame:
    return _of_people(scores, everyone, "day", "second", "scale").select(
        "patient",
        *dates.of_moment("assessed"),
        "scale",
        in_points().alias("total"),
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
