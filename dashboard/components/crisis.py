"""What is shown when an answer speaks of suicide: the clinic's crisis text, at once, before anything else."""

from typing import Final

import streamlit as st

from dashboard import data
from dashboard.components.plain import plain
from models.scales.safety import AlertLevel

RAISED: Final = "crisis raised"
UNWATCHED: Final = "**Nobody watches this in real time.** What happens now is up to you."
SAID: Final = {
    AlertLevel.IDEATION: "The question about suicide was answered above zero",
    AlertLevel.FREQUENT: "The question about suicide was answered well above zero",
    AlertLevel.NEARLY_EVERY_DAY: "The question about suicide was answered at its highest",
    AlertLevel.UNANSWERED: "The question about suicide was left out",
}


def raise_crisis(level: AlertLevel, *, stored: bool) -> None:
    """Have the next run begin with the crisis text."""
    st.session_state[RAISED] = (SAID[level], "" if stored else " Nothing is stored yet.")


def raise_crisis_of_files(alerts: int) -> None:
    """The same for answers that came in files."""
    answers = "1 answer" if alerts == 1 else f"{alerts:,} answers"
    st.session_state[RAISED] = (f"{answers} about suicide raised an alert", " All of it is stored.")


def show_crisis() -> None:
    """The crisis text over everything else, until someone says that it was read."""
    if RAISED in st.session_state:
        _crisis(*st.session_state[RAISED])


@st.dialog("Before anything else", dismissible=False, icon=":material/priority_high:")
def _crisis(what: str, remark: str) -> None:
    st.error(f"**{what}.**{remark}")
    for paragraph in data.clinic().crisis_text.splitlines():
        st.markdown(plain(paragraph))
    st.markdown(UNWATCHED)
    if st.button("I have read this", type="primary", width="stretch"):
        del st.session_state[RAISED]
        st.rerun()
