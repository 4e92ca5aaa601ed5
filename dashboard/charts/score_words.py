"""The scores that matter, written beside their dots where the line leaves room."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from dashboard.charts import marks
from dashboard.charts.course import Panel, Score
from dashboard.charts.panels import FULL, Box, plot_width
from dashboard.charts.theme import INK, OURS, Mark
from dashboard.charts.timeline import Timeline

AWAY: Final = 18  # px from a dot to the middle of its words
BESIDE: Final = 16  # px from the last dot to its number
CLEAR_OF: Final = 11  # px from the middle of a word to the middle of a dot beside it
OVERHANG: Final = 5  # per cent by which words may reach into the margin
LOW: Final = 24  # px above the floor under which no word fits below a dot


def scores(panel: Panel, timeline: Timeline, box: Box) -> Iterator[Mark]:
    """Baseline, endpoint and the last score as numbers, where the line leaves room."""
    used = [score for score in panel.scores if score.kind != "unused"]
    line = list(along(panel, timeline, box))
    for place, score in enumerate(used):
        beside = [other.total for other in (*used[max(place - 1, 0) : place], *used[place + 1 : place + 2])]
        in_valley = bool(beside) and sum(beside) / len(beside) > score.total
        sides = [-1, 1] if not in_valley or box.bottom - box.y(score.total) < LOW else [1, -1]
        words = f"<b>{box.scale.shown(score.total)}</b>"
        if score.kind in ("baseline", "endpoint"):
            spots = [_beside(score, f"{words} {score.kind}", timeline, box, side) for side in _corners(sides)]
            free = (spot for spot in spots if not any(_touches(point, spot, timeline) for point in line))
            yield next(free, spots[0])
        elif place == len(used) - 1:
            y = box.y(score.total) + sides[0] * BESIDE
            yield marks.text(timeline.at(score.day), y, words, ink=INK, size=13)


def along(panel: Panel, timeline: Timeline, box: Box) -> Iterator[tuple[float, float]]:
    """Points of the patient's line: how far across, in per cent, and how far down, in pixels."""
    for before, after in pairwise([*panel.scores, *panel.scores[-1:]]):
        for part in range(8):
            day = before.day + (after.day - before.day) * part / 8
            yield timeline.share(day), box.y(before.total + (after.total - before.total) * part / 8)


def around(text: Mark, timeline: Timeline) -> Iterator[tuple[float, float]]:
    """Points of words beside a score."""
    start, end = _extent(text, timeline)
    for part in range(6):
        yield start + (end - start) * part / 5, text["y"]


def _corners(sides: Sequence[int]) -> list[tuple[int, int]]:
    """Right or left and under or over a dot, the likelier ones first."""
    return [(across, down) for across in (1, -1) for down in sides]


def _beside(score: Score, words: str, timeline: Timeline, box: Box, corner: tuple[int, int]) -> Mark:
    across, down = corner
    reach = across * (12 if score.kind == "baseline" else 4)
    look = {"anchor": "left" if across > 0 else "right", "ink": OURS if score.kind == "endpoint" else INK}
    return marks.text(
        timeline.at(score.day), box.y(score.total) + down * AWAY, words, size=13, xshift=reach, **look
    )


def _touches(point: tuple[float, float], text: Mark, timeline: Timeline) -> bool:
    """Whether a point of the line lies under the words, or the words leave the narrowest plot."""
    start, end = _extent(text, timeline)
    inside = start < point[0] < end and abs(text["y"] - point[1]) < CLEAR_OF
    return inside or start < 0 or end > FULL + OVERHANG


def _extent(text: Mark, timeline: Timeline) -> tuple[float, float]:
    """From where to where, in per cent of the plot, words beside a score reach."""
    width = plot_width(text["text"], text["font"]["size"]) + 3
    start = FULL * (text["x"] - timeline.low) / (timeline.high - timeline.low)
    start -= {"left": 0, "center": width / 2, "right": width}[text["xanchor"]]
    return start, start + width
