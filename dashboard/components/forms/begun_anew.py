"""What is said on a page that was open while Seventy was started anew: what it held went with the process."""

from typing import Final

import streamlit as st

from dashboard.components.forms.drafts import LOST

GONE: Final = (
    "Seventy was started anew while this page was open. What was saved is in the record; what was typed here "
    "and not saved is gone. Look at what is recorded before you type it again."
)


def show_begun_anew() -> None:
    """Say it until somebody has read it."""
    if st.session_state.get(LOST):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.warning(GONE, icon=":material/restart_alt:")
        row.button("I have read this", key="read that it began anew", on_click=_read)


def _read() -> None:
    st.session_state[LOST] = False
