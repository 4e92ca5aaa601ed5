"""The score a course is measured from: the last valid one before the first infusion (§3.8.6).

Never the worst, and never a screening score where a later one before the infusion exists: the highest of
several scores falls by itself (regression to the mean, §5.9).
"""

import narwhals as nw

from models.outcomes.derivation.packing import id_of, rank_of, ranked, recall_of, total_of
from models.outcomes.question.windows import BASELINE_REACH_DAYS


def baseline_key() -> nw.Expr:
    """The key of a row that may be the baseline; the greatest is the last."""
    before = ~nw.col("after_d0") & (nw.col("since_d0") <= 0)
    return ranked(nw.when(before).then((nw.col("since_d0") + BASELINE_REACH_DAYS).cast(nw.Int64))).alias(
        "baseline_key"
    )


def baseline_columns() -> list[nw.Expr]:
    """What the chosen key says."""
    key = nw.col("baseline_key")
    return [
        total_of(key).alias("baseline"),
        id_of(key).alias("baseline_id"),
        (nw.col("d0_day") + rank_of(key) - BASELINE_REACH_DAYS).alias("baseline_day"),
        recall_of(key).alias("baseline_recall"),
    ]
