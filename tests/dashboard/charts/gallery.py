"""Every figure, drawn from plain and from extreme records: what holds for one must hold for all of them."""

from collections.abc import Iterator
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.claim.changes import changes_of
from dashboard.charts.claim.flow import Step, flow
from dashboard.charts.claim.hero import hero
from dashboard.charts.claim.quarters import quarters
from dashboard.charts.claim.rates import RateRow, rates
from dashboard.charts.claim.waterfall import waterfall
from dashboard.charts.clinic.reasons import reasons
from dashboard.charts.clinic.units import units
from dashboard.charts.parts import Parts
from dashboard.charts.patient.course import Course, Infusion, Panel, Score, Span
from dashboard.charts.patient.trajectory import trajectory
from dashboard.charts.words import Rounding
from models.outcomes.answers.comparison import Comparison, Unit
from models.outcomes.answers.followup import Quarter
from models.outcomes.proportions.funnel import Limits
from models.outcomes.proportions.rates import Rate, wilson
from models.scales import all_scales

WHOLE = Rounding(0.7)
TENTHS = Rounding(0.7, 1)
SCALES = all_scales()
PARTS = {
    "168 people": Parts(71, 0, 50, 47),
    "0 of 20": Parts(0, 0, 15, 5),
    "20 of 20": Parts(20, 0, 0, 0),
    "14 people": Parts(10, 0, 4, 0),
    "best case": Parts(71, 47, 50, 0),
    "100,000 courses": Parts(69_600, 0, 20_200, 10_200),
    "nobody": Parts(0, 0, 0, 0),
}


COMPARISONS = {
    "two, and one of few courses": Comparison(
        wilson(71, 168),
        [
            Unit("", wilson(2, 3)),
            Unit("Dr. Amara Lindqvist", wilson(51, 90), Limits(0.3, 0.5), Limits(0.25, 0.55), "above"),
            Unit(
                "Dr. Maximiliane <b>von</b> Hohenstein-Ebersbach",
                wilson(18, 75),
                Limits(0.3, 0.5),
                Limits(0.2, 0.6),
            ),
        ],
        estimated=False,
    ),
    "everybody and nobody": Comparison(
        wilson(69_600, 139_200),
        [
            Unit("A", wilson(69_600, 69_600), Limits(0.49, 0.51), Limits(0.48, 0.52), "above"),
            Unit("B", wilson(0, 69_600), Limits(0, 1), Limits(0, 1), "within"),
        ],
        estimated=True,
    ),
}


def rate_of(parts: Parts) -> Rate:
    return wilson(parts.met + parts.assumed, sum(parts))


def harm_and_benefit(parts: Parts) -> list[RateRow]:
    people, seen = sum(parts), parts.met + parts.not_met
    worse = min(9, seen)
    return [
        RateRow("Responded", "at least half gone", rate_of(parts), claimed=True),
        RateRow(
            "Got worse",
            "6 points or more",
            wilson(worse, seen),
            "harm",
            best=wilson(worse, people),
            worst=wilson(worse + parts.unseen + parts.assumed, people),
        ),
        RateRow("Not scored in time", "no score", wilson(parts.unseen + parts.assumed, people), "unseen"),
    ]


def record_of(*numbers: tuple[int, int, int]) -> list[Quarter]:
    return [
        Quarter(date(2020 + place // 4, place % 4 * 3 + 1, 1), wilson(met, people), pending)
        for place, (met, people, pending) in enumerate(numbers)
    ]


RECORDS = {
    "six quarters": record_of((14, 31, 0), (13, 29, 0), (17, 36, 0), (14, 34, 0), (13, 38, 0), (0, 0, 23)),
    "one quarter": record_of((9, 14, 3)),
    "all pending": record_of((0, 0, 23)),
    "twelve quarters": record_of(*((met, 30, 0) for met in range(9, 20)), (9, 14, 23)),
    "forty quarters": record_of(*((8 + place % 9, 25, 0) for place in range(40))),
    "extremes": record_of((20, 20, 0), (0, 20, 0), (17, 19, 0), (1, 3, 0), (25, 34, 7), (0, 0, 0)),
    "no quarter": [],
}


def people_who_changed(people: int, unseen: int, *, seed: int = 70) -> pd.DataFrame:
    dice = np.random.default_rng(seed)
    baseline = dice.integers(10, 28, people)
    endpoint = np.clip(np.round(baseline * (1 + dice.normal(-0.4, 0.45, people))), 0, 27)
    endpoint[:unseen] = np.nan
    return pd.DataFrame({"baseline": baseline, "endpoint": endpoint})


MOVED = {
    "168 people": people_who_changed(168, 47),
    "14 people": people_who_changed(14, 2),
    "one person": people_who_changed(1, 0),
    "all unseen": people_who_changed(30, 30),
    "nobody": people_who_changed(0, 0),
    "100,000 people": people_who_changed(100_000, 28_000),
}


def panel(
    scale: str, *scores: tuple[float, int], baseline: float | None = None, endpoint: float | None = None
) -> Panel:
    def kind(day: float) -> str:
        if baseline is not None and day < baseline:
            return "unused"
        return "baseline" if day == baseline else "endpoint" if day == endpoint else "scored"

    return Panel(SCALES[scale], tuple(Score(day, total, kind(day), 0 < day < 14) for day, total in scores))


SIX = tuple(
    Infusion(day, number, 0.5 + 0.1 * (number > 4)) for number, day in enumerate((0, 3, 7, 10, 14, 17), 1)
)
LINE = ((-9, 20), (-0.6, 21), (3.3, 17), (14.3, 10), (24, 8), (31, 9), (59, 12), (73, 10))
COURSES = {
    "a response": Course(
        date(2026, 1, 12),
        panel("phq9", *LINE, baseline=-0.6, endpoint=31),
        (panel("gad7", (-9, 16), (24, 7), (73, 8)), panel("pcl5", (-0.6, 48))),
        SIX,
        Span(31, 48),
        (45,),
    ),
    "one score": Course(
        date(2026, 1, 12), panel("phq9", (-0.1, 27), baseline=-0.1), (), SIX[:1], Span(14, 31, True)
    ),
    "no infusions": Course(date(2026, 1, 12), panel("phq9", (0, 12), (20, 14))),
    "no scores": Course(date(2026, 1, 12), panel("phq9")),
    "tenths": Course(
        date(2026, 1, 12), panel("promis_depression", (-1, 681), (35, 549), baseline=-1, endpoint=35), (), SIX
    ),
    "no bands": Course(
        date(2026, 1, 12), panel("pcl5", (-1, 68), (35, 54), baseline=-1, endpoint=35), (), SIX, Span(31, 48)
    ),
    "a cut at the lowest score": Course(
        date(2026, 1, 12), panel("sidas", (-1, 24), (20, 0), baseline=-1, endpoint=20)
    ),
    "a year": Course(
        date(2026, 1, 12),
        panel(
            "phq9", (-1, 24), *((28 * month, 10 + month) for month in range(1, 13)), baseline=-1, endpoint=28
        ),
        (),
        tuple(Infusion(20 * number, number, None, "mg") for number in range(1, 18)),
        Span(14, 31),
    ),
}


@cache
def figures() -> dict[str, go.Figure]:
    """Every figure of every record, by its name: drawn once for all who look."""
    return dict(_drawn())


def _drawn() -> Iterator[tuple[str, go.Figure]]:
    for name, parts in PARTS.items():
        steps = [Step("A later course of the same person", 14), Step("Window still open", 23, pending=True)]
        yield f"hero, {name}", hero(rate_of(parts), parts, TENTHS if sum(parts) > 1000 else WHOLE)
        yield f"rates, {name}", rates(harm_and_benefit(parts), WHOLE)
        yield f"flow, {name}", flow(steps, parts)
    for name, record in RECORDS.items():
        yield f"quarters, {name}", quarters(record, WHOLE)
    for name, moved in MOVED.items():
        for scale in ("phq9", "madrs", "pcl5"):
            yield (
                f"waterfall, {name}, {scale}",
                waterfall(changes_of(moved, SCALES[scale]), SCALES[scale], one_by_one=True),
            )
    for name, course in COURSES.items():
        for reading in ("day", "date", "infusion"):
            yield f"trajectory, {name}, by {reading}", trajectory(course, reading=reading, error_band=True)
    yield "reasons", reasons({"no_benefit": 17, "cost": 14, "other": 20, None: 11})
    yield "reasons, none", reasons({})
    for name, compared in COMPARISONS.items():
        yield f"clinicians, {name}", units(compared, WHOLE)
