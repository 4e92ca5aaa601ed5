"""What whoever looks may see and do, and in the demo the choice as whom to look."""

import streamlit as st

from dashboard import data
from dashboard.components.page.plain import plain
from dashboard.identity import KEY, Viewer, allowed, looking, me
from models.access.roles import RULES, Right, Role

__all__ = ["KEY", "Right", "Role", "Viewer", "allowed", "looking", "me", "need", "show_account", "whose"]


def show_account(viewer: Viewer) -> None:
    """Who is signed in, at the end of the sidebar; in the demo the choice as whom to look."""
    if data.clinic().demo:
        st.session_state.setdefault(KEY, viewer.role)
        st.selectbox(
            "Looking as",
            list(Role),
            format_func=lambda role: role.shown,
            key=KEY,
            persist_state="session",  # or leaving for another page would look as a clinician again
            help="The demo signs you in with an account of its own; in a clinic everybody has theirs.",
        )
        return
    st.caption(f"{plain(viewer.session.account.name)}, {viewer.role.shown.lower()}")
    st.link_button("My account", "/account", icon=":material/account_circle:", type="tertiary")


def need(*rights: Right) -> None:
    """Stop the page in words unless whoever looks has one of these rights, however it was reached."""
    if any(allowed(right) for right in rights):
        return
    st.info(f"This page is for: {whose(*rights)}.", icon=":material/lock:")
    st.stop()


def whose(*rights: Right) -> str:
    """The roles that have one of these rights, in words."""
    return ", ".join(
        sorted(role.shown.lower() for role in Role if any(role in RULES[right].roles for right in rights))
    )
