"""Why people stopped before their planned infusions: the chart, and its table beside it."""

from collections.abc import Mapping

import streamlit as st

from dashboard.charts.clinic import reasons
from dashboard.components.page.figure import show


def show_stopped(stopped: Mapping[str | None, int]) -> None:
    """One row a reason, the commonest first."""
    told = reasons.title(stopped)
    st.subheader(told, anchor=False)
    st.caption(
        "Courses that ended before their planned infusions. A course still in induction has not stopped."
    )
    if not stopped:
        return
    show(reasons.reasons(stopped), name="stopped", sentence=f"{told}.")
    with st.expander("The numbers behind this chart", icon=":material/table:"):
        st.table(reasons.table(stopped), border="horizontal", hide_index=True)
