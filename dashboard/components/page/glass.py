"""Breaking the glass: names and scores for an hour, for somebody whose role has neither, with a reason."""

import streamlit as st

from dashboard import data
from dashboard.charts.words import at
from dashboard.components.page.tab import this_place
from dashboard.identity import Viewer
from dashboard.signin.places import way_to_break
from models.access.roles import Right


def show_glass(viewer: Viewer) -> None:
    """A banner while the glass is broken; before, the way to break it, for those who may."""
    until = viewer.session.elevated_until
    if until is not None and viewer.may(Right.PATIENTS):
        closes = at(until.astimezone(data.zone()).time())
        st.warning(
            f"The glass is broken: you see names and scores until {closes}. The auditor reads why.",
            icon=":material/visibility:",
        )
    elif viewer.may(Right.BREAK_GLASS) and not viewer.may(Right.PATIENTS):
        address = way_to_break(this_place())
        st.sidebar.link_button("Break the glass", address, icon=":material/emergency:", type="tertiary")
