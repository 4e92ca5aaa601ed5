"""How a score, who it is and when it was taken fit into one whole number that sorts by preference.

"The last score before the first infusion" and "the score closest to day 21, the earlier of two" are then the
`max` and the `min` of a column: any number of windows cost one `group_by`, without a join or a sort, and
every engine agrees to the last count. From the highest bit to the lowest:

    rank 7 · place in the day 18 · assessment id 27 · total 10 · recall 1      = 63 bits

`rank` is what is preferred (days since the reach of the baseline, distance from the target); the place orders
scores of one day; the rest rides along. `recall` is 1 where the score asks about another span of days than
the scale usually does.
"""

from typing import Final

import narwhals as nw

from models.outcomes.derivation.moments import PLACES

RECALLS: Final = 2
TOTALS: Final = 2**10
IDS: Final = 2**27

_RIDES: Final = IDS * TOTALS * RECALLS
RANK: Final = PLACES * _RIDES
"""What one step of `rank` is worth."""

MOST_RANK: Final = 127


def tail() -> nw.Expr:
    """The key of a row but for its rank."""
    rides = (nw.col("assessment_id").cast(nw.Int64) * TOTALS + nw.col("total")) * RECALLS + nw.col("recall")
    return nw.col("place") * _RIDES + rides


def ranked(rank: nw.Expr) -> nw.Expr:
    """A key for a rank of at most `MOST_RANK`, from the row's `tail`."""
    return rank * RANK + nw.col("tail")


def timed(rank: nw.Expr) -> nw.Expr:
    """A key for a rank that already says when: it takes the room of the place as well."""
    return (rank - nw.col("place")) * _RIDES + nw.col("tail")


def rank_of(key: nw.Expr) -> nw.Expr:
    """The rank of a key made by `ranked`."""
    return key // RANK


def timed_rank_of(key: nw.Expr) -> nw.Expr:
    """The rank of a key made by `timed`."""
    return key // _RIDES


def id_of(key: nw.Expr) -> nw.Expr:
    """The assessment of a key."""
    return _modulo(key // (TOTALS * RECALLS), IDS)


def total_of(key: nw.Expr) -> nw.Expr:
    """The score of a key, the carried ones included."""
    return _modulo(key // RECALLS, TOTALS)


def recall_of(key: nw.Expr) -> nw.Expr:
    """Whether the score of a key asks about an unusual span of days: 1 or 0."""
    return _modulo(key, RECALLS)


_CARRIED_DAY: Final = PLACES * TOTALS * RECALLS


def carried_key() -> nw.Expr:
    """A key for "the last of them": days since the first infusion (any number), place, total, recall."""
    within = (nw.col("place") * TOTALS + nw.col("total")) * RECALLS + nw.col("recall")
    return nw.col("since_d0").cast(nw.Int64) * _CARRIED_DAY + within


def carried_since_of(key: nw.Expr) -> nw.Expr:
    """Days since the first infusion of a carried score."""
    return key // _CARRIED_DAY


def _modulo(whole: nw.Expr, base: int) -> nw.Expr:
    # as subtraction: remainders are not defined alike on every engine
    return whole - whole // base * base
