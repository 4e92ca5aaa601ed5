"""How long invented patients stay: inductions cut short, maintenance, how courses end, who comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from seed.arrays import Dice, Flags, Floats, Ints, Rows, happens, pick
from seed.schedule import MOST_MAINTENANCE, induction_days, maintenance_days
from seed.trajectories import INDUCTION, KIND_NAMES, PARTIAL_RESPONDER, RESPONDER, Trajectories, of_kind

REASONS: Final = (
    "completed",
    "no_benefit",
    "side_effects",
    "cost",
    "moved",
    "own_choice",
    "hospital",
    "died",
    "other",
)
STOPPED_EARLY_BECAUSE: Final[Mapping[str, tuple[int, ...]]] = {
    "responder": (0, 2, 14, 30, 12, 36, 2, 0, 4),
    "partial_responder": (0, 24, 17, 26, 6, 20, 3, 0, 4),
    "non_responder": (0, 50, 13, 15, 3, 13, 3, 0, 3),
    "worse": (0, 36, 24, 6, 2, 14, 12, 2, 4),
}
MAINTENANCE_ENDED_BECAUSE: Final = (34, 22, 4, 16, 6, 14, 1, 0, 3)
NEVER: Final = np.iinfo(np.int32).max
HELD_BY_MAINTENANCE: Final = 2.5
HELD_AFTER_STOPPING_EARLY: Final = 0.4


@dataclass(frozen=True)
class Treatments(Rows):
    """A course a row: whose, the days of its infusions and how many of them are given, its end and why.

    `ended_day` is `NEVER` when nobody writes that the course ended.
    """

    patient: Ints
    induction_day: Ints
    received: Ints
    maintenance_day: Ints
    maintained: Ints
    ended_day: Ints
    end_reason: Ints

    def __len__(self) -> int:
        return len(self.patient)

    @property
    def finished(self) -> Flags:
        """Whether all infusions of the induction are given."""
        finished: Flags = self.received == INDUCTION
        return finished

    @property
    def first_day(self) -> Ints:
        """The day of the first infusion."""
        return self.induction_day[:, 0]

    @property
    def induction_ended_day(self) -> Ints:
        """The day of the last infusion of the induction."""
        return _nth(self.induction_day, self.received)

    @property
    def last_day(self) -> Ints:
        """The day of the last infusion of all."""
        last = _nth(self.maintenance_day, self.maintained)
        return np.where(self.maintained > 0, last, self.induction_ended_day)

    @property
    def held(self) -> Floats:
        """By how much the schedule stretches or shortens the days a gain holds."""
        after_induction = np.where(self.finished, 1.0, HELD_AFTER_STOPPING_EARLY)
        return np.where(self.maintained > 0, HELD_BY_MAINTENANCE, after_induction)


def treat(patient: Ints, first_day: Ints, lives: Trajectories, dice: Dice) -> Treatments:
    """The whole courses of these patients, each from about its first day on."""
    count = len(patient)
    induction_day = induction_days(first_day, dice)
    returns = dice.random((count, INDUCTION - 1)) < of_kind("returns", lives.kind)[:, None]
    received = 1 + np.cumprod(returns, axis=1).sum(axis=1)
    induction_ended_day = _nth(induction_day, received)

    finished = received == INDUCTION
    goes_on = finished & happens(of_kind("goes_on", lives.kind), count, dice)
    maintenance_day = maintenance_days(induction_ended_day, dice)
    maintained = np.where(goes_on, np.minimum(MOST_MAINTENANCE, dice.geometric(0.13, count)), 0)

    written_days = np.where(finished, dice.integers(0, 4, count), dice.integers(1, 12, count))
    after_maintenance = _nth(maintenance_day, maintained) + dice.integers(14, 40, count)
    ended_day = np.where(goes_on, after_maintenance, induction_ended_day + written_days)
    unwritten = ~finished & happens(0.1, count, dice)
    return Treatments(
        patient=patient,
        induction_day=induction_day,
        received=received,
        maintenance_day=maintenance_day,
        maintained=maintained,
        ended_day=np.where(unwritten, NEVER, ended_day),
        end_reason=_end_reasons(lives.kind, ~finished, goes_on, dice),
    )


def second_courses(courses: Treatments, kind: Ints, dice: Dice, monday: int) -> tuple[Ints, Ints]:
    """Courses whose patient, helped by them, comes back before this week, and the day that one begins."""
    begins = courses.last_day + dice.integers(100, 240, len(courses))
    helped = (kind == RESPONDER) | (kind == PARTIAL_RESPONDER)
    returns = helped & (begins < monday) & happens(0.16, len(courses), dice)
    return np.flatnonzero(returns), begins[returns]


def _end_reasons(kind: Ints, stopped_early: Flags, goes_on: Flags, dice: Dice) -> Ints:
    reason = np.full(len(kind), REASONS.index("completed"))
    for number, name in enumerate(KIND_NAMES):
        here = stopped_early & (kind == number)
        reason[here] = pick(STOPPED_EARLY_BECAUSE[name], int(here.sum()), dice)
    reason[goes_on] = pick(MAINTENANCE_ENDED_BECAUSE, int(goes_on.sum()), dice)
    return reason


def _nth(days: Ints, number: Ints) -> Ints:
    """The day of that number (from 1) in each row."""
    return np.take_along_axis(days, number[:, None] - 1, axis=1)[:, 0]
