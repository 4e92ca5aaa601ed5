"""Finding room for words among the lines, dots and words of a course, where its figure is narrowest."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

from dashboard.charts import marks
from dashboard.charts.theme import NARROWEST, Mark

LEFT, RIGHT = 40, 74  # px beside the plot: of axis numbers, and of the names of lines
FULL: Final = 100
OVERHANG: Final = 3  # per cent by which words may reach into the right margin
CLEAR_OF: Final = 11  # px from the middle of a word to a dot or a line
TALL: Final = 4  # px from the middle of a word to its edges, where CLEAR_OF begins

Point = tuple[float, float]
"""Per cent across the plot, pixels down the figure."""


def word(
    across: float,
    down: float,
    words: str,
    *,
    anchor: str = "center",
    size: int = 12,
    shift: int = 0,
    ink: str,
) -> Mark:
    """Words in a panel, placed in per cent of its width."""
    place = {"xref": "paper", "xshift": shift}
    return marks.text(across / FULL, down, words, ink=ink, size=size, anchor=anchor, **place)


def width(words: str, size: int) -> float:
    """About how many per cent of the narrowest plot these words take."""
    return marks.width(words, size) * NARROWEST / (NARROWEST - LEFT - RIGHT)


def points_of(text: Mark) -> Iterator[Point]:
    """Points all over placed words."""
    start, end = _extent(text)
    steps = ceil(end - start)
    for part in range(steps + 1):
        for row in (-TALL, 0, TALL):
            yield start + (end - start) * part / steps, text["y"] + row


def best(spots: Sequence[Mark], line: Sequence[Point], words: Sequence[Point]) -> Mark:
    """The first place in the plot free of line and words; else free of words; else in it; else the first."""
    for taken in ([*line, *words], words, ()):
        free = next((spot for spot in spots if is_free(spot, taken)), None)
        if free:
            return free
    return spots[0]


def is_free(spot: Mark, taken: Sequence[Point]) -> bool:
    """Whether words lie within the plot, and none of these points under them."""
    start, end = _extent(spot)
    under = (start < across < end and abs(down - spot["y"]) < CLEAR_OF for across, down in taken)
    return start >= -1 and end <= FULL + OVERHANG and not any(under)


def _extent(text: Mark) -> tuple[float, float]:
    """From where to where words reach; a shift in pixels is much of a narrow plot, little of a wide one."""
    wide = width(text["text"], text["font"]["size"])
    shift = FULL * text["xshift"] / (NARROWEST - LEFT - RIGHT)
    start = FULL * text["x"] - {"left": 0, "center": wide / 2, "right": wide}[text["xanchor"]]
    return start + min(shift, 0) - 1, start + max(shift, 0) + wide + 1
