"""Audit: who did what, when and from where, and whether anybody changed anything behind the rules."""

import streamlit as st

from dashboard import audited
from dashboard.components.administration.trail_card import (
    MOST,
    offer_trail,
    show_entries,
    show_verdict,
    wanted,
)
from dashboard.components.page.broken_glass import show_broken_glass
from dashboard.components.page.role import Right, need


def show() -> None:
    """The verdict on the whole trail, who broke the glass, the filters, and the events they leave."""
    need(Right.AUDIT)
    st.title("Who did what", anchor=False)
    show_verdict()
    show_broken_glass()
    asked = wanted()
    found = audited.events(asked, newest=MOST + 1)
    if not found:
        st.info("Nothing was done in these days by these filters.", icon=":material/search_off:")
        return
    show_entries(found)
    offer_trail(asked)
