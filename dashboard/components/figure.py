"""The one door through which figures reach the page."""

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.theme import CONFIG


def show(figure: go.Figure, *, name: str, sentence: str) -> None:
    """Draw a figure in the theme's colours; `sentence` is what a screen reader says of it.

    The key carries the mode, for a mounted figure would keep its colours when the device turns dark.
    """
    mode = st.context.theme.type or "light"
    st.plotly_chart(figure, theme="streamlit", config=CONFIG, alt=sentence, key=f"{name}-{mode}")
