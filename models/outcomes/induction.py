"""The induction of each course: where it begins, how far it goes, when it ends (§3.8.2)."""

import narwhals as nw

from models.outcomes.courses import Courses
from models.outcomes.engines import Frame, position, renumbered
from models.outcomes.moments import day_of
from models.outcomes.windows import INDUCTION_GAP_DAYS, PLANNED_WHEN_UNKNOWN


def inductions(assigned: Courses, as_of_day: int) -> Frame:
    """One row per course that had begun on the day asked about, with its induction walked.

    The walk starts at the first infusion and stops before a gap of more than 14 days, or when the planned
    number is reached. Adds, as moments, `d0` (first infusion), `e` (last of the walk) and `next` (the
    patient's first infusion after the walk, in this course or a later one; null if none), the counts
    `infusions` and `induction_infusions`, and `quiet_day`: the first day on which an induction short of its
    plan is no longer in progress, because 14 days have passed or the course was ended (null when the plan was
    reached).
    """
    known = assigned.infusions.filter(nw.col("day") <= as_of_day)
    planned = nw.col("planned_infusions").cast(nw.Int64).fill_null(PLANNED_WHEN_UNKNOWN)
    courses = assigned.courses.with_columns(planned=planned)
    walked = _walk(renumbered(known.join(courses.select("course_id", "planned"), on="course_id")))
    ends = walked.group_by("course_id").agg(
        nw.col("turn").min().alias("d0"),
        nw.col("induction_turn").max().alias("e"),
        nw.col("later_turn").min().alias("next_in_course"),
        nw.col("number").max().alias("infusions"),
        nw.col("in_induction").sum().alias("induction_infusions"),
    )
    first = walked.filter(nw.col("number") == 1).select("course_id", "route", d0_second="second")
    return (
        renumbered(courses.join(ends, on="course_id").join(first, on="course_id"))
        .with_columns(
            _next_course(), course_number=position(within="patient_id", by=["d0"], counting="course_id")
        )
        .with_columns(
            next=nw.coalesce("next_in_course", "next_course"),
            completed=nw.col("induction_infusions") >= nw.col("planned"),
            e_day=day_of(nw.col("e")),
        )
        .with_columns(quiet_day=_quiet_day())
    )


def _walk(infusions: Frame) -> Frame:
    """Number each infusion in its course and say whether the induction walk reaches it."""
    gap = nw.col("day") - nw.col("day").shift(1).over("course_id", order_by="turn")
    stops = (gap > INDUCTION_GAP_DAYS).fill_null(value=False).cast(nw.Int64)
    reached = (nw.col("stopped") == 0) & (nw.col("number") <= nw.col("planned"))
    return (
        infusions.with_columns(
            stops=stops, number=position(within="course_id", by=["turn"], counting="patient_id")
        )
        .with_columns(stopped=nw.col("stops").cum_sum().over("course_id", order_by="turn"))
        .with_columns(in_induction=reached.cast(nw.Int64))
        .with_columns(
            induction_turn=nw.when(nw.col("in_induction") == 1).then(nw.col("turn")),
            later_turn=nw.when(nw.col("in_induction") == 0).then(nw.col("turn")),
        )
    )


def _next_course() -> nw.Expr:
    """The first infusion of the patient's next course."""
    return nw.col("d0").shift(-1).over("patient_id", order_by="d0").alias("next_course")


def _quiet_day() -> nw.Expr:
    """The day an unfinished induction stops being in progress: ended, or 15 days after its last infusion."""
    silent = nw.col("e_day") + INDUCTION_GAP_DAYS + 1
    ended = nw.col("ended_day").cast(nw.Int64)
    first = nw.when(ended < silent).then(ended).otherwise(silent)
    return nw.when(~nw.col("completed")).then(first)
