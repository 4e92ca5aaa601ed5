"""The valid scores of one scale, each beside every course of its patient."""

from typing import Final

import narwhals as nw

from models.outcomes.engines import Frame
from models.outcomes.moments import PLACES, as_barrier, moment, place, stated_place
from models.outcomes.packing import tail
from models.outcomes.windows import BASELINE_REACH_DAYS
from models.scales import Scale

VALID: Final = ("complete", "prorated", "total_only")
"""Statuses of an assessment that has a total (§3.8.5)."""

_WITHOUT_NEXT: Final = 2**62


def scores_beside_courses(assessments: Frame, courses: Frame, scale: Scale, as_of_day: int) -> Frame:
    """One row per valid score and course of its patient, from 14 days before the course on.

    Adds days since the first infusion and since the last of the induction (`since_d0`, `since_e`), whether
    the score lies after each (`after_d0`, `after_e`: rule 4 of §3.8) and still before the next infusion
    (`before_next`), and its packed key but for the rank.
    """
    barriers = courses.select(
        "course_id",
        "patient_id",
        "d0_day",
        "e_day",
        d0_barrier=as_barrier(nw.col("d0")),
        e_barrier=as_barrier(nw.col("e")),
        next_barrier=as_barrier(nw.col("next")).fill_null(_WITHOUT_NEXT),
    )
    valid = assessments.filter(
        nw.col("scale").cast(nw.String) == scale.id,
        nw.col("day") <= as_of_day,
        nw.col("status").cast(nw.String).is_in(VALID),
        ~nw.col("total").is_null(),
    )
    other_recall = nw.col("recall_days").fill_null(scale.recall_days) != scale.recall_days
    rows = (
        valid.with_columns(
            place=place(), recall=other_recall.cast(nw.Int64), total=nw.col("total").cast(nw.Int64)
        )
        .with_columns(stated=moment(stated_place()), tail=tail())
        .join(barriers, on="patient_id")
    )
    day = nw.col("day").cast(nw.Int64)
    return rows.with_columns(
        since_d0=day - nw.col("d0_day"),
        since_e=day - nw.col("e_day"),
        after_d0=nw.col("stated") > nw.col("d0_barrier"),
        after_e=nw.col("stated") > nw.col("e_barrier"),
        before_next=nw.col("stated") <= nw.col("next_barrier"),
        d0_place=nw.col("d0_barrier") - nw.col("d0_day") * PLACES,
    ).filter(nw.col("since_d0") >= -BASELINE_REACH_DAYS)
