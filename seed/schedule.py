"""The days on which invented patients come: inductions of six, a week missed here and there, maintenance.

Days count from 1970-01-01.
"""

from typing import Final

import numpy as np

from seed.arrays import Dice, Ints, dealt, happens, pick
from seed.trajectories import INDUCTION

RECORD_DAYS: Final = 560
"""The clinic began to record so many days before this week."""
MORE_OF_LATE: Final = 1.15
TWICE_A_WEEK: Final = np.array([0, 3, 7, 10, 14, 17])
THRICE_A_WEEK: Final = np.array([0, 2, 4, 7, 9, 11])
MOST_MAINTENANCE: Final = 12
SLIPS: Final = {0: 0.93, 7: 0.06, 21: 0.01}
"""Days by which the later infusions of an induction slip: a week for some, too long for a very few."""
SATURDAY, SUNDAY = 5, 6


def first_days(count: int, dice: Dice, monday: int) -> Ints:
    """Days before this week on which first courses begin: spread over the record, somewhat more of late."""
    ago = RECORD_DAYS * (1 - (1 - dealt(count, dice)) ** (1 / MORE_OF_LATE))
    return monday - 1 - ago.astype(np.int64)


def induction_days(first_day: Ints, dice: Dice) -> Ints:
    """Six days a course, from the Monday or Tuesday on or before its first day on."""
    count = len(first_day)
    thrice = happens(0.2, count, dice)
    weekday = np.where(thrice, 0, dice.integers(0, 2, count))
    begins = first_day - (_weekday(first_day) - weekday) % 7
    offsets = np.where(thrice[:, None], THRICE_A_WEEK, TWICE_A_WEEK)
    moved = pick((0.06, 0.88, 0.06), count * INDUCTION, dice).reshape(count, INDUCTION) - 1
    moved[thrice] = 0
    moved[:, 0] = 0
    slip = np.array(list(SLIPS))[pick(SLIPS.values(), count, dice)]
    slips_from = dice.integers(2, INDUCTION, count)
    slipped = np.where(np.arange(INDUCTION) >= slips_from[:, None], slip[:, None], 0)
    return _on_weekdays(begins[:, None] + offsets + moved + slipped)


def maintenance_days(last_of_induction: Ints, dice: Dice) -> Ints:
    """As many days as maintenance may have, three to five weeks apart."""
    count = len(last_of_induction)
    every = dice.integers(18, 36, count)
    gaps = every[:, None] + dice.integers(-3, 4, (count, MOST_MAINTENANCE))
    return _on_weekdays(last_of_induction[:, None] + np.cumsum(gaps, axis=1))


def _weekday(days: Ints) -> Ints:
    """0 for Monday; 1970-01-01 was a Thursday."""
    weekday: Ints = (days + 3) % 7
    return weekday


def _on_weekdays(days: Ints) -> Ints:
    """Saturdays become Fridays, Sundays Mondays."""
    weekday = _weekday(days)
    moved: Ints = days - (weekday == SATURDAY) + (weekday == SUNDAY)
    return moved
