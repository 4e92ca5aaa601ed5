"""One patient's course as its figure needs it: days from the first infusion, and what each score is for."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from dashboard.charts.patient import course as drawn
from dashboard.patients import Assessment, Infusion, PatientRecord, day_of
from models.outcomes.question.windows import Window
from models.scales import Scale, Scales
from models.tables.weights import mg_per_kg

SECONDS_A_DAY: Final = 86_400
BEFORE_A_LATER_COURSE: Final = timedelta(days=30)

Derived = Mapping[str, Any]
"""A row of `derive_outcomes`."""


def drawn_course(
    record: PatientRecord,
    course: Derived,
    scale: Scale,
    window: Window,
    scales: Scales,
    first_typed: Mapping[int, int],
) -> drawn.Course:
    """A course as its figure takes it; a score that never came is a cross on the day the window aims at.

    `first_typed` has the total of corrected assessments as it was before.
    """
    starts_on, mine = day_of(course["d0_day"]), scores_of(record, course)
    others = (each for each in scales.values() if each.id != scale.id)
    anchor = course["e_day"] - course["d0_day"] if window.from_induction else 0
    given = record.of_course(course["course_id"])
    weighed = any(one.weight_kg for one in given)
    is_open, endpoint = course[f"{window.name}_pending"], course[f"{window.name}_endpoint"]
    never_came = not is_open and endpoint is None and course["baseline"] is not None

    def judged(one: Assessment) -> drawn.Score:
        after = comes_after_start(one, course)
        place, corrected_from = _place(one.day, one.clock, starts_on), first_typed.get(one.assessment_id)
        recalls_before = after and (one.day - starts_on).days < one.recall_days
        return drawn.Score(
            place, one.total, _kind(one, course, window, after=after), recalls_before, corrected_from
        )

    return drawn.Course(
        starts_on=starts_on,
        main=drawn.Panel(scale, tuple(judged(one) for one in mine if one.scale == scale.id)),
        others=tuple(panel for each in others if (panel := _panel(each, mine, starts_on)).scores),
        infusions=tuple(_infusion(one, starts_on, by_weight=weighed) for one in given),
        window=drawn.Span(anchor + window.first, anchor + window.last, is_open=is_open),
        due=(anchor + window.target,) if never_came else (),
    )


def scores_of(record: PatientRecord, course: Derived) -> tuple[Assessment, ...]:
    """The scores of a course's story: from shortly before it (or ever, of a first one) until the next one."""
    begun = [given[0].day for each in record.courses if (given := record.of_course(each.course_id))]
    day = day_of(course["d0_day"])
    first = day - BEFORE_A_LATER_COURSE if any(other < day for other in begun) else date.min
    last = min((other for other in begun if other > day), default=date.max)
    return tuple(one for one in record.assessments if first <= one.day < last)


def comes_after_start(one: Assessment, course: Derived) -> bool:
    """Whether a score lies after the first infusion: by date; on its day as stated, else by the clock."""
    day = (one.day - day_of(course["d0_day"])).days
    if day:
        return day > 0
    if one.timing is not None:
        return one.timing == "after"
    second = course["d0_second"]
    return one.clock is not None and second is not None and _seconds(one.clock) > second


def _kind(one: Assessment, course: Derived, window: Window, *, after: bool) -> Any:
    if one.assessment_id == course["baseline_id"]:
        return "baseline"
    if one.assessment_id == course[f"{window.name}_id"]:
        return "so far" if course[f"{window.name}_pending"] else "endpoint"
    return "scored" if after else "unused"


def _panel(scale: Scale, scores: Iterable[Assessment], starts_on: date) -> drawn.Panel:
    mine = (one for one in scores if one.scale == scale.id)
    return drawn.Panel(
        scale, tuple(drawn.Score(_place(one.day, one.clock, starts_on), one.total) for one in mine)
    )


def _infusion(one: Infusion, starts_on: date, *, by_weight: bool) -> drawn.Infusion:
    """An infusion with its dose for the weight, or in mg: never both in one course."""
    place, per_kg = _place(one.day, one.clock, starts_on), mg_per_kg(one.dose_mg, one.weight_kg)
    if by_weight:
        return drawn.Infusion(place, one.number, per_kg)
    return drawn.Infusion(place, one.number, one.dose_mg, "mg")


def _place(day: date, clock: time | None, starts_on: date) -> float:
    return (day - starts_on).days + (0 if clock is None else _seconds(clock) / SECONDS_A_DAY)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
