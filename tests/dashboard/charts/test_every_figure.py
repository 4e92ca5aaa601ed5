"""What the house asks of every figure, on plain and on extreme records."""

import json

import plotly.graph_objects as go
import pytest

from dashboard.charts import theme
from tests.dashboard.charts.gallery import figures
from tests.support.figures import TOKENS, colours

EVERY = figures()
every_figure = pytest.mark.parametrize("figure", EVERY.values(), ids=EVERY.keys())


@every_figure
def test_every_colour_is_a_token_so_that_light_and_dark_are_right(figure: go.Figure) -> None:
    assert set(colours(figure.to_dict())) <= TOKENS


@every_figure
def test_a_finger_scrolls_the_page_and_never_drags_the_figure(figure: go.Figure) -> None:
    layout = figure.to_dict()["layout"]
    assert layout["dragmode"] is False
    assert all(axis["fixedrange"] for name, axis in layout.items() if name[1:5] == "axis")


@every_figure
def test_titles_and_legends_are_words_on_the_page_not_in_the_figure(figure: go.Figure) -> None:
    layout = figure.to_dict()["layout"]
    assert layout["showlegend"] is False
    assert "title" not in layout
    assert all(axis["title"] == {"text": ""} for name, axis in layout.items() if name[1:5] == "axis")


@every_figure
def test_a_figure_says_its_height_and_leaves_its_width_to_the_page(figure: go.Figure) -> None:
    assert figure.layout.height > 0
    assert figure.layout.width is None


@every_figure
def test_letters_have_one_of_the_four_sizes(figure: go.Figure) -> None:
    sizes = {text["font"]["size"] for text in figure.to_dict()["layout"].get("annotations", [])}
    assert sizes <= {11, 12, 13, 20}


@every_figure
def test_no_mark_lies_above_or_below_its_axis(figure: go.Figure) -> None:
    low, high = sorted(figure.layout.yaxis.range)
    for trace in figure.data:
        assert all(low <= y <= high for y in trace.y if y is not None)
    for shape in figure.layout.shapes:
        if shape.yref in (None, "y"):
            assert low <= min(shape.y0, shape.y1)
            assert max(shape.y0, shape.y1) <= high


@every_figure
def test_words_stay_in_the_figure_downwards(figure: go.Figure) -> None:
    low, high = sorted(figure.layout.yaxis.range)
    for text in figure.layout.annotations:
        if text.yref in (None, "y"):
            assert low - 8 <= text.y <= high + 8


@every_figure
def test_a_figure_of_many_courses_is_as_light_as_one_of_few(figure: go.Figure) -> None:
    assert len(json.dumps(figure.to_plotly_json(), default=list)) < 120_000


def test_the_tokens_are_the_placeholders_streamlit_puts_the_theme_into() -> None:
    assert [f"#{place:06}" for place in range(1, 11)] == [
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
    ]
