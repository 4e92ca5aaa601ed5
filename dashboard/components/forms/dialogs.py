"""Which dialog is open. A page drawn anew (another role's save, a device turning dark) must not close it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

import streamlit as st

from dashboard.components.forms import drafts
from dashboard.components.forms.crisis import RAISED
from dashboard.components.page.tab import AS_OPENED, OPEN, PAGE
from dashboard.identity import me
from models.store.audit.events import coming_from


def open_dialog(name: str) -> None:
    """Have the page open this dialog, and keep it open."""
    st.session_state[OPEN] = name
    st.session_state.pop(AS_OPENED, None)


def dialog_button(label: str, name: str, *, icon: str, quiet: bool = True) -> None:
    """The button that opens it."""
    st.button(
        label,
        key=f"open {name}",
        type="tertiary" if quiet else "secondary",
        icon=f":material/{icon}:",
        on_click=open_dialog,
        args=(name,),
    )


def is_page_covered() -> bool:
    """Whether a dialog, or the crisis text, stands over the page and has its keys."""
    return OPEN in st.session_state or RAISED in st.session_state


def close_dialog() -> None:
    """Have no dialog open."""
    st.session_state.pop(OPEN, None)


def close_on_leaving(page: str) -> None:
    """A dialog belongs to the page it was opened on."""
    if st.session_state.get(PAGE) != page:
        st.session_state[PAGE] = page
        close_dialog()


def show_if_open(
    name: str,
    title: str,
    draw: Callable[..., None],
    *args: Any,
    width: Literal["small", "medium", "large"] = "small",
) -> None:
    """Draw the dialog if it is the one that is open, and no crisis text stands before everything else.

    It runs by itself, without the page around it: what is done in it is told to come from the same address,
    and what is typed in it is kept at the end of each of its own runs.
    """
    if st.session_state.get(OPEN) != name or RAISED in st.session_state:
        return
    viewer = me()

    @wraps(draw)
    def drawn(*args: Any) -> None:
        try:
            with coming_from(viewer.session.address):
                draw(*args)
            st.session_state.setdefault(AS_OPENED, drafts.standing())
        finally:
            drafts.keep(viewer)

    st.dialog(title, width=width, on_dismiss=close_dialog)(drawn)(*args)
