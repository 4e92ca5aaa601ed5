"""The words in and beside the panel of the question's own scale."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from dashboard.charts import marks
from dashboard.charts.course import Course
from dashboard.charts.main_panel import numbers, thresholds
from dashboard.charts.panels import FULL, Box, plot_width
from dashboard.charts.score_words import CLEAR_OF, LOW, along, around, scores
from dashboard.charts.theme import MUTED, OURS, Mark
from dashboard.charts.timeline import Timeline

LINE: Final = 16  # px that a line of text takes
NAME: Final = 2 * LINE  # and a name of two lines


def words_in(course: Course, timeline: Timeline, box: Box, *, error: int | None) -> list[Mark]:
    """Axis numbers, the names of bands, lines and window, and the scores that matter written out."""
    written = list(scores(course.main, timeline, box))
    return [
        *(axis_number(box.scale.shown(number), box.y(number)) for number in numbers(box)),
        *_bands(course, timeline, box, written),
        *_lines(course, box, error),
        *_window(course, timeline, box),
        *written,
    ]


def axis_number(words: str, y: float) -> Mark:
    """A number in the left margin."""
    return marks.text(0, y, words, anchor="right", xref="paper", xshift=-6)


def _bands(course: Course, timeline: Timeline, box: Box, written: Sequence[Mark]) -> Iterator[Mark]:
    """Each band's name under its upper edge, as far right as neither line nor words are in its way."""
    taken = [
        *along(course.main, timeline, box),
        *(point for text in written for point in around(text, timeline)),
    ]
    for band in box.scale.bands:
        top, bottom = max(box.y(band.high + 0.5), box.top), min(box.y(band.low - 0.5), box.bottom)
        lines = [box.y(line.at_most + 0.5) for line in thresholds(course)]
        y = max((line for line in lines if top <= line < top + LINE), default=top) + 11
        if y + LINE / 2 > bottom:
            continue
        near = [share for share, height in taken if abs(height - y) < CLEAR_OF]
        width = plot_width(band.name, 11) + 4
        ends = range(FULL, int(width), -1)
        end = next((end for end in ends if not any(end - width < share < end for share in near)), FULL)
        yield marks.text(end / FULL, y, escape(band.name), size=11, anchor="right", xref="paper", xshift=-5)


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


def _window(course: Course, timeline: Timeline, box: Box) -> Iterator[Mark]:
    """The word on top of its column, out of the way of a high baseline and of the uppermost band's name."""
    if not course.window:
        return
    half = plot_width("window", 12) / 2
    middle = (timeline.share(course.window.first_day) + timeline.share(course.window.last_day + 1)) / 2
    across = min(max(middle, half), FULL - half)
    y, baseline, bands = box.top + 12, course.main.baseline, box.scale.bands
    if bands and across + half > FULL - plot_width(bands[-1].name, 11) - 4:
        y += LINE
    beside = baseline and across - half < timeline.share(baseline.day) + plot_width("21 baseline", 13)
    if baseline and beside and box.y(baseline.total) < box.top + 3 * LINE:
        y = box.bottom - LOW
    yield marks.text(across / 100, y, "window", ink=OURS, xref="paper")
