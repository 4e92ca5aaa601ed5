"""The spans of days the rules speak of, each in one place (clinical specification §3.4, §3.8).

Days are calendar days in the clinic's time zone, counted from an anchor; every bound is inclusive.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from models.outcomes.question.vocabulary import WindowName

BASELINE_REACH_DAYS: Final = 14
"""A baseline may be as old as this on the day of the first infusion (§3.8.6)."""

INDUCTION_GAP_DAYS: Final = 14
"""A longer gap between infusions ends the induction (§3.8.2)."""

COURSE_GAP_DAYS: Final = 90
"""A longer gap between infusions starts a new course where none is recorded (§3.8.1)."""

PLANNED_WHEN_UNKNOWN: Final = 6
"""Planned infusions of a course that does not say (§3.8.2)."""

FAILED_TRIALS_OF_RESISTANCE: Final = 2
"""As many failed trials in the episode make a depression treatment-resistant (§3.8.9)."""

HOURS_OF_DAY: Final = 24


class Anchor(StrEnum):
    """What a window is counted from."""

    FIRST_INFUSION = "first_infusion"
    LAST_OF_INDUCTION = "last_of_induction"


class Window(NamedTuple):
    """A named span of days and the day it aims at.

    `first`, `target` and `last` are days after the anchor. The 24-hour window is measured in real hours where
    both moments have a time (`first_hour`, `last_hour`); its days then only say when it closes and when a
    score may be due.
    """

    name: WindowName
    anchor: Anchor
    first: int
    target: int
    last: int
    first_hour: int | None = None
    last_hour: int | None = None

    @property
    def in_hours(self) -> bool:
        """Whether elapsed hours, not calendar days, decide."""
        return self.first_hour is not None

    @property
    def from_induction(self) -> bool:
        """Whether the window is counted from the last induction infusion."""
        return self.anchor is Anchor.LAST_OF_INDUCTION


_D0, _E = Anchor.FIRST_INFUSION, Anchor.LAST_OF_INDUCTION

WINDOWS: Final[dict[WindowName, Window]] = {
    window.name: window
    for window in (
        Window(WindowName.H24, _D0, 0, 1, 2, first_hour=12, last_hour=48),
        Window(WindowName.D7, _D0, 5, 7, 10),
        Window(WindowName.END_OF_INDUCTION, _E, 0, 3, 7),
        Window(WindowName.P14_31, _E, 14, 21, 31),
        Window(WindowName.W6, _D0, 35, 42, 49),
        Window(WindowName.M3, _D0, 77, 91, 105),
        Window(WindowName.M6, _D0, 120, 180, 240),
        Window(WindowName.M12, _D0, 305, 365, 425),
    )
}
"""Every window there is, in the order of time."""
