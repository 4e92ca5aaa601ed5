"""The scores that matter, written beside their dots where the line leaves room."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from dashboard.charts.patient.course import Panel, Score
from dashboard.charts.patient.panels import Box
from dashboard.charts.patient.room import Point, best, is_free, points_of, word
from dashboard.charts.patient.timeline import Timeline
from dashboard.charts.theme import INK, OURS, Mark

AWAY: Final = 18  # px from a dot to the middle of its words
LOW: Final = 24  # px above the floor under which no word fits below a dot
STEPS: Final = 12  # points of the line between two scores
SIZE: Final = 13


def scores(panel: Panel, timeline: Timeline, box: Box, lines: Sequence[Point]) -> list[Mark]:
    """Baseline, endpoint and the last score as numbers, on the side where no line is."""
    used = [score for score in panel.scores if score.kind != "unused"]
    written: list[Mark] = []
    for place, score in enumerate(used):
        if score.kind == "scored" and place < len(used) - 1:
            continue
        neighbours = [*used[max(place - 1, 0) : place], *used[place + 1 : place + 2]]
        taken = [point for text in written for point in points_of(text)]
        spot = best(_spots(score, neighbours, timeline, box), lines, taken)
        if score.kind != "scored" or is_free(spot, taken):
            written.append(spot)
    return written


def along(panel: Panel, timeline: Timeline, box: Box) -> Iterator[Point]:
    """Points of the patient's line and dots."""
    for before, after in pairwise([*panel.scores, *panel.scores[-1:]]):
        for part in range(STEPS):
            day = before.day + (after.day - before.day) * part / STEPS
            yield timeline.share(day), box.y(before.total + (after.total - before.total) * part / STEPS)


def _spots(score: Score, neighbours: Sequence[Score], timeline: Timeline, box: Box) -> list[Mark]:
    """Where a score's words could stand, the likelier places first: in a valley below the dot, else above."""
    totals = [neighbour.total for neighbour in neighbours]
    in_valley = bool(totals) and sum(totals) / len(totals) > score.total
    low = box.bottom - box.y(score.total) < LOW
    sides = [AWAY, -AWAY] if in_valley and not low else [-AWAY] if low else [-AWAY, AWAY]
    across, down = timeline.share(score.day), box.y(score.total)
    number = f"<b>{box.scale.shown(score.total)}</b>"
    if score.kind == "scored":
        beside = [
            word(across, down, number, anchor=anchor, size=SIZE, shift=shift, ink=INK)
            for anchor, shift in (("left", 10), ("right", -10))
        ]
        return [*(word(across, down + side, number, size=SIZE, ink=INK) for side in sides), *beside]
    ink, reach = (OURS, 4) if score.kind == "endpoint" else (INK, 12)
    return [
        word(across, down + side, f"{number} {score.kind}", anchor=anchor, size=SIZE, shift=shift, ink=ink)
        for side in (*sides, -2 * AWAY, -3 * AWAY)
        if down + side > box.top - LOW
        for anchor, shift in (("left", reach), ("right", -reach))
    ]
