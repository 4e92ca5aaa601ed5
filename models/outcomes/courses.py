"""Which course an infusion belongs to (clinical specification §3.8.1): computed, never stored.

The answer depends on nothing but the infusions and the recorded courses of the same patient: not on the order
of rows or files, and not on the day the question is asked.
"""

from typing import Any, Final, NamedTuple

import narwhals as nw

from models.outcomes.engines import Frame, as_given, opened, position, renumbered
from models.outcomes.moments import moment, place
from models.outcomes.vocabulary import Indication
from models.outcomes.windows import COURSE_GAP_DAYS

INDICATION_WHEN_UNKNOWN: Final = str(Indication.DEPRESSION)


class Courses(NamedTuple):
    """Courses with those derived from infusions alone, and infusions with their course and their number."""

    courses: Any
    infusions: Any


def assign_courses(courses: Any, infusions: Any) -> Courses:
    """Give every infusion its `course_id` and its `number` in the course, and every course its number.

    Recorded courses: an infusion belongs to the latest course of its patient that started on or before its
    date. Infusions before every recorded course, and those of patients without one, open courses of their
    own: the first one, and each one more than 90 days after the one before it. A derived course is treated
    as a recorded one with nothing but its patient and its start filled in, for depression; its `course_id`
    is minus the id of the infusion that opened it.

    `course_number` counts a patient's courses that have an infusion, by their first; it is null for a course
    without one. Frames come back in the engine they came in, lazy if they were.
    """
    assigned = assign(opened(courses), opened(infusions))
    number = position(within="course_id", by=["turn"], counting="patient_id")
    numbered = assigned.infusions.with_columns(number=number).drop("turn")
    all_courses = assigned.courses.join(course_numbers(assigned.infusions), on="course_id", how="left")
    return Courses(as_given(all_courses, like=courses), as_given(numbered, like=infusions))


def assign(courses: Frame, infusions: Frame) -> Courses:
    """The same on lazy frames, without the numbers: infusions carry `course_id` and their moment, `turn`."""
    timed = infusions.with_columns(turn=moment(place()))
    spanned = timed.join(_spans(courses), on="patient_id", how="left")
    inside = spanned.filter(
        nw.col("started_day") <= nw.col("day"),
        nw.col("next_started_day").is_null() | (nw.col("day") < nw.col("next_started_day")),
    )
    outside = spanned.filter(
        nw.col("course_id").is_null()
        | ((nw.col("day") < nw.col("started_day")) & (nw.col("recorded_number") == 1))
    )
    columns = [*timed.collect_schema().names(), "course_id"]
    derived = _derive(renumbered(outside.drop("course_id")))
    belonging = nw.concat([inside.select(columns), derived.select(columns)])
    openings = derived.filter(nw.col("opens")).select(
        "course_id", "patient_id", started_day=nw.col("day").cast(nw.Int32)
    )
    every = nw.concat([courses, openings], how="diagonal")
    return Courses(every.with_columns(nw.col("indication").fill_null(INDICATION_WHEN_UNKNOWN)), belonging)


def course_numbers(infusions: Frame) -> Frame:
    """The number of each course among its patient's, by their first infusions."""
    firsts = infusions.group_by("course_id", "patient_id").agg(nw.col("turn").min())
    number = position(within="patient_id", by=["turn"], counting="course_id")
    return firsts.with_columns(course_number=number).select("course_id", "course_number")


def _spans(courses: Frame) -> Frame:
    """Each recorded course with the start of the patient's next one."""
    return courses.select("course_id", "patient_id", "started_day").with_columns(
        next_started_day=nw.col("started_day").shift(-1).over("patient_id", order_by="started_day"),
        recorded_number=position(within="patient_id", by=["started_day"], counting="course_id"),
    )


def _derive(infusions: Frame) -> Frame:
    """Courses where none is recorded: a gap of more than 90 days starts a new one."""
    gap = nw.col("day") - nw.col("day").shift(1).over("patient_id", order_by="turn")
    opens = (gap > COURSE_GAP_DAYS).fill_null(value=True)
    opener = nw.when(nw.col("opens")).then(nw.col("infusion_id"))
    return (
        infusions.with_columns(opens=opens)
        .with_columns(
            opener=opener,
            run=nw.col("opens").cast(nw.Int64).cum_sum().over("patient_id", order_by="turn"),
        )
        .with_columns(course_id=-nw.col("opener").max().over("patient_id", "run"))
    )
