"""The waterfall's words: every group is named on itself where it has room, else in free space beside it."""

from typing import Final, NamedTuple

from dashboard.charts import marks
from dashboard.charts.claim.changes import TALLEST, Changes
from dashboard.charts.outcome_words import share
from dashboard.charts.theme import HARM, INK, NARROWEST, OURS, Mark
from dashboard.charts.words import whole
from models.scales import Scale

LEFT: Final = 48  # px of axis numbers
NARROW: Final = 26  # per cent of the width under which the block of the unseen is named elsewhere
GAP: Final = 2  # per cent between a bar and words beside it
FULL: Final = 100


class Place(NamedTuple):
    """In per cent: where the bars end, how deep response lies, a line of text, the top of the figure."""

    seen: float
    half: float
    line: float
    top: float


def labels(changes: Changes, scale: Scale, place: Place) -> list[Mark]:
    """The four groups and the line of response, none of them over another or over a bar of another colour."""
    return [
        *_responded(changes, place),
        *_worse(changes, scale, place),
        *_line(changes, scale, place),
        *_block(changes, place),
        *_others(changes, place),
    ]


def needs_strip(changes: Changes, seen: float) -> bool:
    """Whether the blue bars leave the others' names no room beside them, only above."""
    return _blue(changes, seen) + GAP + _width(_others_words(changes, seen)) > FULL


def _responded(changes: Changes, place: Place) -> list[Mark]:
    met = int(changes.met.sum())
    words = f"<b>{whole(met)} responded</b>"
    if not met:
        return []
    blue = _blue(changes, place.seen)
    not_higher = place.seen * float((changes.percent <= 0).mean())
    if not_higher > _width(words, 13):
        x = max(blue, _width(words, 13)) / 2
        return [marks.text(x, 0.7 * place.line, words, ink=OURS, size=13)]
    y = place.half - 3 * place.line
    return [marks.text(blue + GAP, y, words, ink=OURS, size=13, anchor="left")]


def _worse(changes: Changes, scale: Scale, place: Place) -> list[Mark]:
    worse = int(changes.worse.sum())
    if not worse:
        return []
    words = f"<b>{whole(worse)} {'scored higher' if scale.deterioration is None else 'got worse'}</b>"
    half = _width(words, 13) / 2
    x = min(max(place.seen * (1 - worse / changes.seen / 2), half), FULL - half)
    y = min(float(changes.percent.max()), TALLEST) + 0.7 * place.line
    return [marks.text(x, y, words, ink=HARM, size=13)]


def _line(changes: Changes, scale: Scale, place: Place) -> list[Mark]:
    if not scale.response_percent:
        return []
    words = f"{share(scale.response_percent)} of baseline gone"
    blue = _blue(changes, place.seen)
    if FULL - blue - GAP < _width(words):
        return []
    return [marks.text(blue + GAP, place.half - 0.6 * place.line, words, ink=INK, anchor="left")]


def _block(changes: Changes, place: Place) -> list[Mark]:
    """The unseen, named in their block where it is wide enough."""
    block = FULL - place.seen
    if not changes.unseen or block < NARROW:
        return []
    words = f"<b>{whole(changes.unseen)}</b> not scored in time"
    if _width(words) > block - 2 * GAP:
        words = words.replace("not ", "not<br>")
    return [marks.text(place.seen + block / 2, 0.4 * place.half, words)]


def _others(changes: Changes, place: Place) -> list[Mark]:
    words = _others_words(changes, place.seen)
    if not words:
        return []
    if needs_strip(changes, place.seen):
        return [marks.text(FULL, place.top - 0.6 * place.line, words, anchor="right")]
    blue, half = _blue(changes, place.seen), _width(words) / 2
    centre = blue + place.seen * changes.between / max(changes.seen, 1) / 2
    x = min(max(centre, blue + GAP + half), FULL - half)
    return [marks.text(x, place.half - 1.9 * place.line, words)]


def _others_words(changes: Changes, seen: float) -> str:
    names = [f"<b>{whole(changes.between)}</b> in between"] if changes.between else []
    if changes.unseen and FULL - seen < NARROW:
        names.append(f"<b>{whole(changes.unseen)}</b> not scored in time")
    return ", ".join(names)


def _blue(changes: Changes, seen: float) -> float:
    """Per cent of the width that those who responded take."""
    return seen * int(changes.met.sum()) / max(changes.seen, 1)


def _width(words: str, size: int = 12) -> float:
    """Per cent of the plot these words take, where the figure is narrowest."""
    return marks.width(words, size) * NARROWEST / (NARROWEST - LEFT)
