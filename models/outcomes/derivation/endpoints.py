"""The score a course is judged by in a window: closest to the target, the earlier of two, never the best."""

from collections.abc import Iterable
from typing import Final

import narwhals as nw

from models.outcomes.derivation.moments import PLACES, SECONDS_OF_DAY
from models.outcomes.derivation.packing import MOST_RANK, carried_key, ranked, timed
from models.outcomes.question.vocabulary import WindowName
from models.outcomes.question.windows import WINDOWS, Window

DAYS_OF_H24: Final = 4
"""Room for the days 0, 1 and 2 of the 24-hour window in its key."""

_SECONDS_OF_HOUR: Final = 3600
_LEAST_PREFERRED: Final = PLACES - 1


def shared_keys() -> list[nw.Expr]:
    """Keys that several windows choose from.

    Windows of one anchor do not overlap, so one rank serves them all: the distance of a day from the target
    of the only window it can lie in. And every carried score is the last one of some stretch of days.
    """
    by_days = [window for window in WINDOWS.values() if not window.in_hours]
    return [
        _nearest("since_d0", [window for window in by_days if not window.from_induction]).alias("d0_key"),
        _nearest("since_e", [window for window in by_days if window.from_induction]).alias("e_key"),
        nw.when(nw.col("after_d0")).then(carried_key()).alias("carried_key"),
    ]


def endpoint_key(window: Window) -> nw.Expr:
    """The key of a row that may be the endpoint of the window; the smallest is chosen (§3.8.7)."""
    if window.in_hours:
        return _hours_key(window).alias(key_name(window))
    inside = nw.col("since_e" if window.from_induction else "since_d0").is_between(window.first, window.last)
    if window.name is WindowName.END_OF_INDUCTION:  # the others begin days after the infusion they count from
        inside = inside & nw.col("after_e") & nw.col("after_d0") & nw.col("before_next")
    shared = nw.col("e_key" if window.from_induction else "d0_key")
    return nw.when(inside).then(shared).alias(key_name(window))


def carried_key_of(window: Window) -> nw.Expr:
    """The key of a row that may stand in for a missing endpoint; the greatest, the last, does (§3.8.10).

    It lies after the first infusion and before the window opens: before its first day; for the end of
    induction, which opens with an infusion, before that infusion; for the 24-hour window before its first
    hour, or on the day itself where no hours are known.
    """
    if window.name is WindowName.END_OF_INDUCTION:
        before = ~nw.col("after_e")
    elif window.first_hour is not None:
        elapsed = nw.col("elapsed")
        same_day = elapsed.is_null() & (nw.col("since_d0") == 0)
        before = (elapsed < window.first_hour * _SECONDS_OF_HOUR) | same_day
    else:
        before = nw.col("since_e" if window.from_induction else "since_d0") < window.first
    return nw.when(before).then(nw.col("carried_key")).alias(carried_name(window))


def key_name(window: Window) -> str:
    """Where the chosen endpoint's key stands."""
    return f"{window.name}_key"


def carried_name(window: Window) -> str:
    """Where the carried score's key stands."""
    return f"{window.name}_carried_key"


def _nearest(since: str, windows: Iterable[Window]) -> nw.Expr:
    """Keys by distance from the target of each day's window.

    A rank is twice the distance, plus one when the score lies later than the target, so that of two equally
    distant scores the earlier has the smaller.
    """
    first, *later = sorted(windows, key=lambda window: -window.last)
    target: nw.Expr = nw.lit(first.target)
    for window in later:
        target = nw.when(nw.col(since) <= window.last).then(nw.lit(window.target)).otherwise(target)
    off = (nw.col(since) - target).cast(nw.Int64)
    rank = (off * 2 + (off > 0).cast(nw.Int64)).abs()
    return ranked(nw.when(rank <= MOST_RANK).then(rank))


def _hours_key(window: Window) -> nw.Expr:
    """The 24-hour window, in real hours (§3.8.3).

    Where either moment lacks a time, a score of the next day counts as exactly 24 hours; at equal distance
    one with a time wins. No timed score can have rank 1 (half a second late), so that rank is free for it.
    """
    low, high = ((window.first_hour or 0) * _SECONDS_OF_HOUR, (window.last_hour or 0) * _SECONDS_OF_HOUR)
    elapsed, place = nw.col("elapsed"), nw.col("place")
    off = elapsed - window.target * SECONDS_OF_DAY
    by_hours = elapsed.is_between(low, high) & nw.col("after_d0")
    by_day = elapsed.is_null() & (nw.col("since_d0") == window.target)
    without_time = nw.when(nw.col("d0_instant").is_null()).then(nw.lit(_LEAST_PREFERRED)).otherwise(nw.lit(1))
    untimed_rank = nw.when(place > 0).then(place).otherwise(without_time)
    timed_rank = nw.when(by_hours).then((off * 2 + (off > 0).cast(nw.Int64)).abs())
    rank = nw.when(by_day).then(untimed_rank).otherwise(timed_rank)
    return timed(rank * DAYS_OF_H24 + nw.col("since_d0"))
