"""The other scales of some invented patients: GAD-7 and PCL-5 beside the PHQ-9, MADRS by a clinician."""

from dataclasses import replace
from typing import Final

import numpy as np

from seed.arrays import Dice, Flags, happens
from seed.cohort import Cohort
from seed.visits import BEFORE, CLINICIAN, NO_INFUSION, NO_TIME, Occasion, Visits

MADRS_COURSES: Final = 0.36
MADRS_THE_DAY_AFTER: Final = 0.86
MADRS_AT_THE_END: Final = 0.8


def alongside(phq9: Visits, share: float, occasions: tuple[Occasion, ...], dice: Dice) -> Visits:
    """A further scale in a share of courses, taken minutes after the PHQ-9 on these occasions."""
    asked = happens(share, phq9.course.max(initial=-1) + 1, dice)
    visits = phq9.where(asked[phq9.course] & np.isin(phq9.occasion, occasions))
    later = visits.minute + dice.integers(2, 7, len(visits))
    return replace(visits, minute=np.where(visits.minute == NO_TIME, NO_TIME, later))


def madrs_visits(cohort: Cohort, phq9: Visits, dice: Dice) -> tuple[Visits, Flags]:
    """MADRS before the first infusion, about a day after it, and at the end of induction, in some courses.

    The flags say which were asked about the last day only.
    """
    infusions = cohort.infusions
    rated = happens(MADRS_COURSES, len(cohort.courses), dice)
    first = infusions.where((infusions.number == 0) & rated[infusions.course])
    count = len(first)
    before = Visits(
        course=first.course,
        day=first.day,
        minute=first.minute - dice.integers(40, 75, count),
        occasion=np.full(count, Occasion.BASELINE),
        timing=np.full(count, BEFORE),
        mode=np.full(count, CLINICIAN),
    )
    day_after = replace(
        before,
        day=first.day + 1,
        minute=first.minute + dice.integers(-150, 150, count),
        timing=np.full(count, NO_INFUSION),
    ).where(happens(MADRS_THE_DAY_AFTER, count, dice))
    end = phq9.where((phq9.occasion == Occasion.END) & rated[phq9.course])
    end = end.where(happens(MADRS_AT_THE_END, len(end), dice))
    at_end = replace(end, minute=dice.integers(9 * 60, 16 * 60, len(end)), mode=np.full(len(end), CLINICIAN))
    visits = Visits.of([before, day_after, at_end])
    one_day = np.repeat([False, True, False], [len(before), len(day_after), len(at_end)])
    return visits, one_day
