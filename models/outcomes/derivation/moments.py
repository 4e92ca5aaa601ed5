"""When something happened, as one whole number that sorts and compares the way rule 4 of §3.8 asks.

`day · 2¹⁸ + place in the day`. The place is the real (elapsed) second, so that an hour lived twice when the
clocks go back keeps its order; it is 0 where no time is known, "the start of its day". Between a score and
an infusion of one date the question is not order but which came first *as stated*: `stated_place` and
`as_barrier` put them so that "after" is simply "greater".
"""

from typing import Final

import narwhals as nw

PLACES: Final = 2**18
"""Places in a day: room for 25 hours in any time zone, and for what is stated without a time."""

DAYS: Final = 2**17
"""Days a moment may have, from 1970 to 2328."""

MOMENTS: Final = DAYS * PLACES

SECONDS_OF_DAY: Final = 86_400

_ZONES: Final = 14 * 3600 + 1
# local midnight lies up to 14 h before the day's UTC midnight: the first second of any day still has place 1

LAST_PLACE: Final = PLACES - 3
"""The greatest place a real second may have."""

_INFUSION_WITHOUT_TIME: Final = PLACES - 2
_STATED_AFTER: Final = PLACES - 1


def place() -> nw.Expr:
    """The place of `instant` in `day`; 0 without a time."""
    second = nw.col("instant") - nw.col("day").cast(nw.Int64) * SECONDS_OF_DAY + _ZONES
    return second.cast(nw.Int64).fill_null(0)


def moment(where: nw.Expr) -> nw.Expr:
    """The day and a place in it as one number."""
    return nw.col("day").cast(nw.Int64) * PLACES + where


def stated_place() -> nw.Expr:
    """Where a score stands against an infusion of its own date, from its `place` and `timing`.

    A stated `before` or `after` decides; else the second; else (no time known) before.
    """
    timing = nw.col("timing")
    return (
        nw.when(timing == "before")
        .then(nw.lit(0))
        .otherwise(nw.when(timing == "after").then(nw.lit(_STATED_AFTER)).otherwise(nw.col("place")))
        .cast(nw.Int64)
    )


def as_barrier(turn: nw.Expr) -> nw.Expr:
    """An infusion's moment as scores of its date are compared with it.

    A score lies after the infusion when its stated moment is greater: an equal second counts as before, and
    no score's time lies after an infusion whose own time is unknown.
    """
    return nw.when(place_of(turn) == 0).then(turn + _INFUSION_WITHOUT_TIME).otherwise(turn)


def day_of(turn: nw.Expr) -> nw.Expr:
    """The day of a moment."""
    return turn // PLACES


def instant_of(turn: nw.Expr) -> nw.Expr:
    """The real second of a moment, since 1970; null without a time."""
    second = day_of(turn) * SECONDS_OF_DAY + place_of(turn) - _ZONES
    return nw.when(place_of(turn) > 0).then(second)


def place_of(turn: nw.Expr) -> nw.Expr:
    """The place of a moment in its day."""
    return turn - turn // PLACES * PLACES
