"""What lies under the scores of the question's own scale: severity bands, window, response and remission."""

from typing import Final, NamedTuple

from dashboard.charts import marks
from dashboard.charts.patient.course import Course
from dashboard.charts.patient.panels import Box
from dashboard.charts.patient.timeline import Timeline
from dashboard.charts.theme import HAIR, INK, OURS, Mark
from models.outcomes.question.change import defined_outcomes
from models.outcomes.question.reaching import scores_reaching
from models.outcomes.question.vocabulary import Outcome

SHADES: Final = (0, 0.02, 0.045, 0.07, 0.10)  # of ink, from the mildest band to the gravest
APART: Final = 15  # px between two numbers of an axis


class Threshold(NamedTuple):
    """The highest score that still counts as an outcome, and how its line is drawn."""

    name: str
    at_most: int
    dash: str


def thresholds(course: Course) -> list[Threshold]:
    """Response from this baseline and remission, where the scale defines them and a score can reach them."""
    scale, baseline = course.main.scale, course.main.baseline
    lines = []
    if baseline and Outcome.RESPONSE in defined_outcomes(scale):
        reaching = scores_reaching(Outcome.RESPONSE, baseline.total, scale)
        lines += [Threshold("response", reaching[-1], "dash")] if reaching else []
    if scale.remission_at_most is not None:
        lines.append(Threshold("remission", scale.remission_at_most, "dot"))
    return lines


def backdrop(course: Course, timeline: Timeline, box: Box, *, error: int | None) -> list[Mark]:
    """The shapes, lowest first; `error` is how far a score may be off, where it is to be shown."""
    shapes = [_shade(place, box) for place in range(len(box.scale.bands))]
    if not shapes:
        shapes = [_level(box.y(number), HAIR) for number in numbers(box)]
    baseline = course.main.baseline
    start = timeline.at(baseline.day) if baseline else timeline.low
    if baseline and error:
        edges = (box.y(baseline.total + error + 0.5), box.y(baseline.total - error - 0.5))
        shapes.append(marks.box(start, timeline.high, *_within(box, *edges), INK, opacity=0.04))
    if course.window:
        column = (timeline.at(course.window.first_day), timeline.at(course.window.last_day + 1))
        shapes.append(marks.box(*column, box.top, box.bottom, OURS, opacity=0.1))
        if course.window.is_open:
            shapes.append(marks.hollow(*column, box.top, box.bottom, dotted=True))
    for line in thresholds(course):
        y = box.y(line.at_most + 0.5)
        shapes.append(marks.rule(start, timeline.high, y, y, ink=OURS, wide=1.5, dash=line.dash))
    return shapes


def numbers(box: Box) -> list[int]:
    """The totals written beside the axis: its ends and where bands begin, none over another."""
    scale = box.scale
    inner = [band.low for band in scale.bands] or [(scale.low + scale.high) // 2]
    kept: list[int] = []
    for number in (scale.low, scale.high, *reversed(inner)):
        if all(abs(box.y(number) - box.y(other)) >= APART for other in kept):
            kept.append(number)
    return kept


def _shade(place: int, box: Box) -> Mark:
    band, others = box.scale.bands[place], max(len(box.scale.bands) - 1, 1)
    shade = SHADES[round(place * (len(SHADES) - 1) / others)]
    edges = _within(box, box.y(band.high + 0.5), box.y(band.low - 0.5))
    if place == 0:
        edges = (edges[0], box.bottom)
    if place == others:
        edges = (box.top, edges[1])
    return marks.box(0, 1, *edges, INK, opacity=shade, xref="paper")


def _level(y: float, ink: str) -> Mark:
    return marks.rule(0, 1, y, y, ink=ink, wide=1) | {"xref": "paper"}


def _within(box: Box, top: float, bottom: float) -> tuple[float, float]:
    return max(top, box.top), min(bottom, box.bottom)
