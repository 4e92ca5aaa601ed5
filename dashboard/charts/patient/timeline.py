"""The horizontal axis of a course: the same days read as days, as dates, or by infusion."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor
from typing import Final, Literal

from dashboard.charts.patient.course import Course
from dashboard.charts.words import MINUS, MONTHS, NBSP

Reading = Literal["day", "date", "infusion"]
Knots = tuple[tuple[float, float], ...]

STEPS: Final = (1, 2, 7, 14, 28, 56, 84, 168, 364)  # days between numbers
SHORTEST: Final = 28  # days an axis shows at least
WEEK: Final = 7
MOST: Final = {"day": 6, "date": 4, "infusion": 8}  # numbers a phone has room for


@dataclass(frozen=True)
class Timeline:
    """Where a day stands. `knots` are days and their places; a week beyond them takes one place, or less."""

    knots: Knots
    per_place: float
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def at(self, day: float) -> float:
        """The place of a day on the axis."""
        return _place(day, self.knots, self.per_place)

    def share(self, day: float) -> float:
        """The same in per cent of the axis."""
        return 100 * (self.at(day) - self.low) / (self.high - self.low)


def timeline(course: Course, reading: Reading) -> Timeline:
    """The axis that holds everything drawn, with room for a mark at either end."""
    days = list(course.days()) or [0.0]
    first, last = min(days), max(*days, min(days) + SHORTEST)
    knots: Knots = ((0.0, 0.0),)
    per_place = 1.0
    if reading == "infusion" and course.infusions:
        knots = tuple(sorted({each.day: float(each.number) for each in course.infusions}.items()))
        outside = max(knots[0][0] - first, last - knots[-1][0])
        per_place = max(WEEK, outside / len(knots))
        ticks = _numbers([number for _, number in knots])
    else:
        ticks = _dates(course, first, last) if reading == "date" else _days(first, last)
    low, high = (_place(day, knots, per_place) for day in (first, last))
    return Timeline(knots, per_place, low - (high - low) / 25, high + (high - low) / 12, tuple(ticks))


def _place(day: float, knots: Knots, per_place: float) -> float:
    (first, start), (last, end) = knots[0], knots[-1]
    if day <= first:
        return start + (day - first) / per_place
    for (before, low), (after, high) in pairwise(knots):
        if day <= after:
            return low + (high - low) * (day - before) / (after - before)
    return end + (day - last) / per_place


def _every(first: float, last: float, most: int) -> range:
    """Multiples of the smallest step that leaves no more than so many numbers."""
    step = next((step for step in STEPS if (last - first) / step < most), STEPS[-1])
    return range(-(-floor(first) // step) * step, int(last) + 1, step)


def _days(first: float, last: float) -> list[tuple[float, str]]:
    names = {0: f"day{NBSP}0"}
    return [
        (day, names.get(day, f"{MINUS if day < 0 else ''}{abs(day)}"))
        for day in _every(first, last, MOST["day"])
    ]


def _dates(course: Course, first: float, last: float) -> list[tuple[float, str]]:
    ticks, year = [], 0
    for day in _every(first, last, MOST["date"]):
        when = course.date_of(day)
        text = f"{when.day}{NBSP}{MONTHS[when.month - 1]}"
        if when.year != year:
            year = when.year
            text += f"<br>{year}"
        ticks.append((float(day), text))
    return ticks


def _numbers(numbers: Sequence[float]) -> list[tuple[float, str]]:
    """Every infusion's number, or every second, third … of many; the first one says what they are."""
    every = -(-len(numbers) // MOST["infusion"])
    return [(number, f"{number:.0f}") for number in numbers[::every]]
