"""The infusions above a course: a triangle each, and the dose where it changes."""

from collections.abc import Iterator
from typing import Final

from dashboard.charts import marks
from dashboard.charts.course import Course, Infusion
from dashboard.charts.panels import FULL, plot_width
from dashboard.charts.theme import INK, RULE, Mark
from dashboard.charts.timeline import Timeline
from dashboard.charts.words import DASH, NBSP, on

DOSE, TRIANGLE = 14, 38  # px from the figure's upper edge
SIZE: Final = 13
APART: Final = 3  # per cent of the plot between two doses


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
    """The dose where it changes; changes too close to be written apart become a range."""
    groups: list[tuple[float, list[Infusion]]] = []
    for infusion in _changes(course.infusions):
        share = timeline.share(infusion.day)
        if groups and share - groups[-1][0] < plot_width(_amounts(groups[-1][1]), SIZE) + APART:
            groups[-1][1].append(infusion)
        else:
            groups.append((share, [infusion]))
    return [_dose(group, share, last=place == len(groups) - 1) for place, (share, group) in enumerate(groups)]


def _changes(infusions: tuple[Infusion, ...]) -> Iterator[Infusion]:
    before = None
    for infusion in infusions:
        dose = (infusion.amount, infusion.unit)
        if infusion.amount is not None and dose != before:
            before = dose
            yield infusion


def _dose(group: list[Infusion], share: float, *, last: bool) -> Mark:
    """The unit stands once, with the last of them, or where units differ."""
    words = _amounts(group)
    if last or group[-1].unit == "mg":
        words += f"{NBSP}{group[-1].unit}"
    if share + plot_width(words, SIZE) > FULL:
        return marks.text(1, DOSE, words, ink=INK, size=SIZE, anchor="right", xref="paper")
    return marks.text(share / FULL, DOSE, words, ink=INK, size=SIZE, anchor="left", xref="paper", xshift=-6)


def _amounts(group: list[Infusion]) -> str:
    amounts = [infusion.amount for infusion in group if infusion.amount is not None]
    return DASH.join(sorted({_amount(min(amounts)), _amount(max(amounts))}, key=float))


def _hover(infusion: Infusion, course: Course) -> str:
    dose = "" if infusion.amount is None else f", {_amount(infusion.amount)}{NBSP}{infusion.unit}"
    return f"<b>Infusion {infusion.number}</b>{dose}<br>{on(course.date_of(infusion.day))}"


def _amount(amount: float) -> str:
    return f"{round(amount, 2):g}"
