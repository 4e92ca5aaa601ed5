"""What stands where a page should while the record cannot be reached: why, and the page again by itself."""

from typing import Final

import streamlit as st

from dashboard.faults import AWAY, UNSURE
from models.store.engine.errors import StoreError, UnsureError, WrongVersionError

AGAIN: Final = 3
"""Seconds until the page is tried again."""
_SHOWN: Final = "tries again"
KEPT: Final = "What was typed here is kept. This page is tried again every few seconds; keep it open."


def show_away(why: StoreError, reference: str) -> None:
    """Say it, and come back: nobody has to load the page anew, which would take with it what they typed."""
    words = UNSURE if isinstance(why, UnsureError) else AWAY
    if isinstance(why, WrongVersionError):
        words = str(why)
    st.error(f"{words} Reference {reference}.", icon=":material/error:")
    st.caption(KEPT)
    st.session_state.pop(_SHOWN, None)  # no rerun may come from here, where a run has failed already
    _try_again()


@st.fragment(run_every=AGAIN)
def _try_again() -> None:
    if st.session_state.pop(_SHOWN, False):
        st.rerun()
    st.session_state[_SHOWN] = True
