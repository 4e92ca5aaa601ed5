"""Taking a file away: the one call that hands its bytes to the browser."""

from collections.abc import Callable

import streamlit as st


def take_button(label: str, made: Callable[[], bytes], file_name: str, *, key: str) -> None:
    """A button that hands over a CSV file; `made` runs when the browser asks for it."""
    st.download_button(
        label, made, file_name, "text/csv", icon=":material/download:", on_click="ignore", key=key
    )
