"""When invented patients are asked how they are on PHQ-9, and when nobody asks or nobody answers."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from seed.arrays import Dice, Floats, Ints, Rows, happens, pick
from seed.cohort import Cohort
from seed.infusions import Infusions
from seed.trajectories import INDUCTION, of_kind

TIMINGS: Final = ("before", "after", "")
BEFORE, AFTER, NO_INFUSION = range(len(TIMINGS))
MODES: Final = ("self", "kiosk", "staff", "phone", "clinician")
SELF, KIOSK, STAFF, PHONE, CLINICIAN = range(len(MODES))
NO_TIME: Final = -1
STOPPED_EARLY_ANSWERS: Final = 0.66
"""Those who stopped early answer so much less often than those who finished."""
LATER: Final = ((50, 8, 0.30), (91, 12, 0.46), (180, 40, 0.34), (365, 35, 0.26))
"""Days after the first infusion, give or take, and how often one who answers is asked then."""


class Occasion(IntEnum):
    """Why a score was due."""

    INTAKE = 0
    BASELINE = 1
    INFUSION = 2
    MAINTENANCE = 3
    END = 4
    FOLLOW_UP = 5
    LATER = 6


@dataclass(frozen=True)
class Visits(Rows):
    """A score taken a row: its course, day, minute of the day (or `NO_TIME`), occasion, timing and mode."""

    course: Ints
    day: Ints
    minute: Ints
    occasion: Ints
    timing: Ints
    mode: Ints

    def __len__(self) -> int:
        return len(self.course)


def phq9_visits(cohort: Cohort, dice: Dice) -> Visits:
    """Every PHQ-9 taken, at most one a patient and day, in the order of patient and day."""
    courses = cohort.courses
    count, began, ended = len(courses), courses.first_day, courses.induction_ended_day
    answers = of_kind("answers", cohort.lives.kind)
    at_infusions = _at_infusions(cohort.infusions, answers, dice)
    scored_at_first = np.zeros(count, dtype=bool)
    scored_at_first[at_infusions.course[at_infusions.occasion == Occasion.BASELINE]] = True
    reached = answers * np.where(courses.finished, 1, STOPPED_EARLY_ANSWERS)
    follow_up = np.round(dice.triangular(14, 21, 31, count)).astype(np.int64)
    asked: list[tuple[Occasion, Ints, float | Floats]] = [
        (Occasion.INTAKE, began - dice.integers(4, 21, count), 0.6),
        (Occasion.BASELINE, began - dice.integers(1, 4, count), 0.75 * ~scored_at_first),
        (Occasion.END, ended + dice.integers(1, 8, count), reached * 1.05),
        (Occasion.FOLLOW_UP, ended + follow_up, reached),
    ]
    for day, give_or_take, chance in LATER:
        due = began + day + dice.integers(-give_or_take, give_or_take + 1, count)
        asked.append((Occasion.LATER, np.maximum(due, ended + 14), reached * chance))
    elsewhere = [_away(occasion, day, chance, dice) for occasion, day, chance in asked]
    visits = Visits.of([at_infusions, *elsewhere])
    return visits.where(_first_of_each(courses.patient[visits.course], visits.day))


def _at_infusions(infusions: Infusions, answers: Floats, dice: Dice) -> Visits:
    """Scores taken in the clinic before the day's infusion; a few after it."""
    count, number = len(infusions), infusions.number
    first, of_induction = number == 0, number < INDUCTION
    occasion = np.select([first, of_induction], [Occasion.BASELINE, Occasion.INFUSION], Occasion.MAINTENANCE)
    chance = np.where(first, 0.84, 0.22 + 0.5 * answers[infusions.course])
    after = ~first & happens(0.02, count, dice)
    apart = np.where(after, dice.integers(70, 110, count), -dice.integers(8, 38, count))
    visits = Visits(
        course=infusions.course,
        day=infusions.day,
        minute=infusions.minute + apart,
        occasion=occasion,
        timing=np.where(after, AFTER, BEFORE),
        mode=np.array([SELF, KIOSK, STAFF])[pick((0.25, 0.6, 0.15), count, dice)],
    )
    return visits.where(happens(chance, count, dice))


def _away(occasion: Occasion, day: Ints, chance: float | Floats, dice: Dice) -> Visits:
    """Scores sent in, or asked for by telephone, on another day than an infusion's; some have no time."""
    course = np.flatnonzero(happens(chance, len(day), dice))
    count = len(course)
    mode = np.array([SELF, STAFF, PHONE])[pick((0.7, 0.1, 0.2), count, dice)]
    untimed = (mode != SELF) & happens(0.5, count, dice)
    return Visits(
        course=course,
        day=day[course],
        minute=np.where(untimed, NO_TIME, dice.integers(7 * 60, 21 * 60, count)),
        occasion=np.full(count, occasion),
        timing=np.full(count, NO_INFUSION),
        mode=mode,
    )


def _first_of_each(patient: Ints, day: Ints) -> Ints:
    """The place of the first row of each patient and day, in their order."""
    return np.unique(np.stack([patient, day], axis=1), axis=0, return_index=True)[1]
