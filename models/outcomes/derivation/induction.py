"""The induction of each course: where it begins, how far it goes, when it ends (§3.8.2)."""

import narwhals as nw

from models.outcomes.derivation.courses import INDICATION_WHEN_UNKNOWN, assign
from models.outcomes.derivation.engines import Frame, InOrder
from models.outcomes.derivation.moments import day_of, instant_of
from models.outcomes.question.windows import INDUCTION_GAP_DAYS


def inductions(courses: Frame, infusions: Frame, as_of_day: int) -> Frame:
    """One row per course that had begun on the day asked about, with its induction walked.

    The walk starts at the first infusion and stops before a gap of more than 14 days, or when the planned
    number is reached. Adds, as moments, `d0` (first infusion), `e` (last of the walk) and `next` (the
    patient's first infusion after it, in this course or a later one; null if none); the counts `infusions`
    and `induction_infusions`; and `quiet_day`, the first day on which an induction short of its plan is no
    longer in progress, because 14 days have passed or the course was ended (null when the plan was reached).
    """
    known = assign(courses, infusions.filter(nw.col("day") <= as_of_day))
    walked = _walk(known)
    firsts = known.rows.filter(nw.col("new_course")).select("course_id", "route", d0_second="second")
    facts = courses.select(
        "course_id", "indication", "failed_trials_episode", "clinician", "site", "ended_day", "end_reason"
    )
    described = walked.join(firsts, on="course_id").join(facts, on="course_id", how="left")
    return described.with_columns(
        nw.col("indication").fill_null(INDICATION_WHEN_UNKNOWN),
        completed=nw.col("induction_infusions") >= nw.col("planned"),
        e_day=day_of(nw.col("e")),
        d0_day=day_of(nw.col("d0")),
        d0_instant=instant_of(nw.col("d0")),
    ).with_columns(quiet_day=_quiet_day())


def _walk(infusions: InOrder) -> Frame:
    """The last infusion of each induction, with what lies before and after it."""
    stops = ~nw.col("new_course") & (nw.col("gap") > INDUCTION_GAP_DAYS)
    stopped = infusions.with_columns(stops=stops.fill_null(value=False).cast(nw.Int64))
    stopped = stopped.with_columns(stops=stopped.look(nw.col("stops").cum_sum()))
    unbroken = nw.col("stops") == stopped.since("new_course", "stops")
    inside = (unbroken & (nw.col("number") <= nw.col("planned"))).cast(nw.Int64)
    walked = stopped.with_columns(
        inside=inside,
        d0=stopped.last_known(nw.when(nw.col("new_course")).then(nw.col("turn"))),
        next_patient=stopped.look(nw.col("patient_id").shift(-1)),
        next_turn=stopped.look(nw.col("turn").shift(-1)),
        next_course=stopped.look(nw.col("course_id").shift(-1)),
    )
    last_of_course = (nw.col("next_course") != nw.col("course_id")).fill_null(value=True)
    ending = walked.with_columns(last_of_course=last_of_course).with_columns(
        next_inside=walked.look(nw.col("inside").shift(-1)),
        infusions=nw.when(nw.col("last_of_course")).then(nw.col("number")),
    )
    ending = ending.with_columns(infusions=ending.next_known(nw.col("infusions")))
    last_inside = (nw.col("inside") == 1) & (nw.col("last_of_course") | (nw.col("next_inside") == 0))
    return ending.rows.filter(last_inside).select(
        "course_id",
        "patient_id",
        "course_number",
        "planned",
        "infusions",
        "d0",
        induction_infusions=nw.col("number"),
        e=nw.col("turn"),
        next=nw.when(nw.col("next_patient") == nw.col("patient_id")).then(nw.col("next_turn")),
    )


def _quiet_day() -> nw.Expr:
    """The day an unfinished induction stops being in progress: ended, or 15 days after its last infusion."""
    silent = nw.col("e_day") + INDUCTION_GAP_DAYS + 1
    ended = nw.col("ended_day").cast(nw.Int64)
    first = nw.when(ended < silent).then(ended).otherwise(silent)
    return nw.when(~nw.col("completed")).then(first)
