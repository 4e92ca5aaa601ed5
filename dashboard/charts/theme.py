"""The look every figure shares: ten colour tokens, one axis, one empty figure.

The page puts the colours of light or of dark in place of these strings (`dashboard/theme.py`), wherever
they stand in a figure. A chart therefore knows no mode and is right in both.
"""

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go

OURS: Final = "#000001"
HARM: Final = "#000002"
INK: Final = "#000003"
MUTED: Final = "#000004"
REST: Final = "#000005"
GAP: Final = "#000006"
RULE: Final = "#000007"
HAIR: Final = "#000008"
OURS_SOFT: Final = "#000009"
HARM_SOFT: Final = "#000010"
PAPER: Final = "#000038"
CLEAR: Final = "rgba(0,0,0,0)"
TOKENS: Final = (OURS, HARM, INK, MUTED, REST, GAP, RULE, HAIR, OURS_SOFT, HARM_SOFT)
"""In the order of `chartCategoricalColors` in `dashboard/theme.toml`."""
FONT: Final = '"Source Sans", sans-serif'

AXIS: Final = {
    "showgrid": False,
    "zeroline": False,
    "showline": False,
    "ticks": "",
    "fixedrange": True,
    "automargin": False,
    "tickfont": {"size": 12, "color": MUTED},
    "title": {"text": ""},
}
CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
BEYOND: Final = 2.5  # per cent of the axis before 0 and after 100, so that a dot there is whole
NARROWEST: Final = 318  # px a figure gets on a phone; every label must find room there

Mark = dict[str, Any]  # one trace, shape or annotation as Plotly takes it


def figure(
    height: int,
    traces: Sequence[Mark] = (),
    *,
    shapes: Sequence[Mark] = (),
    texts: Sequence[Mark] = (),
    **layout: Any,
) -> go.Figure:
    """A figure in the house's look, built in one go: adding marks one by one costs twenty times as much."""
    look = {
        "height": height,
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "hoverlabel": {
            "bgcolor": INK,
            "bordercolor": INK,
            "font": {"color": PAPER, "size": 13},
            "align": "left",
        },
        "shapes": list(shapes),
        "annotations": list(texts),
    }
    # Plotly checking every property again takes most of the time it takes to draw; the tests have it checked
    drawn = go.Figure(data=list(traces), layout=look | layout, _validate=False)
    drawn.layout.template = None  # all it would set is set here
    return drawn


def rows(height: int, *, beyond: float = BEYOND) -> Mark:
    """Layout of a figure of labelled rows: across 0 to 100 per cent, downwards pixels from the top."""
    return {
        "xaxis": AXIS | {"range": [-beyond, 100 + beyond], "showticklabels": False},
        "yaxis": AXIS | {"range": [height, 0], "showticklabels": False},
    }
