"""The courses of an invented clinic: who is treated when, how each course goes, and its infusions."""

from dataclasses import dataclass

import numpy as np

from seed.arrays import Dice
from seed.infusions import Infusions, given_infusions
from seed.schedule import first_days
from seed.trajectories import Trajectories, deal_kinds, draw_trajectories
from seed.treatments import Treatments, second_courses, treat


@dataclass(frozen=True)
class Cohort:
    """So many patients; their courses, how each goes, row by row the same; and what was infused in them."""

    patients: int
    courses: Treatments
    lives: Trajectories
    infusions: Infusions


def invent_cohort(patients: int, dice: Dice, today: int) -> Cohort:
    """First courses of everyone, and second ones of some who were helped and came back."""
    kind = deal_kinds(patients, dice)
    first_lives = draw_trajectories(kind, dice)
    first = treat(np.arange(patients), first_days(patients, dice, today), first_lives, dice, today)
    again, begins = second_courses(first, kind, dice, today)
    second_lives = draw_trajectories(kind[again], dice)
    second = treat(first.patient[again], begins, second_lives, dice, today)
    courses = Treatments.of([first, second])
    return Cohort(
        patients, courses, Trajectories.of([first_lives, second_lives]), given_infusions(courses, dice)
    )
