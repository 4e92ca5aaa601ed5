"""Each person's change as a bar, best to worst, and the unseen as a block of their true width."""

from typing import Final

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import marks
from dashboard.charts.claim.changes import MOST_BARS, TALLEST, Changes
from dashboard.charts.claim.waterfall_labels import LEFT, Place, labels, needs_strip
from dashboard.charts.theme import AXIS, HAIR, HARM, OURS, REST, Mark, figure
from dashboard.charts.words import NBSP, signed
from models.scales import Scale

HEIGHT, EDGE = 320, 8  # px, the latter above and below the plot
LOWEST: Final = -104  # per cent, a little below everything gone
STEP: Final = 50
HALF: Final = 50  # the depth of the line of response, where the scale has none
NO_HOVER: Final = {"hoverinfo": "skip"}
BLOCK: Final = 0.8  # of that depth: the block of the unseen reaches no line, for nobody knows how they did


def waterfall(changes: Changes, scale: Scale, *, one_by_one: bool) -> go.Figure:
    """The changes in per cent of baseline; of more than 200 people 200 quantiles, the worst among them.

    Unless it may be read `one_by_one`, no bar tells from where to where.
    """
    tallest = min(max(changes.percent.max(initial=0), STEP), TALLEST)
    seen = 100 * changes.seen / max(changes.seen + changes.unseen, 1)
    lines = 2.7 if needs_strip(changes, seen) else 1.5
    line = 16 * (tallest - LOWEST) / (HEIGHT - 2 * EDGE - 16 * lines)  # per cent that a line of text takes
    top = tallest + lines * line
    half = -(scale.response_percent or HALF)
    shapes = [marks.hollow(seen, 100, BLOCK * half, 0)] if changes.unseen else []
    if scale.response_percent:
        shapes.append(marks.rule(0, 100, half, half, wide=1.2, dash="dash"))
    numbers = range(-2 * STEP, int(tallest) + 1, STEP)
    place = Place(seen, half, line, top)
    return figure(
        HEIGHT,
        _bars(changes, scale, seen, one_by_one=one_by_one),
        shapes=shapes,
        texts=labels(changes, scale, place),
        margin={"l": LEFT, "r": 0, "t": EDGE, "b": EDGE, "pad": 6},
        bargap=0,
        xaxis=AXIS | {"range": [0, 100], "showticklabels": False},
        yaxis=AXIS
        | {"range": [LOWEST, top], "showgrid": True, "gridcolor": HAIR}
        | {"tickvals": list(numbers), "ticktext": [signed(number) for number in numbers]},
    )


def _bars(changes: Changes, scale: Scale, seen: float, *, one_by_one: bool) -> list[Mark]:
    """One trace a colour; every bar has the width of its share of the people counted."""
    bars = min(changes.seen, MOST_BARS)
    if not bars:
        return []
    ranks = np.linspace(0, changes.seen - 1, bars).round().astype(int)
    width = seen / bars
    centres = (np.arange(bars) + 0.5) * width
    baseline, endpoint, percent = changes.baseline[ranks], changes.endpoint[ranks], changes.percent[ranks]
    met, worse = changes.met[ranks], changes.worse[ranks]
    told = np.array(
        [
            f"{scale.shown(b)} to {scale.shown(e)}: {_percent(p)}"
            for b, e, p in zip(baseline, endpoint, percent, strict=True)
        ]
    )
    return [
        {
            "type": "bar",
            "x": centres[which].tolist(),
            "y": percent[which].clip(max=TALLEST).tolist(),
            "width": width,
            "marker": {"color": ink, "line": {"width": 0}},
            **({"hovertext": told[which].tolist(), "hoverinfo": "text"} if one_by_one else NO_HOVER),
        }
        for which, ink in ((met, OURS), (~met & ~worse, REST), (worse, HARM))
        if which.any()
    ]


def _percent(change: float) -> str:
    """`−57 %`, `0`, `+12 %`."""
    rounded = round(change)
    return f"{signed(rounded)}{NBSP}%" if rounded else "0"
