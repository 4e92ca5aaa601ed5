"""Small tables drawn in a test, as a psychiatrist would draw them on paper."""

from datetime import date, timedelta
from typing import Any

from models.outcomes.derivation.derive import derive_outcomes
from models.scales import Scale, all_scales
from tests.support.timelines import Assessment, Course, Infusion, Record, frames, plain_rows

DAY0 = 20_000
"""Day 0 of every drawing: 4 October 2024."""

PHQ9 = all_scales()["phq9"]


def drawn(table: str) -> list[dict[str, str]]:
    """The rows of a drawn table; an empty cell is an empty text."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    names, *rows = lines
    return [dict(zip(names, row, strict=True)) for row in rows]


def day(number: int) -> date:
    """The date of a day of the drawing."""
    return date(1970, 1, 1) + timedelta(days=DAY0 + number)


def record(table: str, *courses: Course) -> Record:
    """The record of one patient: rows of `day | time | infusion | score | timing`, columns at will.

    `infusion` holds anything where one was given, or its route. Without a course the patient has none
    recorded.
    """
    infusions, assessments = [], []
    for number, row in enumerate(drawn(table), 1):
        on, second = DAY0 + int(row["day"]), _second(row.get("time", ""))
        if route := row.get("infusion", ""):
            infusions.append(Infusion(number, 1, on, second, "iv" if route == "yes" else route))
        if score := row.get("score", ""):
            timing, recall = row.get("timing") or None, int(row.get("recall") or 14)
            assessments.append(Assessment(number, 1, on, int(score), second, timing, recall))
    return Record(courses, infusions, assessments)


def course(course_id: int = 1, start: int = 0, **facts: Any) -> Course:
    """A recorded course of the patient, its days counted as in the drawing."""
    if facts.get("ended_day") is not None:
        facts["ended_day"] += DAY0
    return Course(course_id, 1, DAY0 + start, **facts)


def derived(table: str, *courses: Course, as_of: int = 1000, scale: Scale = PHQ9) -> dict[str, Any]:
    """The patient's first course, one row of the derived frame; days as in the drawing."""
    rows = every_course(record(table, *courses), as_of=as_of, scale=scale)
    return min(rows, key=lambda row: row["course_number"])


def every_course(seen: Record, *, as_of: int = 1000, scale: Scale = PHQ9) -> list[dict[str, Any]]:
    """All courses of a record."""
    rows = plain_rows(derive_outcomes(frames(seen), scale, day(as_of)))
    for row in rows:
        for name in row:
            if name.endswith("_day") and row[name] is not None:
                row[name] -= DAY0
    return rows


def _second(time: str) -> int | None:
    if not time:
        return None
    hours, minutes = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60
