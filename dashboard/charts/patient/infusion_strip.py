"""The infusions above a course: a triangle each, and the dose where it changes."""

from collections.abc import Iterator
from typing import Final

from dashboard.charts import marks
from dashboard.charts.patient.course import Course, Infusion
from dashboard.charts.patient.room import FULL, width, word
from dashboard.charts.patient.timeline import Timeline
from dashboard.charts.theme import INK, RULE, Mark
from dashboard.charts.words import DASH, NBSP, on

DOSE, TRIANGLE = 14, 38  # px from the figure's upper edge
SIZE: Final = 13
APART: Final = 3  # per cent of the plot between two doses
MG_PER_KG, MG = 0.05, 1  # steps in which doses are told apart
BEFORE: Final = 3  # per cent of the plot by which a dose begins before its triangle


def triangles(course: Course, timeline: Timeline) -> Mark:
    """One triangle an infusion."""
    across = [timeline.at(each.day) for each in course.infusions]
    marker = {"symbol": "triangle-down", "size": 10, "color": INK, "line": {"width": 0}, "opacity": 1}
    told = [_hover(each, course) for each in course.infusions]
    return marks.points(across, [TRIANGLE] * len(across), marker) | {"hoverinfo": "text", "hovertext": told}


def plumb_lines(course: Course, timeline: Timeline, floor: float) -> list[Mark]:
    """A thin dotted line from each infusion down through all panels."""
    places = [timeline.at(each.day) for each in course.infusions]
    return [marks.rule(x, x, TRIANGLE + 6, floor, ink=RULE, wide=1, dash="dot") for x in places]


def doses(course: Course, timeline: Timeline) -> list[Mark]:
    """The dose where it changes, its unit at the last; changes too close to be written apart are a range."""
    groups: list[list[Infusion]] = []
    for infusion in _changes(course.infusions):
        groups.append([infusion])
        while len(groups) > 1 and _start(groups[-1], timeline) < _end(groups[-2], timeline) + APART:
            nearest = groups.pop()
            groups[-1] += nearest
    return [
        word(
            _start(group, timeline),
            DOSE,
            _words(group, last=group is groups[-1]),
            anchor="left",
            size=SIZE,
            ink=INK,
        )
        for group in groups
    ]


def _start(group: list[Infusion], timeline: Timeline) -> float:
    """Over the first infusion, or further left where its words would leave the plot."""
    return min(timeline.share(group[0].day) - BEFORE, FULL - width(_words(group, last=True), SIZE))


def _end(group: list[Infusion], timeline: Timeline) -> float:
    return _start(group, timeline) + width(_words(group, last=False), SIZE)


def _words(group: list[Infusion], *, last: bool) -> str:
    """`0.5`, `0.5–0.6 mg/kg`; milligrams always say so."""
    unit = group[-1].unit
    amounts = [_as_given(infusion) for infusion in group if infusion.unit == unit]
    span = DASH.join(sorted({_amount(min(amounts)), _amount(max(amounts))}, key=float))
    return f"{span}{NBSP}{unit}" if last or unit == "mg" else span


def _changes(infusions: tuple[Infusion, ...]) -> Iterator[Infusion]:
    before = None
    for infusion in infusions:
        dose = (_as_given(infusion), infusion.unit)
        if infusion.amount is not None and dose != before:
            before = dose
            yield infusion


def _as_given(infusion: Infusion) -> float:
    """The dose as it was meant: a weight that changed since last time makes 0.49 of 0.5 mg/kg."""
    step = MG_PER_KG if infusion.unit == "mg/kg" else MG
    return round((infusion.amount or 0) / step) * step


def _hover(infusion: Infusion, course: Course) -> str:
    dose = "" if infusion.amount is None else f", {_amount(infusion.amount)}{NBSP}{infusion.unit}"
    return f"<b>Infusion {infusion.number}</b>{dose}<br>{on(course.date_of(infusion.day))}"


def _amount(amount: float) -> str:
    return f"{round(amount, 2):g}"
