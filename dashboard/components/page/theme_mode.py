"""Light and dark: a figure keeps the colours it was drawn in, so a change of the device draws it again."""

from typing import Final

import streamlit as st

KEY: Final = "theme mode"


@st.fragment(run_every=10)
def follow_theme_mode() -> None:
    """Look every ten seconds whether the device turned light or dark, and draw the page again if so."""
    mode = st.context.theme.type
    if st.session_state.setdefault(KEY, mode) != mode:
        st.session_state[KEY] = mode
        st.rerun()
