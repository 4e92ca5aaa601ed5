"""From the record to one row per course: the frame every rate is counted from."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Protocol

import narwhals as nw

from models.outcomes.derivation.baseline import baseline_columns, baseline_key
from models.outcomes.derivation.checks import refuse_unpackable
from models.outcomes.derivation.chosen import window_columns
from models.outcomes.derivation.endpoints import (
    carried_key_of,
    carried_name,
    endpoint_key,
    key_name,
    shared_keys,
)
from models.outcomes.derivation.engines import Frame, as_given, eagerly, opened
from models.outcomes.derivation.induction import inductions
from models.outcomes.derivation.moments import day_of
from models.outcomes.derivation.scores import scores_beside_courses
from models.outcomes.question.windows import FAILED_TRIALS_OF_RESISTANCE, WINDOWS, Window
from models.scales import Scale

EPOCH: Final = date(1970, 1, 1)


class Frames(Protocol):
    """What is recorded, as frames of one engine: the store's `Record` is one."""

    @property
    def courses(self) -> Any:
        """One row per recorded course."""

    @property
    def infusions(self) -> Any:
        """One row per infusion."""

    @property
    def assessments(self) -> Any:
        """One row per assessment, of every scale."""


def derive_outcomes(frames: Frames, scale: Scale, as_of: date) -> Any:
    """One row per course begun on or before `as_of`, with its baseline and its endpoint in every window.

    Rows dated after `as_of` do not exist for the question. The result is a frame of the engine the
    assessments came in, lazy if they were:

    * the course: `course_id`, `patient_id`, `course_number`, `d0_day`, `d0_second`, `route` (of the first
      infusion), `indication`, `planned`, `clinician`, `site`, `ended_day`, `end_reason`;
    * its infusions: `infusions`, `induction_infusions`, `completed` (the induction reached its plan), `e_day`
      (last of the induction), `next_day` (the infusion after it), `in_progress`;
    * `resistance`: `resistant` (at least 2 failed trials in the episode), `not_resistant` or `unknown`;
    * `baseline`, `baseline_id`, `baseline_day`;
    * per window `w`: `w_endpoint`, `w_id` (null without a score), `w_carried` (the score a
      last-carried strategy would use), `w_closes_day` (first day on which the window is no longer pending; if
      the induction is in progress, the earliest such day), `w_pending`, and whether the endpoint or the
      carried score asks about days before treatment (`w_overlaps`, `w_carried_overlaps`) or about another
      span of days than the baseline (`w_recall_differs`, `w_carried_recall_differs`).

    Days count from 1 January 1970 in the clinic's time zone. Raises `FrameError` for frames whose numbers do
    not fit the packing (`packing.py`).
    """
    refuse_unpackable(frames)
    as_of_day = day_number(as_of)
    courses = inductions(eagerly(frames.courses), eagerly(frames.infusions), as_of_day)
    courses = opened(courses.to_native())
    scores = scores_beside_courses(opened(frames.assessments), courses, scale, as_of_day)
    chosen = courses.join(_choose(scores), on="course_id", how="left")
    derived = (
        chosen.with_columns(next_day=day_of(nw.col("next")))
        .with_columns(baseline_columns())
        .with_columns(_course_columns(as_of_day))
        .with_columns([column for window in WINDOWS.values() for column in window_columns(window, scale)])
        .with_columns([_closes_day(window) for window in WINDOWS.values()])
        .with_columns([_pending(window, as_of_day) for window in WINDOWS.values()])
        .select(*COURSE_COLUMNS, *(f"{name}_{fact}" for name in WINDOWS for fact in WINDOW_FACTS))
    )
    return as_given(derived, like=frames.assessments)


def day_number(day: date) -> int:
    """Days since 1 January 1970."""
    return (day - EPOCH).days


COURSE_COLUMNS: Final = (
    "course_id",
    "patient_id",
    "course_number",
    "d0_day",
    "d0_second",
    "route",
    "indication",
    "planned",
    "infusions",
    "induction_infusions",
    "completed",
    "e_day",
    "next_day",
    "in_progress",
    "resistance",
    "clinician",
    "site",
    "ended_day",
    "end_reason",
    "baseline",
    "baseline_id",
    "baseline_day",
)

WINDOW_FACTS: Final = (
    "endpoint",
    "id",
    "carried",
    "closes_day",
    "pending",
    "overlaps",
    "recall_differs",
    "carried_overlaps",
    "carried_recall_differs",
)


def _choose(scores: Frame) -> Frame:
    """The preferred score of every course for every purpose, in one `group_by`."""
    windows = WINDOWS.values()
    keyed = scores.with_columns(baseline_key(), *shared_keys())
    keyed = keyed.with_columns(*map(endpoint_key, windows), *map(carried_key_of, windows))
    return keyed.group_by("course_id").agg(
        nw.col("baseline_key").max(),
        *(nw.col(key_name(window)).min() for window in windows),
        *(nw.col(carried_name(window)).max() for window in windows),
    )


def _course_columns(as_of_day: int) -> Iterator[nw.Expr]:
    trials = nw.col("failed_trials_episode")
    known = nw.when(trials >= FAILED_TRIALS_OF_RESISTANCE).then(nw.lit("resistant"))
    resistance = (
        nw.when(trials.is_null()).then(nw.lit("unknown")).otherwise(known.otherwise(nw.lit("not_resistant")))
    )
    yield resistance.alias("resistance")
    yield (~nw.col("quiet_day").is_null() & (nw.col("quiet_day") > as_of_day)).alias("in_progress")


def _closes_day(window: Window) -> nw.Expr:
    """The first day on which the window is no longer pending (§3.8.8).

    The last day of a window closes it, even though a score of that day still counts. A window counted from
    the induction also waits until the induction is over.
    """
    if not window.from_induction:
        return (nw.col("d0_day") + window.last).alias(f"{window.name}_closes_day")
    end, quiet = nw.col("e_day") + window.last, nw.col("quiet_day")
    return nw.when(quiet > end).then(quiet).otherwise(end).alias(f"{window.name}_closes_day")


def _pending(window: Window, as_of_day: int) -> nw.Expr:
    return (nw.col(f"{window.name}_closes_day") > as_of_day).alias(f"{window.name}_pending")
