"""What the chosen score of a window says, one column a fact."""

from collections.abc import Iterator

import narwhals as nw

from models.outcomes.derivation.endpoints import DAYS_OF_H24, carried_name, key_name
from models.outcomes.derivation.packing import (
    carried_since_of,
    id_of,
    rank_of,
    recall_of,
    timed_rank_of,
    total_of,
)
from models.outcomes.question.windows import Window
from models.scales import Scale


def window_columns(window: Window, scale: Scale) -> Iterator[nw.Expr]:
    """Endpoint and carried score of a window, and what a reader must know of the days they ask about.

    `overlaps`: the score asks about days before the first infusion; `recall_differs`: about another span of
    days than the baseline. Null without a score.
    """
    name, key, carried = window.name, nw.col(key_name(window)), nw.col(carried_name(window))
    yield total_of(key).alias(f"{name}_endpoint")
    yield id_of(key).alias(f"{name}_id")
    yield total_of(carried).alias(f"{name}_carried")
    since = _day(window) - nw.col("d0_day")
    yield _overlaps(key, since, scale, earliest=window.first).alias(f"{name}_overlaps")
    since = carried_since_of(carried)
    yield _overlaps(carried, since, scale, earliest=0).alias(f"{name}_carried_overlaps")
    yield _recall_differs(key, scale).alias(f"{name}_recall_differs")
    yield _recall_differs(carried, scale).alias(f"{name}_carried_recall_differs")


def _day(window: Window) -> nw.Expr:
    """The day of the chosen score, from its rank."""
    key = nw.col(key_name(window))
    if window.in_hours:
        rank = timed_rank_of(key)
        return nw.col("d0_day") + rank - rank // DAYS_OF_H24 * DAYS_OF_H24
    rank = rank_of(key)
    half = rank // 2
    off = nw.when(rank == half * 2).then(half * -1).otherwise(half)
    return nw.col("e_day" if window.from_induction else "d0_day") + window.target + off


def _overlaps(key: nw.Expr, since_d0: nw.Expr, scale: Scale, *, earliest: int) -> nw.Expr:
    """Whether the score was taken fewer days after the first infusion than it asks about.

    Of a scale with more than two spans to choose from, the longest unusual one is assumed.
    """
    usual, *others = scale.recall_choices
    unusual = max(others, default=usual)
    if earliest >= max(usual, unusual):
        return nw.lit(value=False)
    if usual == unusual:
        return since_d0 < usual
    return nw.when(recall_of(key) == 1).then(since_d0 < unusual).otherwise(since_d0 < usual)


def _recall_differs(key: nw.Expr, scale: Scale) -> nw.Expr:
    if len(scale.recall_choices) == 1:
        return nw.lit(value=False)
    return recall_of(key) != nw.col("baseline_recall")
