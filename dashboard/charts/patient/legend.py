"""How to read the figure of a course."""

from dashboard.charts.patient.course import Course
from dashboard.charts.patient.main_panel_words import nameless
from dashboard.charts.patient.panels import Box
from dashboard.charts.patient.trajectory import MAIN
from dashboard.charts.words import DASH


def legend(course: Course, *, error_band: bool = False) -> str:
    """The marks that are in the figure, and no others; the bands too low for their names to stand in it."""
    scores = [score for panel in (course.main, *course.others) for score in panel.scores]
    scale = course.main.scale
    signs = (
        (bool(course.infusions), "▼ infusion with its dose"),
        (any(score.recalls_before for score in scores), "○ recall reaches back before treatment"),
        (any(score.kind == "unused" for score in scores), "grey ○ older than the baseline"),
        (bool(course.due), "× due, not answered"),
        (course.window is not None, "shaded column: the window of the question"),
        (
            error_band and scale.reliable_change is not None and course.main.baseline is not None,
            "grey band: change that may be chance",
        ),
    )
    said = [words for shown, words in signs if shown]
    for band in nameless(Box(0, MAIN, scale)):
        ends = DASH.join(dict.fromkeys((scale.shown(band.low), scale.shown(band.high))))
        said.append(f"{scale.name} {ends}: {band.name}")
    return " · ".join(said)
