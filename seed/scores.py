"""What invented patients score: each scale follows the course's gain in its own measure and noise."""

from typing import Final, NamedTuple

import numpy as np

from models.scales import Scale
from seed.arrays import Dice, Floats, Ints
from seed.cohort import Cohort
from seed.trajectories import gain
from seed.visits import AFTER, Visits


class Likeness(NamedTuple):
    """How a scale goes with severity on PHQ-9's range.

    A course starts at `at_zero` + `per_point` · severity, more or less (`own`); of a gain the scale shows the
    part it `follows`; each score has its own `noise`.
    """

    at_zero: float
    per_point: float
    own: float
    follows: float
    noise: float


LIKENESS: Final = {
    "phq9": Likeness(0, 1, 0, 1.0, 1.6),
    "gad7": Likeness(2, 0.55, 2.8, 0.8, 1.5),
    "pcl5": Likeness(16, 1.6, 9, 0.6, 4),
    "madrs": Likeness(4, 1.5, 3.5, 1.0, 2.6),
}
FELT_THE_DAY_AFTER: Final = 0.3
"""Of the best gain, beside what the first infusion brings in the long run."""


def totals(scale: Scale, visits: Visits, cohort: Cohort, dice: Dice) -> Ints:
    """The total of each visit, on the scale's range."""
    like, severity = LIKENESS[scale.id], cohort.lives.severity
    start = like.at_zero + like.per_point * severity + dice.normal(0, like.own, len(severity))
    left = 1 - like.follows * _gain_at(visits, cohort)
    level = start[visits.course] * left + dice.normal(0, like.noise, len(visits))
    return np.clip(np.round(level), scale.low, scale.high).astype(np.int64)


def suicide_answers(scale: Scale, total: Ints, dice: Dice) -> Ints:
    """The suicide item a clinician wrote beside a total: 0 for most, higher in the severest."""
    highest = scale.suicide_item.high if scale.suicide_item else 0
    expected = 0.6 * highest * total / scale.high - 0.8
    return np.clip(np.round(dice.normal(expected, 0.9)), 0, highest).astype(np.int64)


def _gain_at(visits: Visits, cohort: Cohort) -> Floats:
    courses, lives = cohort.courses, cohort.lives
    course, day = visits.course, visits.day
    had_before = courses.induction_day[course] < (day + (visits.timing == AFTER))[:, None]
    infusions = np.minimum(had_before.sum(axis=1), courses.received[course])
    since_induction = day - courses.induction_ended_day[course]
    lasting = gain(lives.where(course), infusions, since_induction, courses.held[course])
    day_after = (infusions == 1) & (day == courses.first_day[course] + 1)
    felt: Floats = lasting + FELT_THE_DAY_AFTER * day_after * lives.best[course]
    return felt
