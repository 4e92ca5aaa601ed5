"""The courses of an invented clinic: who is treated when, how each course goes, and its infusions."""

from dataclasses import dataclass

import numpy as np

from seed.arrays import Dice
from seed.infusions import Infusions, given_infusions
from seed.schedule import first_days
from seed.trajectories import Trajectories, draw_kinds, draw_trajectories
from seed.treatments import Treatments, second_courses, treat


@dataclass(frozen=True)
class Cohort:
    """So many patients; their courses, how each goes, row by row the same; and what was infused in them."""

    patients: int
    courses: Treatments
    lives: Trajectories
    infusions: Infusions


def invent_cohort(patients: int, dice: Dice, monday: int) -> Cohort:
    """First courses of everyone, and second ones of some who were helped and came back.

    All begin before the Monday of this week; each is followed to its end, past today where it lasts longer.
    """
    kind = draw_kinds(patients, dice)
    first_lives = draw_trajectories(kind, dice)
    first = treat(np.arange(patients), first_days(patients, dice, monday), first_lives, dice)
    again, begins = second_courses(first, kind, dice, monday)
    second_lives = draw_trajectories(kind[again], dice)
    second = treat(first.patient[again], begins, second_lives, dice)
    courses = Treatments.of([first, second])
    return Cohort(
        patients, courses, Trajectories.of([first_lives, second_lives]), given_infusions(courses, dice)
    )
