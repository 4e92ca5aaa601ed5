"""One course over time: infusions, the question's scale on its bands, other scales aligned below."""

from html import escape
from typing import Final

import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.patient.course import Course, Panel
from dashboard.charts.patient.infusion_strip import doses, plumb_lines, triangles
from dashboard.charts.patient.main_panel import backdrop
from dashboard.charts.patient.main_panel_words import axis_number, words_in
from dashboard.charts.patient.panels import Box, dots, lines
from dashboard.charts.patient.room import LEFT, RIGHT
from dashboard.charts.patient.timeline import Reading, Timeline, timeline
from dashboard.charts.theme import AXIS, CLEAR, GAP, INK, MUTED, PAPER, RULE, Mark, figure

STRIP, MARGIN = 66, 30  # px above the panel of the question's scale, with infusions and without
MAIN: Final = 284  # px, its height
HEAD, LOW_PANEL = 58, 66  # px above and in each further panel
FLOOR, TICKS = 8, 40  # px below the last panel, and for the numbers of the axis
RING: Final = 18


def trajectory(course: Course, *, reading: Reading = "day", error_band: bool = False) -> go.Figure:
    """The course read by day, date or infusion; `error_band` shows how far a score may be off by chance."""
    across = timeline(course, reading)
    top = STRIP if course.infusions else MARGIN
    box = Box(top, top + MAIN, course.main.scale)
    error = course.main.scale.reliable_change if error_band else None
    shapes = backdrop(course, across, box, error=error)
    traces = [*lines(course.main, course, across, box, INK), *_marks(course, across, box)]
    texts = [*doses(course, across), *words_in(course, across, box, error=error)]
    if reading == "infusion" and course.infusions:
        texts.append(
            marks.text(1, 0, "infusion", anchor="left", xref="paper", yref="paper", xshift=8, yshift=-10)
        )
    floor = box.bottom
    for panel in course.others:
        low = Box(floor + HEAD, floor + HEAD + LOW_PANEL, panel.scale)
        shapes.append(marks.rule(0, 1, low.bottom, low.bottom, ink=RULE, wide=1) | {"xref": "paper"})
        traces += [*lines(panel, course, across, low, MUTED), dots(panel, course, across, low, MUTED)]
        texts += _low_words(panel, across, low)
        floor = low.bottom
    return figure(
        floor + FLOOR + TICKS,
        [*traces, triangles(course, across)],
        shapes=[*shapes, *plumb_lines(course, across, floor)],
        texts=texts,
        **_axes(across, floor + FLOOR),
    )


def _axes(across: Timeline, height: int) -> Mark:
    places, words = [place for place, _ in across.ticks], [word for _, word in across.ticks]
    return {
        "margin": {"l": LEFT, "r": RIGHT, "t": 0, "b": TICKS, "pad": 0},
        "xaxis": AXIS | {"range": [across.low, across.high], "tickvals": places, "ticktext": words},
        "yaxis": AXIS | {"range": [height, 0], "showticklabels": False},
    }


def _marks(course: Course, across: Timeline, box: Box) -> list[Mark]:
    """The patient's dots, a ring around the baseline, a cross where a score was due and never came."""
    drawn = [dots(course.main, course, across, box, INK)]
    baseline = course.main.baseline
    if baseline:
        ring = {"size": RING, "color": CLEAR, "line": {"color": INK, "width": 1.6}, "opacity": 1}
        drawn.insert(0, marks.points([across.at(baseline.day)], [box.y(baseline.total)], ring))
    if course.due:
        cross = {"symbol": "x", "size": 8, "color": GAP, "line": {"width": 0}, "opacity": 1}
        places = [across.at(day) for day in course.due]
        drawn.append(marks.points(places, [box.bottom - 12] * len(places), cross, hover="due, not answered"))
    return drawn


def _low_words(panel: Panel, across: Timeline, box: Box) -> list[Mark]:
    """A further scale's name and range above it, and its first and last score."""
    scale = panel.scale
    of = f"{escape(scale.measures)}, {scale.shown(scale.low)} to {scale.shown(scale.high)}"
    name = f"<b>{escape(scale.name)}</b>  <span style='color:{MUTED}'>{of}</span>"
    texts = [
        marks.text(0, box.top - 22, name, ink=INK, size=13, anchor="left", xref="paper", bgcolor=PAPER),
        axis_number(scale.shown(scale.high), box.y(scale.high)),
        axis_number(scale.shown(scale.low), box.y(scale.low)),
    ]
    for score in dict.fromkeys((*panel.scores[:1], *panel.scores[-1:])):
        y = box.y(score.total)
        away = 13 if y < box.top + 14 else -13
        texts.append(marks.text(across.at(score.day), y + away, scale.shown(score.total), ink=INK))
    return texts
