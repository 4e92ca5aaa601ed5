"""How long records are kept, and how many are due."""

from typing import Final

import streamlit as st

from dashboard import data
from dashboard.charts.words import people
from dashboard.components.role import Right, allowed
from models.store.due import retention

WIDE: Final = 652
LAW: Final = (
    "How long a record must be kept, and from when on it may not be, is for the law of the clinic's place to "
    "say; of children, and of people in a study, it often says otherwise, which is not reckoned with here. "
    "The audit trail is kept whole, and nothing is ever erased by itself."
)


def show_retention() -> None:
    """Whose time is over by the clinic's own setting: how many, never who."""
    found = retention(data.engine(), data.today())
    with st.container(border=True, width=WIDE):
        if found.years is None:
            st.markdown("**No time to keep records is set**, so none is ever due.", help=LAW)
            return
        st.metric("Records due", people(len(found.due)), f"of {found.people:,}", delta_color="off", help=LAW)
        st.caption(
            f"Their last contact was {found.years} years ago or more. `seventy retention` lists their numbers"
            + ("; `seventy erase --due` erases them." if allowed(Right.ERASING) else ".")
        )
