"""What was given to invented patients: routes, weights, doses, minutes, by whom."""

from typing import Final, NamedTuple

import numpy as np
import polars as pl

from seed.arrays import Dice, Flags, Floats, Ints, happens, pick
from seed.cohort import Cohort
from seed.columns import known, moments, words
from seed.infusions import Infusions
from seed.practice import CLINICIANS, ZONE


class RouteGiven(NamedTuple):
    """How often a route is used, at which dose, and by how much that is raised."""

    share: float
    mg_per_kg: float
    step: float


ROUTES: Final = {
    "iv": RouteGiven(0.90, 0.5, 0.1),
    "im": RouteGiven(0.045, 0.5, 0.1),
    "intranasal": RouteGiven(0.025, 1.0, 0.2),
    "sc": RouteGiven(0.02, 0.5, 0.1),
    "oral": RouteGiven(0.01, 1.5, 0.25),
}
RAISED_ONCE, RAISED_AGAIN = 0.55, 0.35
IV_MINUTES: Final = {40: 0.82, 45: 0.08, 50: 0.05, 60: 0.05}
BY_THE_OTHER_CLINICIAN: Final = 0.08
WEIGHED: Final = 0.98
WEIGHT_KG, WOMAN_S_WEIGHT_KG, WEIGHT_SPREAD = 86, 72, 0.17
LIGHTEST, HEAVIEST = 44, 165


def infusion_frame(cohort: Cohort, women: Flags, clinician: Ints, dice: Dice, today: int) -> pl.DataFrame:
    """One row an infusion before today; `women` has a flag a patient, `clinician` a place a course."""
    infusions, courses = cohort.infusions, cohort.courses
    count, course = len(infusions), infusions.course
    patient = courses.patient[course]
    weight_kg = np.round(_weights(women, dice)[patient] * dice.normal(1, 0.008, count), 1)
    route = pick((route.share for route in ROUTES.values()), len(courses), dice)[course]
    minutes = np.array(list(IV_MINUTES))[pick(IV_MINUTES.values(), count, dice)]
    by = clinician[course] ^ happens(BY_THE_OTHER_CLINICIAN, count, dice)
    return pl.DataFrame(
        {
            "patient": patient,
            "given_at": moments(infusions.day, infusions.minute, ZONE),
            "route": words(ROUTES, route),
            "dose_mg": np.round(weight_kg * _mg_per_kg(infusions, route, len(courses), dice)),
            "weight_kg": known(pl.Series(weight_kg), happens(WEIGHED, count, dice)),
            "minutes": known(pl.Series(minutes), route == list(ROUTES).index("iv")),
            "clinician": words(CLINICIANS, by),
        }
    ).filter(infusions.day < today)


def _weights(women: Flags, dice: Dice) -> Floats:
    middle = np.where(women, WOMAN_S_WEIGHT_KG, WEIGHT_KG)
    weights: Floats = np.clip(middle * np.exp(dice.normal(0, WEIGHT_SPREAD, len(women))), LIGHTEST, HEAVIEST)
    return weights


def _mg_per_kg(infusions: Infusions, route: Ints, courses: int, dice: Dice) -> Floats:
    """The usual dose of the route; many are raised a step on the way, some of them once more."""
    begins = dice.integers([2, 5], [5, 10], (courses, 2))
    raised = np.cumprod(dice.random((courses, 2)) < (RAISED_ONCE, RAISED_AGAIN), axis=1)
    begun = infusions.number[:, None] >= begins[infusions.course]
    steps = (raised[infusions.course] * begun).sum(axis=1)
    usual, step = np.array([(route.mg_per_kg, route.step) for route in ROUTES.values()]).T
    dose: Floats = usual[route] + step[route] * steps
    return dose
