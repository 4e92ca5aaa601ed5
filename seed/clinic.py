"""An invented clinic: the same patients for the same seed, seen from the same day.

By construction it shows what the product is for. Those who do badly stop early and are scored again less
often, so that of those who finished and were scored near 70 % respond, and of everyone treated far fewer
(the default question: PHQ-9 response 14 to 31 days after induction).
"""

from datetime import date, timedelta

import numpy as np

from seed.arrays import pick
from seed.assessments import invent_assessments
from seed.cohort import invent_cohort
from seed.columns import day_number
from seed.courses import course_frame
from seed.doses import infusion_frame
from seed.people import invent_people
from seed.practice import CLINICIANS
from seed.record import InventedClinic
from seed.slips import invent_slips
from seed.writing import NotEmptyError, write

__all__ = ["InventedClinic", "NotEmptyError", "invent", "write"]


def invent(patients: int, seed: int, today: date) -> InventedClinic:
    """A clinic of so many patients, as it stands on the morning of `today`.

    Within a week each day sees the same clinic with a day more in it; a week later it all lies a week later.
    """
    dice = np.random.default_rng(seed)
    monday, now = day_number(today - timedelta(days=today.weekday())), day_number(today)
    people = invent_people(patients, dice, monday)
    cohort = invent_cohort(patients, dice, monday)
    clinician = pick(CLINICIANS.values(), len(cohort.courses), dice)
    women = (people["sex"] == "female").to_numpy()
    courses = course_frame(cohort.courses, clinician, dice, now)
    infusions = infusion_frame(cohort, women, clinician, dice, now)
    assessments, item_scores = invent_assessments(cohort, dice, now)
    slips = invent_slips(assessments, item_scores, patients, dice)
    return InventedClinic(people, courses, infusions, assessments, item_scores, slips)
