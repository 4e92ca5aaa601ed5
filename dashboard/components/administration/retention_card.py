"""How long records are kept, and how many are due."""

from typing import Final

import streamlit as st

from dashboard import upkeep
from dashboard.charts.words import people
from dashboard.components.page.role import Right, allowed
from models.store.erasure.due import LAW

WIDE: Final = 652
KEPT: Final = f"{LAW} The audit trail is kept whole, and nothing is ever erased by itself."


def show_retention() -> None:
    """Whose time is over by the clinic's own setting: how many, never who."""
    found = upkeep.retention()
    with st.container(border=True, width=WIDE):
        if found.years is None:
            st.markdown("**No time to keep records is set**, so none is ever due.", help=KEPT)
            return
        st.metric(
            "Records due",
            people(len(found.due)),
            f"of {found.people:,}",
            delta_color="off",
            delta_arrow="off",
            help=KEPT,
        )
        years = "a year" if found.years == 1 else f"{found.years} years"
        st.caption(
            f"Their last contact was {years} ago or more. `seventy retention` lists their numbers"
            + ("; `seventy erase --due` erases them." if allowed(Right.ERASING) else ".")
        )
