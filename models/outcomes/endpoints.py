"""The score a course is judged by in a window: closest to the target, the earlier of two, never the best."""

from collections.abc import Iterator
from typing import Final

import narwhals as nw

from models.outcomes.moments import LAST_PLACE, PLACES, SECONDS_OF_DAY
from models.outcomes.packing import (
    carried_key,
    carried_since_of,
    id_of,
    rank_of,
    ranked,
    recall_of,
    timed,
    timed_rank_of,
    total_of,
)
from models.outcomes.vocabulary import WindowName
from models.outcomes.windows import HOURS_OF_DAY, Window
from models.scales import Scale

_SECONDS_OF_HOUR: Final = 3600
_DAYS_OF_H24: Final = 4
"""Room for the days 0, 1 and 2 of the 24-hour window in its key."""

_LEAST_PREFERRED: Final = PLACES - 1


def endpoint_key(window: Window) -> nw.Expr:
    """The key of a row that may be the endpoint of the window; the smallest is chosen (§3.8.7).

    A rank is twice the distance from the target, plus one when the score lies later than it, so that of two
    equally distant scores the earlier has the smaller.
    """
    if window.in_hours:
        return _hours_key(window).alias(key_name(window))
    since = nw.col("since_e") if window.from_induction else nw.col("since_d0")
    off = since - window.target
    rank = nw.when(off > 0).then(off * 2 + 1).otherwise(off * -2)
    inside = (since >= window.first) & (since <= window.last)
    if window.name is WindowName.END_OF_INDUCTION:  # the others begin days after the infusion they count from
        inside = inside & nw.col("after_e") & nw.col("after_d0") & nw.col("before_next")
    return ranked(nw.when(inside).then(rank)).alias(key_name(window))


def carried_key_of(window: Window) -> nw.Expr:
    """The key of a row that may stand in for a missing endpoint; the greatest, the last, does (§3.8.10).

    It lies before the window opens: before its first day; for the end of induction, which opens with an
    infusion, before that infusion; for the 24-hour window before its first hour, or on the day itself where
    no hours are known.
    """
    if window.name is WindowName.END_OF_INDUCTION:
        before = ~nw.col("after_e")
    elif window.first_hour is not None:
        before = (_elapsed() < window.first_hour * _SECONDS_OF_HOUR) & _both_timed()
        before = before | (~_both_timed() & (nw.col("since_d0") == 0))
    else:
        before = nw.col("since_e" if window.from_induction else "since_d0") < window.first
    return nw.when(nw.col("after_d0") & before).then(carried_key()).alias(carried_name(window))


def key_name(window: Window) -> str:
    """Where the chosen endpoint's key stands."""
    return f"{window.name}_key"


def carried_name(window: Window) -> str:
    """Where the carried score's key stands."""
    return f"{window.name}_carried_key"


def endpoint_columns(window: Window, scale: Scale) -> Iterator[nw.Expr]:
    """What the chosen keys of a window say, one column a fact."""
    name, key, carried = window.name, nw.col(key_name(window)), nw.col(carried_name(window))
    since_d0 = _day_chosen(window) - nw.col("d0_day")
    yield total_of(key).alias(f"{name}_endpoint")
    yield id_of(key).alias(f"{name}_id")
    yield _day_chosen(window).alias(f"{name}_day")
    yield total_of(carried).alias(f"{name}_carried")
    yield _reaches_back(since_d0, recall_of(key), scale).alias(f"{name}_overlaps")
    yield (recall_of(key) != nw.col("baseline_recall")).alias(f"{name}_recall_differs")
    reaches = _reaches_back(carried_since_of(carried), recall_of(carried), scale)
    yield reaches.alias(f"{name}_carried_overlaps")
    yield (recall_of(carried) != nw.col("baseline_recall")).alias(f"{name}_carried_recall_differs")


def _day_chosen(window: Window) -> nw.Expr:
    key = nw.col(key_name(window))
    if window.in_hours:
        rank = timed_rank_of(key)
        return nw.col("d0_day") + rank - rank // _DAYS_OF_H24 * _DAYS_OF_H24
    rank = rank_of(key)
    half = rank // 2
    off = nw.when(rank == half * 2).then(half * -1).otherwise(half)
    return nw.col("e_day" if window.from_induction else "d0_day") + window.target + off


def _reaches_back(since_d0: nw.Expr, recall: nw.Expr, scale: Scale) -> nw.Expr:
    """Whether a score asks about days before the first infusion: taken fewer than `recall_days` after it.

    Of a scale with more than two spans to choose from, the longest unusual one is assumed.
    """
    unusual = max(scale.recall_choices[1:], default=scale.recall_days)
    return nw.when(recall == 1).then(since_d0 < unusual).otherwise(since_d0 < scale.recall_days)


def _both_timed() -> nw.Expr:
    return (nw.col("place") > 0) & (nw.col("d0_place") <= LAST_PLACE)


def _elapsed() -> nw.Expr:
    """Real seconds since the first infusion, where both moments have a time."""
    return nw.col("since_d0") * SECONDS_OF_DAY + nw.col("place") - nw.col("d0_place")


def _hours_key(window: Window) -> nw.Expr:
    """The 24-hour window, in real hours (§3.8.3).

    Where either moment lacks a time, a score of the next day counts as exactly 24 hours; at equal distance
    one with a time wins. No timed score can have rank 1 (half a second late), so that rank is free for it.
    """
    low, high = ((window.first_hour or 0) * _SECONDS_OF_HOUR, (window.last_hour or 0) * _SECONDS_OF_HOUR)
    off = _elapsed() - HOURS_OF_DAY * _SECONDS_OF_HOUR
    by_hours = _both_timed() & (_elapsed() >= low) & (_elapsed() <= high) & nw.col("after_d0")
    by_day = ~_both_timed() & (nw.col("since_d0") == window.target)
    without_time = nw.when(nw.col("d0_place") <= LAST_PLACE).then(nw.lit(1)).otherwise(_LEAST_PREFERRED)
    rank = (
        nw.when(by_hours & (off > 0))
        .then(off * 2 + 1)
        .otherwise(
            nw.when(by_hours)
            .then(off * -2)
            .otherwise(nw.when(nw.col("place") > 0).then(nw.col("place")).otherwise(without_time))
        )
    )
    return timed(nw.when(by_hours | by_day).then(rank * _DAYS_OF_H24 + nw.col("since_d0")))
