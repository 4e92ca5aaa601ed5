"""The same picture in fewer pieces: a browser pays for every shape, every annotation and every trace.

Charts say what they draw mark by mark; this is the last step before a figure leaves for the browser.
Shapes of one look become one path, texts and single dots become one trace each.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import plotly.graph_objects as go

from dashboard.charts.theme import PAPER, TOKENS, Mark

_TOKEN: Final = re.compile("|".join([*TOKENS, PAPER]))
_CORNERS: Final = ("x0", "x1", "y0", "y1")
_SIDE: Final = {"left": "right", "center": "center", "right": "left"}  # an anchor, and where words then lie
_HEIGHT: Final = {"top": "bottom", "middle": "middle", "bottom": "top"}
_PLAIN_TEXT: Final = {"text", "font", "showarrow", "borderpad", "borderwidth", "align"}
_PLACE: Final = {"x", "y", "xref", "yref", "xanchor", "yanchor"}


def thrifty(figure: go.Figure, colours: Mapping[str, str]) -> go.Figure:
    """A figure that looks the same and is drawn faster, tokens as `colours`; `figure` is left as it is.

    Without a template and with a revision, the browser sees that nothing changed when Streamlit hands it
    the same figure a second time, as it always does, and does not draw it again.
    """
    spec = figure.to_dict()
    layout = spec["layout"]
    movable = [text for text in layout.get("annotations", ()) if _is_plain(text, layout)]
    fixed = [text for text in layout.get("annotations", ()) if not _is_plain(text, layout)]
    layout["annotations"] = fixed
    layout["shapes"] = joined_shapes(layout.get("shapes", ()))
    layout["datarevision"] = 1
    traces = [*joined_dots(spec["data"]), *written(movable, layout)]
    drawn = go.Figure(data=painted(traces, colours), layout=painted(layout, colours), _validate=False)
    drawn.layout.template = None
    return drawn


def painted(part: Any, colours: Mapping[str, str]) -> Any:
    """Any part of a figure with each token in its colour, those inside words too."""
    if isinstance(part, dict):
        return {name: painted(value, colours) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [painted(each, colours) for each in part]
    return _TOKEN.sub(lambda token: colours[token[0]], part) if isinstance(part, str) else part


def joined_shapes(shapes: Iterable[Mark]) -> list[Mark]:
    """Rectangles and lines of one look as one path, where the first of them lay."""
    looks: dict[str, Mark] = {}
    for number, shape in enumerate(shapes):
        look = {name: value for name, value in shape.items() if name not in _CORNERS}
        corners = [shape.get(name) for name in _CORNERS]
        if shape["type"] == "path" or not all(isinstance(corner, int | float) for corner in corners):
            looks[str(number)] = shape
            continue
        drawn = looks.setdefault(repr(look), look | {"type": "path", "path": "", "fillrule": "nonzero"})
        drawn["path"] += _path(shape)
    return list(looks.values())


def _path(shape: Mark) -> str:
    x0, x1, y0, y1 = (round(shape[name], 6) for name in _CORNERS)
    if shape["type"] == "line":
        return f"M{x0},{y0}L{x1},{y1}"
    (x0, x1), (y0, y1) = sorted((x0, x1)), sorted((y0, y1))
    return f"M{x0},{y0}H{x1}V{y1}H{x0}Z"


def joined_dots(traces: Iterable[Mark]) -> list[Mark]:
    """Traces of one dot each as one trace, where the first of them lay."""
    drawn: list[Mark] = []
    dots: Mark | None = None
    for trace in traces:
        if not _is_dot(trace):
            drawn.append(trace)
            continue
        if dots is None:
            dots = trace | {name: [] for name in ("x", "y", "hovertemplate", "hoverinfo")}
            dots["marker"] = {"symbol": [], "size": [], "color": [], "line": {"color": [], "width": []}}
            dots["marker"]["opacity"] = 1
            drawn.append(dots)
        marker, told = trace["marker"], trace.get("hovertemplate")
        for name in ("x", "y"):
            dots[name].append(trace[name][0])
        dots["hovertemplate"].append(told or "")
        dots["hoverinfo"].append("all" if told else "skip")
        dots["marker"]["symbol"].append(marker.get("symbol", "circle"))
        for name in ("size", "color"):
            dots["marker"][name].append(marker[name])
        for name in ("color", "width"):
            dots["marker"]["line"][name].append(marker["line"][name])
    return drawn


def _is_dot(trace: Mark) -> bool:
    """Whether a trace is one point on the first axes that nothing else is known of."""
    known = {"type", "mode", "x", "y", "marker", "cliponaxis", "hovertemplate", "hoverinfo"}
    one = trace.get("mode") == "markers" and set(trace) <= known and len(trace["x"]) == 1
    if not one or trace["marker"].get("opacity") != 1:
        return False
    look = {name: value for name, value in trace["marker"].items() if name not in ("symbol", "opacity")}
    return set(look) == {"size", "color", "line"} and set(look["line"]) == {"color", "width"}


def written(texts: Sequence[Mark], layout: Mark) -> list[Mark]:
    """Words as traces, one a pair of axes."""
    traces: dict[tuple[str, str], Mark] = {}
    for text in texts:
        on_paper = text.get("xref") == "paper"
        axes = ("x" if on_paper else text.get("xref", "x"), text.get("yref", "y"))
        trace = traces.setdefault(axes, _empty_words(*axes))
        first, last = layout["xaxis"]["range"] if on_paper else (0, 1)
        trace["x"].append(first + text["x"] * (last - first) if on_paper else text["x"])
        for name in ("y", "text"):
            trace[name].append(text[name])
        side, height = _SIDE[text["xanchor"]], _HEIGHT[text["yanchor"]]
        trace["textposition"].append(f"{height} {side}")
        for name in ("size", "color"):
            trace["textfont"][name].append(text["font"][name])
    return list(traces.values())


def _empty_words(across: str, up: str) -> Mark:
    return {
        "type": "scatter",
        "mode": "text",
        "xaxis": across,
        "yaxis": up,
        "x": [],
        "y": [],
        "text": [],
        "textposition": [],
        "textfont": {"size": [], "color": []},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _is_plain(text: Mark, layout: Mark) -> bool:
    """Whether an annotation is nothing but words at a point of fixed axes."""
    across, up = (text.get(f"{letter}ref", letter) for letter in "xy")
    if across == "paper":  # the first axis, whose whole width the plot's is
        across = "x"
    axes = (layout.get(ref.replace(ref[0], f"{ref[0]}axis", 1), {}) for ref in (across, up))
    return set(text) <= _PLAIN_TEXT | _PLACE and all(_is_fixed(axis) for axis in axes)


def _is_fixed(axis: Mark) -> bool:
    """Whether an axis runs from number to number, whatever is drawn on it."""
    return all(isinstance(end, int | float) for end in axis.get("range", (None,)))
