"""What every panel of a course shares: where a total stands, the line between scores, their dots."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

from dashboard.charts import marks
from dashboard.charts.patient.course import Course, Panel, Score
from dashboard.charts.patient.course_words import day_number, remarks
from dashboard.charts.patient.timeline import Timeline
from dashboard.charts.theme import GAP, INK, OURS, PAPER, Mark
from dashboard.charts.words import NBSP, on
from models.scales import Scale

HOLE_DAYS: Final = 21  # over a longer silence nothing is drawn as known (clinical specification §5.8)
ROOM: Final = 0.02  # of the scale's range, beyond either end


class Box(NamedTuple):
    """Where a panel stands, in pixels from the figure's upper edge, and the range of its scale."""

    top: int
    bottom: int
    scale: Scale

    def y(self, total: float) -> float:
        """The height of a total; half points are allowed."""
        span = self.scale.high - self.scale.low
        part = (total - self.scale.low + ROOM * span) / (span * (1 + 2 * ROOM))
        return self.bottom - part * (self.bottom - self.top)


def lines(panel: Panel, course: Course, timeline: Timeline, box: Box, ink: str) -> list[Mark]:
    """Solid between scores, dotted across a hole, grey and dotted up to the baseline."""
    strokes: dict[tuple[str, str], list[tuple[Score, Score]]] = {}
    for pair in pairwise(panel.scores):
        unused = pair[0].kind == "unused"
        dash = "dot" if unused or _is_hole(pair, course.due) else "solid"
        strokes.setdefault((GAP if unused else ink, dash), []).append(pair)
    return [_stroke(pairs, timeline, box, *look) for look, pairs in strokes.items()]


def _is_hole(pair: tuple[Score, Score], due: Sequence[float]) -> bool:
    before, after = (score.day for score in pair)
    return after - before > HOLE_DAYS or any(before < day < after for day in due)


def _stroke(pairs: Sequence[tuple[Score, Score]], timeline: Timeline, box: Box, ink: str, dash: str) -> Mark:
    across = [place for pair in pairs for place in (*(timeline.at(score.day) for score in pair), None)]
    down = [height for pair in pairs for height in (*(box.y(score.total) for score in pair), None)]
    stroke = {"color": ink, "width": 2.2 if ink == INK else 1.8, "dash": dash}
    return {"type": "scatter", "mode": "lines", "x": across, "y": down, "line": stroke, "hoverinfo": "skip"}


def dots(panel: Panel, course: Course, timeline: Timeline, box: Box, ink: str) -> Mark:
    """Filled where a score speaks of the days since treatment began, hollow where it reaches further back."""
    looks = [_look(score, ink) for score in panel.scores]
    faces, edges, widths, sizes = zip(*looks, strict=True) if looks else ((), (), (), ())
    marker = {"color": faces, "size": sizes, "line": {"color": edges, "width": widths}, "opacity": 1}
    across = [timeline.at(score.day) for score in panel.scores]
    down = [box.y(score.total) for score in panel.scores]
    told = [_hover(score, panel.scale, course) for score in panel.scores]
    return marks.points(across, down, marker) | {"hoverinfo": "text", "hovertext": told}


def _look(score: Score, ink: str) -> tuple[str, str, float, float]:
    """Face, edge, edge's width, size."""
    small = 9 if ink == INK else 8
    if score.kind == "unused":
        return PAPER, GAP, 1.6, small
    if score.kind == "endpoint":
        ink, small = OURS, 14
    if score.recalls_before:
        return PAPER, ink, 1.8, small
    return ink, PAPER, 1.2 if score.kind != "endpoint" else 2, small + 1


def _hover(score: Score, scale: Scale, course: Course) -> str:
    """What a score says when pointed at."""
    told = [
        f"<b>{escape(scale.name)} {scale.shown(score.total)}</b>",
        f"day{NBSP}{day_number(score.day)}, {on(course.date_of(score.day))}",
        *remarks(score, scale),
    ]
    return "<br>".join(told)
