"""Refuses frames with a number that would not fit where it is packed: a wrong count is worse than none."""

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from models.outcomes.derivation.engines import opened, rows_of
from models.outcomes.derivation.moments import DAYS, LAST_PLACE, place
from models.outcomes.derivation.packing import IDS, TOTALS

if TYPE_CHECKING:
    from models.outcomes.derivation.derive import Frames

_MOST: Final = {
    "course": {"patient_id": IDS - 1, "started_day": DAYS - 1},
    "infusion": {"patient_id": IDS - 1, "infusion_id": IDS - 1, "day": DAYS - 1, "place": LAST_PLACE},
    "assessment": {"assessment_id": IDS - 1, "total": TOTALS - 1, "place": LAST_PLACE},
}


class FrameError(ValueError):
    """A frame holds a number that cannot be counted exactly: which, and what is allowed."""


def refuse_unpackable(frames: "Frames") -> None:
    """Raise `FrameError` unless every id, day, total and moment fits its bits.

    A moment's second must lie in the moment's own day in some time zone.
    """
    _refuse("course", frames.courses)
    _refuse("infusion", frames.infusions)
    _refuse("assessment", frames.assessments)


def _refuse(kind: str, frame: Any) -> None:
    seen, limits = opened(frame), _MOST[kind]
    if "place" in limits:
        seen = seen.with_columns(place=place())
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
            raise FrameError(f"{kind}: the {what} runs from 0 to {allowed}; got {low} to {high}")
