"""Which course an infusion belongs to (clinical specification §3.8.1): computed, never stored.

The answer depends on nothing but the infusions and the recorded courses of the same patient: not on the order
of rows or files, and not on the day the question is asked.
"""

from typing import Any, Final, NamedTuple

import narwhals as nw

from models.outcomes.derivation.engines import Frame, InOrder, as_given, eagerly, in_order
from models.outcomes.derivation.moments import MOMENTS, PLACES, day_of, moment, place
from models.outcomes.question.vocabulary import Indication
from models.outcomes.question.windows import COURSE_GAP_DAYS, PLANNED_WHEN_UNKNOWN

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
    recorded, given = eagerly(courses), eagerly(infusions)
    assigned = assign(recorded, given)
    found = assigned.rows.filter(nw.col("number") == 1)
    numbers = found.select("course_id", "course_number")
    opened = found.filter(nw.col("course_id") < 0).select(
        "course_id", "patient_id", started_day=nw.col("day").cast(nw.Int32)
    )
    every = nw.concat([recorded, opened], how="diagonal").join(numbers, on="course_id", how="left")
    every = every.with_columns(nw.col("indication").fill_null(INDICATION_WHEN_UNKNOWN))
    belonging = given.join(assigned.rows.select("infusion_id", "course_id", "number"), on="infusion_id")
    return Courses(as_given(every, like=courses), as_given(belonging, like=infusions))


def assign(courses: Frame, infusions: Frame) -> InOrder:
    """Every infusion in the order of patients and time, with its course.

    Adds `course_id`, `planned` (infusions of the course), `turn` (its moment), `number` in the course,
    `course_number` among the patient's, whether it is the first of its patient and of its course
    (`new_patient`, `new_course`), and the days since the row before (`gap`, of the same patient or not).

    Recorded starts and infusions are put on one time line. The latest start of the patient says whose an
    infusion is; where there is none, the infusions open courses by themselves.
    """
    events = in_order(_events(courses, infusions), "key")
    starting = nw.when(nw.col("infusion_id").is_null()).then(nw.col("patient_id"))
    told = events.with_columns(
        start_patient=events.last_known(starting),
        start_course=events.last_known(nw.col("start_course")),
        start_planned=events.last_known(nw.col("start_planned")),
        day=day_of(nw.col("turn")),
    )
    given = told.filter(~nw.col("infusion_id").is_null())
    mine = nw.col("start_patient") == nw.col("patient_id")
    placed = given.with_columns(
        owner=nw.when(mine).then(nw.col("start_course")),
        planned=nw.when(mine).then(nw.col("start_planned")).fill_null(PLANNED_WHEN_UNKNOWN),
        new_patient=(nw.col("patient_id") != given.look(nw.col("patient_id").shift(1))).fill_null(value=True),
        gap=nw.col("day") - given.look(nw.col("day").shift(1)),
    )
    opens = nw.col("owner").is_null() & (nw.col("new_patient") | (nw.col("gap") > COURSE_GAP_DAYS))
    opener = placed.last_known(nw.when(opens).then(-nw.col("infusion_id")))
    owned = placed.with_columns(opener=opener).with_columns(course_id=nw.coalesce("owner", "opener"))
    another = (nw.col("course_id") != owned.look(nw.col("course_id").shift(1))).fill_null(value=True)
    return _numbered(owned.with_columns(new_course=nw.col("new_patient") | another))


def _events(courses: Frame, infusions: Frame) -> Frame:
    """Recorded starts and infusions on one time line; a start comes before the infusions of its day."""
    starts = courses.select(
        "patient_id",
        turn=nw.col("started_day").cast(nw.Int64) * PLACES,
        start_course=nw.col("course_id"),
        start_planned=nw.col("planned_infusions").cast(nw.Int64).fill_null(PLANNED_WHEN_UNKNOWN),
    )
    given = infusions.select("patient_id", "infusion_id", "second", "route", turn=moment(place()))
    patient, turn = nw.col("patient_id").cast(nw.Int64) * (2 * MOMENTS), nw.col("turn") * 2
    return nw.concat(
        [starts.with_columns(key=patient + turn), given.with_columns(key=patient + turn + 1)], how="diagonal"
    )


def _numbered(infusions: InOrder) -> InOrder:
    """Count infusions in their course and courses in their patient."""
    counted = infusions.with_columns(
        position=infusions.look(nw.col("key").cum_count()).cast(nw.Int64),
        courses_so_far=infusions.look(nw.col("new_course").cast(nw.Int64).cum_sum()),
    )
    return counted.with_columns(
        number=nw.col("position") - counted.since("new_course", "position") + 1,
        course_number=nw.col("courses_so_far") - counted.since("new_patient", "courses_so_far") + 1,
    )
