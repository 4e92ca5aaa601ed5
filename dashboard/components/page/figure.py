"""The one door through which figures reach the page."""

from collections.abc import Callable
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.theme import CONFIG
from dashboard.charts.thrift import thrifty
from dashboard.theme import Mode, palette


def show(
    figure: go.Figure, *, name: str, sentence: str, on_select: Callable[[str], None] | None = None
) -> None:
    """Draw a figure in the theme's colours; `sentence` is what a screen reader says of it.

    The key carries the mode, for a mounted figure would keep its colours when the device turns dark.
    `on_select` is called with the key under which a click on a point is then known.
    """
    mode: Mode = "dark" if st.context.theme.type == "dark" else "light"
    drawn = thrifty(figure, palette(mode))
    key = f"{name}-{mode}"
    if on_select is None:
        st.plotly_chart(drawn, theme=None, config=CONFIG, alt=sentence, key=key)
    else:
        chosen = partial(on_select, key)
        st.plotly_chart(
            drawn,
            theme=None,
            config=CONFIG,
            alt=sentence,
            key=key,
            on_select=chosen,
            selection_mode="points",
        )
