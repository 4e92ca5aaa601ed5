"""At which moments invented patients had their infusions."""

from dataclasses import dataclass

import numpy as np

from seed.arrays import Dice, Ints, Rows
from seed.schedule import MOST_MAINTENANCE
from seed.trajectories import INDUCTION
from seed.treatments import Treatments

FIRST_HALF_HOUR, LAST_HALF_HOUR = 17, 32
"""Infusions begin about the half hours from 08:30 to 16:00."""


@dataclass(frozen=True)
class Infusions(Rows):
    """An infusion a row: its course, its number in it from 0, its day, and the minute of the day."""

    course: Ints
    number: Ints
    day: Ints
    minute: Ints

    def __len__(self) -> int:
        return len(self.course)


def given_infusions(courses: Treatments, dice: Dice) -> Infusions:
    """Every infusion of the courses, in the order of course and time."""
    of_induction = np.arange(INDUCTION) < courses.received[:, None]
    of_maintenance = np.arange(MOST_MAINTENANCE) < courses.maintained[:, None]
    course, number = np.nonzero(np.hstack([of_induction, of_maintenance]))
    day = np.hstack([courses.induction_day, courses.maintenance_day])[course, number]
    usual = dice.integers(FIRST_HALF_HOUR, LAST_HALF_HOUR, len(courses))
    half_hour = np.clip(usual[course] + dice.integers(-1, 2, len(course)), FIRST_HALF_HOUR, LAST_HALF_HOUR)
    return Infusions(course, number, day, half_hour * 30 + dice.integers(0, 8, len(course)))
