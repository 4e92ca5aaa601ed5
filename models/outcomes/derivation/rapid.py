"""Outcomes in hours: endpoints of scores that ask about one day alone (clinical specification §3.2)."""

from datetime import date
from typing import Any, Final, NamedTuple

import narwhals as nw

from models.outcomes.derivation.derive import Frames, derive_outcomes
from models.outcomes.derivation.engines import as_given, opened
from models.scales import Scale

ONE_DAY: Final = 1
OF_WINDOW: Final = "h24_"


class _OneDay(NamedTuple):
    """A record whose scores all ask about one day."""

    courses: Any
    infusions: Any
    assessments: Any


def rapid_outcomes(frames: Frames, scale: Scale, as_of: date) -> Any:
    """The derived frame, but for the 24-hour window only scores with a recall of one day can be chosen.

    The baseline may ask about a longer time; a longer-recall score nearer to 24 hours does not stand in the
    way of one that can answer.
    """
    asks_of_one_day = nw.col("recall_days") <= ONE_DAY
    short = as_given(opened(frames.assessments).filter(asks_of_one_day), like=frames.assessments)
    whole = opened(derive_outcomes(frames, scale, as_of))
    brief = opened(derive_outcomes(_OneDay(frames.courses, frames.infusions, short), scale, as_of))
    columns = [name for name in whole.collect_schema().names() if name.startswith(OF_WINDOW)]
    joined = whole.drop(columns).join(brief.select("course_id", *columns), on="course_id", how="left")
    return as_given(joined, like=frames.assessments)
