import json
import re
from collections import Counter
from typing import Any

import plotly.graph_objects as go
import pytest
from plotly.io import to_json

from dashboard.charts import marks
from dashboard.charts.theme import INK, OURS, PAPER, RULE, TOKENS, figure, rows
from dashboard.charts.thrift import joined_dots, joined_shapes, painted, thrifty
from dashboard.theme import Mode, palette
from tests.dashboard.charts.gallery import figures

EVERY = figures()
UNPAINTED = {token: token for token in (*TOKENS, PAPER)}


def rectangles(path: str) -> list[tuple[float, ...]]:
    number = r"(-?[\d.]+(?:e-?\d+)?)"
    corners = re.findall(rf"M{number},{number}H{number}V{number}H\1Z", path)
    return [tuple(map(float, corner)) for corner in corners]


def words(drawn: go.Figure) -> Counter[str]:
    spec = drawn.to_dict()
    in_traces = (text for trace in spec["data"] for text in trace.get("text", ()))
    return Counter([*in_traces, *(text["text"] for text in spec["layout"].get("annotations", ()))])


def dots(drawn: go.Figure) -> set[tuple[Any, ...]]:
    found = set()
    for trace in drawn.to_dict()["data"]:
        if trace.get("mode") == "markers":
            size, told = trace["marker"]["size"], trace.get("hovertemplate")
            for place, (x, y) in enumerate(zip(trace["x"], trace["y"], strict=True)):
                big = size[place] if isinstance(size, list | tuple) else size
                found.add((x, y, big, (told[place] if isinstance(told, list | tuple) else told) or None))
    return found


def test_rectangles_of_one_look_become_one_path_and_keep_their_corners() -> None:
    shapes = [marks.box(0, 10, 1, 2, OURS), marks.box(30, 20, 4, 3, OURS), marks.box(5, 6, 7, 8, RULE)]
    ours, rule = joined_shapes(shapes)
    assert rectangles(ours["path"]) == [(0, 1, 10, 2), (20, 3, 30, 4)]
    assert (ours["fillcolor"], rule["fillcolor"]) == (OURS, RULE)


def test_rectangles_lying_on_one_another_do_not_cancel() -> None:
    (both,) = joined_shapes([marks.box(0, 10, 0, 10, OURS), marks.box(5, 15, 5, 15, OURS)])
    assert both["fillrule"] == "nonzero"


def test_shapes_of_dates_stay_as_they_are() -> None:
    span = marks.box("2026-01-01", "2026-02-01", 0, 1, OURS)
    assert joined_shapes([span]) == [span]


def test_single_dots_become_one_trace_with_their_looks_and_words() -> None:
    small = {"size": 7, "color": INK, "line": {"color": OURS, "width": 1}, "opacity": 1}
    (both,) = joined_dots(
        [marks.points([1], [2], small, hover="one"), marks.points([3], [4], small | {"size": 9})]
    )
    assert (both["x"], both["y"], both["marker"]["size"]) == ([1, 3], [2, 4], [7, 9])
    assert both["hovertemplate"] == ["one<extra></extra>", ""]
    assert both["hoverinfo"] == ["all", "skip"]


def test_words_at_an_edge_stay_there() -> None:
    drawn = thrifty(
        figure(50, texts=[marks.left(10, "left"), marks.right(20, "right")], **rows(50)), UNPAINTED
    )
    (trace,) = drawn.to_dict()["data"]
    assert (trace["x"], trace["y"]) == ([-2.5, 102.5], [10, 20])
    assert trace["textposition"] == ["middle right", "middle left"]


@pytest.mark.parametrize("drawn", EVERY.values(), ids=EVERY.keys())
def test_nothing_is_lost(drawn: go.Figure) -> None:
    before, spec = drawn.to_dict(), drawn.to_json()
    after = thrifty(drawn, UNPAINTED)
    assert drawn.to_json() == spec
    assert words(after) == words(drawn)
    assert dots(after) == dots(drawn)
    boxes = [shape for shape in before["layout"].get("shapes", ()) if shape["type"] == "rect"]
    kept = [shape for shape in after.to_dict()["layout"]["shapes"] if shape["type"] == "rect"]
    paths = [shape["path"] for shape in after.to_dict()["layout"]["shapes"] if shape["type"] == "path"]
    assert len(boxes) == len(kept) + sum(len(rectangles(path)) for path in paths)


@pytest.mark.parametrize("drawn", EVERY.values(), ids=EVERY.keys())
def test_plotly_accepts_the_same_picture_in_fewer_pieces(drawn: go.Figure) -> None:
    checked = go.Figure(thrifty(drawn, UNPAINTED).to_dict())
    assert len(checked.data) <= len(drawn.data) + 2


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("drawn", EVERY.values(), ids=EVERY.keys())
def test_no_token_reaches_the_browser_unpainted(drawn: go.Figure, mode: Mode) -> None:
    assert "#0000" not in thrifty(drawn, palette(mode)).to_json()


def test_a_token_is_painted_inside_words_too() -> None:
    words = f"<span style='color:{INK}'>43</span> of 100"
    assert painted({"text": [words, 5]}, {INK: "black"}) == {
        "text": ["<span style='color:black'>43</span> of 100", 5]
    }


@pytest.mark.parametrize("drawn", EVERY.values(), ids=EVERY.keys())
def test_a_figure_handed_over_twice_is_seen_to_be_the_same(drawn: go.Figure) -> None:
    layout = json.loads(to_json(thrifty(drawn, UNPAINTED), validate=False))["layout"]
    assert layout["template"] is None
    assert layout["datarevision"] == 1
