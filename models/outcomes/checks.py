"""Refuses frames with a number that would not fit where it is packed: a wrong count is worse than none."""

from typing import Any

import narwhals as nw

from models.outcomes.engines import opened, rows_of
from models.outcomes.moments import LAST_PLACE, place
from models.outcomes.packing import IDS, TOTALS


class FrameError(ValueError):
    """A frame holds a number that cannot be counted exactly: which, and what is allowed."""


def refuse_unpackable(infusions: Any, assessments: Any) -> None:
    """Raise `FrameError` unless every id, total and moment fits its bits.

    A moment's second must lie in the moment's own day in some time zone.
    """
    _refuse("infusion", infusions, {"infusion_id": IDS - 1})
    _refuse("assessment", assessments, {"assessment_id": IDS - 1, "total": TOTALS - 1})


def _refuse(kind: str, frame: Any, most: dict[str, int]) -> None:
    seen = opened(frame).with_columns(place=place())
    limits = {**most, "place": LAST_PLACE}
    extremes = rows_of(
        seen.select(
            *(nw.col(name).min().alias(f"{name}_low") for name in limits),
            *(nw.col(name).max().alias(f"{name}_high") for name in limits),
        )
    )[0]
    for name, allowed in limits.items():
        low, high = extremes[f"{name}_low"], extremes[f"{name}_high"]
        if low is not None and (low < 0 or high > allowed):
            what = "second in its day" if name == "place" else name.replace("_", " ")
            raise FrameError(f"the {what} of an {kind} runs from 0 to {allowed}; got {low} to {high}")
