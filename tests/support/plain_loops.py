"""The rules of §3.8 once more, in plain loops over single records: slow, obvious, and written from the text.

Nothing here is shared with `models.outcomes`: figures come from the scale, words are plain strings. Where the
text leaves a choice open the choice is named in a comment, so that both readings are compared on purpose.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from tests.support.timelines import Assessment, Course, Infusion, Record

# id: (anchor, first day, target, last day)
WINDOWS = {
    "h24": ("D0", None, None, None),
    "d7": ("D0", 5, 7, 10),
    "end_of_induction": ("E", 0, 3, 7),
    "p14_31": ("E", 14, 21, 31),
    "w6": ("D0", 35, 42, 49),
    "m3": ("D0", 77, 91, 105),
    "m6": ("D0", 120, 180, 240),
    "m12": ("D0", 305, 365, 425),
}
HOUR = 3600


class TreatedCourse(NamedTuple):
    """A course with an infusion on or before as_of, and everything the rules say about it."""

    course: Course
    infusions: list[Infusion]
    number_in_patient: int
    d0: Infusion
    e: Infusion
    induction_count: int
    planned: int
    in_progress: bool
    next_after_e: Infusion | None
    scores: list[Assessment]
    baseline: Assessment | None


def order(row: Any) -> tuple[int, int, int]:
    """For ordering, a date without a time is the start of its day (and before a time of midnight)."""
    return (row.day, row.second or 0, 0 if row.second is None else 1)


def is_after(score: Assessment, infusion: Infusion) -> bool:
    """Rule 4."""
    if score.day != infusion.day:
        return score.day > infusion.day
    if score.timing == "before":
        return False
    if score.timing == "after":
        return True
    if score.second is not None and infusion.second is not None:
        return score.second > infusion.second
    return False


def courses_of(record: Record, patient_id: int) -> list[tuple[Course, list[Infusion]]]:
    """Rule 1: the patient's courses that have infusions, each with its own, in order of their first."""
    recorded = sorted((c for c in record.courses if c.patient_id == patient_id), key=lambda c: c.started_day)
    infusions = sorted((i for i in record.infusions if i.patient_id == patient_id), key=order)
    of_recorded: dict[int, list[Infusion]] = {}
    derived: list[list[Infusion]] = []
    for infusion in infusions:
        owner = None
        for course in recorded:
            if course.started_day <= infusion.day:
                owner = course
        if owner is not None:
            of_recorded.setdefault(owner.course_id, []).append(infusion)
        elif derived and infusion.day - derived[-1][-1].day <= 90:
            derived[-1].append(infusion)  # before every recorded course: the derived rule among themselves
        else:
            derived.append([infusion])
    found = [
        (Course(-run[0].infusion_id, patient_id, run[0].day, "depression", None, None), run)
        for run in derived
    ]
    found += [
        (course, of_recorded[course.course_id]) for course in recorded if course.course_id in of_recorded
    ]
    return sorted(found, key=lambda pair: order(pair[1][0]))


def treated_courses(record: Record, scale: Any, as_of: int) -> Iterator[TreatedCourse]:
    seen = Record(
        record.courses,
        [i for i in record.infusions if i.day <= as_of],
        [a for a in record.assessments if a.day <= as_of],
    )
    for patient_id in sorted({i.patient_id for i in seen.infusions}):
        scores = [
            a
            for a in seen.assessments
            if a.patient_id == patient_id
            and a.scale == scale.id
            and a.total is not None
            and a.status in {"complete", "prorated", "total_only"}
        ]
        every_infusion = sorted((i for i in seen.infusions if i.patient_id == patient_id), key=order)
        for number, (course, infusions) in enumerate(courses_of(seen, patient_id), 1):
            yield describe(course, infusions, number, scores, every_infusion, as_of)


def describe(
    course: Course,
    infusions: list[Infusion],
    number: int,
    scores: list[Assessment],
    every_infusion: list[Infusion],
    as_of: int,
) -> TreatedCourse:
    d0 = infusions[0]
    planned = 6 if course.planned_infusions is None else course.planned_infusions
    walk = [d0]
    met_gap = False
    for infusion in infusions[1:]:
        if len(walk) == planned:
            break
        if infusion.day - walk[-1].day > 14:
            met_gap = True
            break
        walk.append(infusion)
    met_planned = len(walk) >= planned
    e = walk[-1]
    in_progress = (
        not met_gap
        and not met_planned
        and as_of - infusions[-1].day <= 14
        and (course.ended_day is None or course.ended_day > as_of)
    )
    later = [i for i in every_infusion if order(i) > order(e)]
    # "the next infusion after E" is the patient's, whichever course it opens
    before = [s for s in scores if not is_after(s, d0) and -14 <= s.day - d0.day <= 0]
    return TreatedCourse(
        course,
        infusions,
        number,
        d0,
        e,
        len(walk),
        planned,
        in_progress,
        later[0] if later else None,
        scores,
        max(before, key=order) if before else None,
    )


def hours_after_d0(score: Assessment, t: TreatedCourse) -> Fraction | None:
    """Elapsed hours when both have a time; a score of day 1 counts as 24 where one of them has none."""
    if score.second is not None and t.d0.second is not None:
        return Fraction((score.day - t.d0.day) * 86_400 + score.second - t.d0.second, HOUR)
    return Fraction(24) if score.day - t.d0.day == 1 else None


def endpoint(t: TreatedCourse, window: str) -> Assessment | None:
    """Rule 7."""
    anchor, first, target, last = WINDOWS[window]
    candidates: list[tuple[Any, Assessment]] = []
    for score in t.scores:
        if not is_after(score, t.d0):
            continue
        if window == "h24":
            hours = hours_after_d0(score, t)
            if hours is not None and 12 <= hours <= 48:
                candidates.append(((abs(hours - 24), score.second is None, order(score)), score))
            continue
        start = t.d0 if anchor == "D0" else t.e
        day = score.day - start.day
        if not first <= day <= last:
            continue
        if anchor == "E" and not is_after(score, t.e):
            continue
        if window == "end_of_induction" and t.next_after_e is not None and is_after(score, t.next_after_e):
            continue
        candidates.append(((abs(day - target), order(score)), score))
    return min(candidates, key=lambda pair: pair[0])[1] if candidates else None


def carried(t: TreatedCourse, window: str) -> Assessment | None:
    """Rule 10: the last after D0 that lies before the window's first day or, for windows from E, before E."""
    anchor, first, _, _ = WINDOWS[window]
    earlier = []
    for score in t.scores:
        if not is_after(score, t.d0):
            continue
        if window == "h24":
            hours = hours_after_d0(score, t)
            lies_before = hours < 12 if hours is not None else score.day == t.d0.day
        elif anchor == "D0":
            lies_before = score.day - t.d0.day < first
        else:
            lies_before = score.day - t.e.day < first or not is_after(score, t.e)
        if lies_before:
            earlier.append(score)
    return max(earlier, key=order) if earlier else None


def is_pending(t: TreatedCourse, window: str, as_of: int) -> bool:
    """Rules 2 and 8."""
    if window == "h24":
        return as_of < t.d0.day + 2
    anchor, _, _, last = WINDOWS[window]
    if anchor == "E":
        return t.in_progress or as_of < t.e.day + last
    return as_of < t.d0.day + last
