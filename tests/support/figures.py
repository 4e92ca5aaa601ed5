"""Reading a figure back: its words without markup, its marks by kind, every colour in it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import plotly.graph_objects as go

from dashboard.charts import theme

TOKENS = frozenset(
    {
        theme.OURS,
        theme.HARM,
        theme.INK,
        theme.MUTED,
        theme.REST,
        theme.GAP,
        theme.RULE,
        theme.HAIR,
        theme.OURS_SOFT,
        theme.HARM_SOFT,
        theme.PAPER,
        theme.CLEAR,
    }
)


def words(figure: go.Figure) -> list[str]:
    """Every annotation's text, without markup, non-breaking spaces as spaces."""
    return [plain(text["text"]) for text in figure.to_dict()["layout"].get("annotations", [])]


def plain(text: str) -> str:
    return re.sub(r"<(?!br)[^>]*>", "", text).replace("<br>", " ").replace("\u00a0", " ")


def colours(part: Any) -> Iterator[str]:
    """Every colour anywhere in a figure's document, those in styles of words included."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "template":  # Streamlit puts its own in this place
                continue
            if key.endswith("color") and isinstance(value, str):
                yield value
            elif key.endswith("color") and isinstance(value, list | tuple):
                yield from value
            else:
                yield from colours(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from colours(each)
    elif isinstance(part, str):
        yield from re.findall(r"color:([^;']+)", part)


def boxes(figure: go.Figure, fill: str) -> list[dict[str, Any]]:
    """The filled stretches of one colour."""
    return [shape for shape in _shapes(figure) if shape["type"] == "rect" and shape["fillcolor"] == fill]


def outlines(figure: go.Figure, dash: str) -> list[dict[str, Any]]:
    """The hollow stretches: solid ones are missing, dotted ones pending or too few."""
    return [shape for shape in boxes(figure, theme.CLEAR) if shape["line"]["dash"] == dash]


def lines(figure: go.Figure, ink: str) -> list[dict[str, Any]]:
    """The straight lines of one colour."""
    return [shape for shape in _shapes(figure) if shape["type"] == "line" and shape["line"]["color"] == ink]


def _shapes(figure: go.Figure) -> list[dict[str, Any]]:
    shapes: list[dict[str, Any]] = figure.to_dict()["layout"].get("shapes", [])
    return shapes


class Extent(NamedTuple):
    """Where words stand, in pixels from the figure's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    words: str

    def touches(self, other: "Extent", slack: float = 1) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > slack and down > 3 * slack


def extents(figure: go.Figure, width: int) -> list[Extent]:
    """Every annotation of a figure drawn this wide, by the mean width of a letter of Source Sans."""
    layout = figure.to_dict()["layout"]
    return [_extent(text, layout, width) for text in layout.get("annotations", [])]


def _extent(text: dict[str, Any], layout: dict[str, Any], width: int) -> Extent:
    margin = layout["margin"]
    inner = {"x": width - margin["l"] - margin["r"], "y": layout["height"] - margin["t"] - margin["b"]}
    lines = text["text"].split("<br>")
    size = text["font"]["size"]
    wide, high = max(len(plain(line)) for line in lines) * 0.43 * size, 1.25 * size * len(lines)

    def place(letter: str) -> float:
        if text.get(f"{letter}ref") == "paper":
            part = text[letter]
        else:
            first, last = layout[f"{letter}axis"]["range"]
            part = (text[letter] - first) / (last - first)
        return part * inner[letter]

    x = margin["l"] + place("x") + text.get("xshift", 0)
    y = margin["t"] + inner["y"] - place("y") - text.get("yshift", 0)
    left = x - {"left": 0, "center": wide / 2, "right": wide}[text["xanchor"]]
    top = y - {"top": 0, "middle": high / 2, "bottom": high}[text["yanchor"]]
    return Extent(left, top, left + wide, top + high, plain(text["text"]))
