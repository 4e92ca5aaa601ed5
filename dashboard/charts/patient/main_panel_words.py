"""The words in and beside the panel of the question's own scale."""

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil
from typing import Final

from dashboard.charts import marks
from dashboard.charts.patient.course import Course, Span
from dashboard.charts.patient.main_panel import numbers, thresholds
from dashboard.charts.patient.panels import Box
from dashboard.charts.patient.room import FULL, Point, best, is_free, points_of, width, word
from dashboard.charts.patient.score_words import along, scores
from dashboard.charts.patient.timeline import Timeline
from dashboard.charts.theme import MUTED, OURS, Mark
from models.scales import Band

LINE: Final = 16  # px that a line of text takes
NAME: Final = 2 * LINE  # and a name of two lines
SMALL: Final = 11  # px, the names of bands
STEP: Final = 4  # px between the heights that are tried for one


def words_in(course: Course, timeline: Timeline, box: Box, *, error: int | None) -> list[Mark]:
    """Axis numbers, the names of bands, lines and window, and the scores that matter written out."""
    levels = [box.y(threshold.at_most + 0.5) for threshold in thresholds(course)]
    line = [*along(course.main, timeline, box), *((across, y) for y in levels for across in range(FULL))]
    written = scores(course.main, timeline, box, line)
    if course.window:
        written.append(best(_windows(course.window, timeline, box), line, _points(written)))
    return [
        *(axis_number(box.scale.shown(number), box.y(number)) for number in numbers(box)),
        *_bands(box, levels, line, _points(written)),
        *_lines(course, box, error),
        *written,
    ]


def axis_number(words: str, y: float) -> Mark:
    """A number in the left margin."""
    return marks.text(0, y, words, anchor="right", xref="paper", xshift=-6)


def _points(written: Sequence[Mark]) -> list[Point]:
    return [point for text in written for point in points_of(text)]


def nameless(box: Box) -> list[Band]:
    """The bands lower than a line of text, which have no room for their names."""
    edges = ((band, *_edges(band, box)) for band in box.scale.bands)
    return [band for band, top, bottom in edges if bottom - top < LINE]


def _edges(band: Band, box: Box) -> tuple[float, float]:
    return max(box.y(band.high + 0.5), box.top), min(box.y(band.low - 0.5), box.bottom)


def _bands(
    box: Box, levels: Sequence[float], line: Sequence[Point], words: Sequence[Point]
) -> Iterator[Mark]:
    """Each band's name under its upper edge, as far right as nothing is in its way; none over other words.

    In a band that leaves no room under its edge it stands in the middle, and in one lower than a line not at
    all: the legend has it.
    """
    unnamed = nameless(box)
    for band in box.scale.bands:
        if band in unnamed:
            continue
        top, bottom = _edges(band, box)
        first = max((level for level in levels if top <= level < top + LINE), default=top) + 11
        rows = [float(row) for row in range(ceil(first), int(bottom - LINE / 2) + 1, STEP)]
        rows = rows or [(top + bottom) / 2]
        ends = range(FULL, int(width(band.name, SMALL)), -1)
        spots = [_name(band.name, end, row) for row in rows for end in ends]
        name = best(spots, line, words) if spots else None
        if name and is_free(name, words):
            yield name


def _name(name: str, end: float, row: float) -> Mark:
    return word(end, row, escape(name), anchor="right", size=SMALL, shift=-5, ink=MUTED)


def _lines(course: Course, box: Box, error: int | None) -> Iterator[Mark]:
    """Beside its line each threshold's name, pushed apart where they would touch."""
    scale = box.scale
    named = []
    for line in thresholds(course):
        or_less = "" if line.at_most == scale.low else " or less"
        words = f"<b>{line.name}</b><br>{scale.shown(line.at_most)}{or_less}"
        named.append((box.y(line.at_most + 0.5), words, OURS))
    if error and course.main.baseline:
        named.append((box.y(course.main.baseline.total), f"<b>± {scale.shown(error)}</b><br>error", MUTED))
    named.sort()
    for y, (_, words, ink) in zip(_apart([y for y, _, _ in named], box), named, strict=True):
        yield marks.text(1, y, words, ink=ink, anchor="left", xref="paper", xshift=8)


def _apart(heights: list[float], box: Box) -> list[float]:
    """Heights in order, moved as little as it takes for a name to fit at each, none below the panel."""
    placed: list[float] = []
    for y in heights:
        placed.append(max(y, placed[-1] + NAME) if placed else max(y, box.top + NAME / 2))
    lowest = box.bottom - NAME / 2
    for place in reversed(range(len(placed))):
        placed[place] = min(placed[place], lowest)
        lowest = placed[place] - NAME
    return placed


def _windows(window: Span, timeline: Timeline, box: Box) -> list[Mark]:
    """Where the word can stand in its column, the top first."""
    half = width("window", 12) / 2
    middle = (timeline.share(window.first_day) + timeline.share(window.last_day + 1)) / 2
    across = min(max(middle, half), FULL - half)
    rows = (box.top + 12, box.top + 12 + LINE, box.bottom - 2 * LINE, box.bottom - 4 * LINE)
    return [word(across, row, "window", ink=OURS) for row in rows]
