"""Who is looking: until there is sign-in, a choice at the end of the sidebar."""

from enum import StrEnum
from typing import Final

import streamlit as st

KEY: Final = "role"


class Role(StrEnum):
    """What somebody does in the clinic, and so which pages are theirs."""

    CLINICIAN = "Clinician"
    MANAGER = "Practice manager"


def looking() -> Role:
    """The role that looks now."""
    return Role(st.session_state.get(KEY, Role.CLINICIAN))


def choose_role() -> None:
    """The choice itself."""
    st.selectbox(
        "Looking as",
        list(Role),
        format_func=str,
        key=KEY,
        persist_state="session",  # or leaving for another page would look as a clinician again
        help="Sign-in will replace this choice.",
    )


def only_for(*roles: Role) -> None:
    """Stop the page in words unless it belongs to the one who looks, however it was reached."""
    if looking() not in roles:
        st.info(f"This page is for: {', '.join(roles).lower()}.", icon=":material/lock:")
        st.stop()
