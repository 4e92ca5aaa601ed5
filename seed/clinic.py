"""An invented clinic: the same patients for the same seed, seen from the same day.

By construction it shows what the product is for. Those who do badly stop early and are scored again less
often, so that of those who finished and were scored near 70 % respond, and of everyone treated far fewer
(the default question: PHQ-9 response 14 to 31 days after induction).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from seed.arrays import pick
from seed.assessments import invent_assessments
from seed.cohort import invent_cohort
from seed.columns import day_number
from seed.courses import course_frame
from seed.doses import infusion_frame
from seed.people import invent_people
from seed.practice import CLINICIANS


@dataclass(frozen=True)
class InventedClinic:
    """Frames of an invented record: a patient, course, infusion, assessment, answer a row.

    `patient` is a row number of `patients`, `assessment` one of `assessments`.
    """

    patients: pl.DataFrame
    courses: pl.DataFrame
    infusions: pl.DataFrame
    assessments: pl.DataFrame
    item_scores: pl.DataFrame


def invent(patients: int, seed: int, today: date) -> InventedClinic:
    """A clinic of so many patients, as it stands on the morning of `today`."""
    dice = np.random.default_rng(seed)
    people = invent_people(patients, dice, today)
    cohort = invent_cohort(patients, dice, day_number(today))
    clinician = pick(CLINICIANS.values(), len(cohort.courses), dice)
    women = (people["sex"] == "female").to_numpy()
    assessments, item_scores = invent_assessments(cohort, dice, day_number(today))
    return InventedClinic(
        patients=people,
        courses=course_frame(cohort.courses, clinician, dice),
        infusions=infusion_frame(cohort, women, clinician, dice),
        assessments=assessments,
        item_scores=item_scores,
    )
