"""What was written down when an invented patient's course began, and when it ended."""

from typing import Final

import numpy as np
import polars as pl

from seed.arrays import Dice, Ints, happens, pick
from seed.columns import dates, known, words
from seed.practice import CLINICIANS, SITES
from seed.trajectories import INDUCTION
from seed.treatments import REASONS, Treatments

INDICATIONS: Final = {
    "depression": 0.885,
    "bipolar_depression": 0.06,
    "ptsd": 0.025,
    "suicidality": 0.01,
    "anxiety": 0.01,
    "pain": 0.01,
}
FEW_TRIALS: Final = 0.045
PLAN_WRITTEN, TRIALS_KNOWN = 0.96, 0.955


def course_frame(courses: Treatments, clinician: Ints, dice: Dice, today: int) -> pl.DataFrame:
    """One row a course; now and then the plan or the history of treatment was not written down."""
    count = len(courses)
    few = happens(FEW_TRIALS, count, dice)
    in_episode = np.where(few, dice.integers(0, 2, count), 2 + dice.poisson(1.3, count))
    in_life = in_episode + dice.poisson(1.6, count)
    trials_known = happens(TRIALS_KNOWN, count, dice)
    ended = courses.ended_day < today
    return pl.DataFrame(
        {
            "patient": courses.patient,
            "started_on": dates(courses.first_day),
            "indication": words(INDICATIONS, pick(INDICATIONS.values(), count, dice)),
            "planned_infusions": known(
                pl.Series(np.full(count, INDUCTION)), happens(PLAN_WRITTEN, count, dice)
            ),
            "failed_trials_episode": known(pl.Series(in_episode), trials_known),
            "failed_trials_lifetime": known(pl.Series(in_life), trials_known),
            "clinician": words(CLINICIANS, clinician),
            "site": words(SITES, pick(SITES.values(), count, dice)),
            "ended_on": known(dates(courses.ended_day), ended),
            "end_reason": known(words(REASONS, courses.end_reason), ended),
        }
    )
