"""The valid scores of one scale, each beside every course of its patient."""

from typing import Final

import narwhals as nw

from models.outcomes.derivation.engines import Frame
from models.outcomes.derivation.moments import as_barrier, moment, place, stated_place
from models.outcomes.derivation.packing import tail
from models.outcomes.question.windows import BASELINE_REACH_DAYS
from models.scales import Scale

_NO_NEXT: Final = 2**62


def scores_beside_courses(assessments: Frame, courses: Frame, scale: Scale, as_of_day: int) -> Frame:
    """One row per valid score and course of its patient, from 14 days before the course on.

    Valid is what has a total: complete, prorated or recorded as a total (§3.8.5). Adds days since the first
    infusion and since the last of the induction (`since_d0`, `since_e`), real seconds since the first
    infusion (`elapsed`, null where either has no time), whether the score lies after each (`after_d0`,
    `after_e`: rule 4 of §3.8) and still before the next infusion (`before_next`), and its packed key but for
    the rank (`tail`).
    """
    valid = assessments.filter(
        nw.col("scale") == scale.id, nw.col("day") <= as_of_day, ~nw.col("total").is_null()
    )
    packed = valid.with_columns(
        place=place(), recall=_unusual_recall(scale), total=nw.col("total").cast(nw.Int64)
    ).with_columns(stated=moment(stated_place()), tail=tail())
    scores = packed.select("patient_id", "day", "instant", "place", "stated", "recall", "total", "tail")
    barriers = courses.select(
        "course_id",
        "patient_id",
        "d0_day",
        "d0_instant",
        "e_day",
        d0_barrier=as_barrier(nw.col("d0")),
        e_barrier=as_barrier(nw.col("e")),
        next_barrier=as_barrier(nw.col("next")).fill_null(_NO_NEXT),
    )
    return (
        scores.join(barriers, on="patient_id")
        .with_columns(
            since_d0=nw.col("day") - nw.col("d0_day"),
            since_e=nw.col("day") - nw.col("e_day"),
            elapsed=nw.col("instant") - nw.col("d0_instant"),
            after_d0=nw.col("stated") > nw.col("d0_barrier"),
            after_e=nw.col("stated") > nw.col("e_barrier"),
            before_next=nw.col("stated") <= nw.col("next_barrier"),
        )
        .filter(nw.col("since_d0") >= -BASELINE_REACH_DAYS)
    )


def _unusual_recall(scale: Scale) -> nw.Expr:
    """1 where a score asks about another span of days than the scale usually does, else 0."""
    if len(scale.recall_choices) == 1:
        return nw.lit(0, dtype=nw.Int64)
    asked = nw.col("recall_days").fill_null(scale.recall_days)
    return (asked != scale.recall_days).cast(nw.Int64)
