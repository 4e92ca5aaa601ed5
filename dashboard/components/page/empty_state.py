"""What a page says while there is nothing to show: what is missing, why, and what to do next."""

from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st

from dashboard.components.page.pages import Page, go_to
from dashboard.components.page.role import Right, allowed

HOLLOW_DOTS: Final = str(Path(__file__).with_name("empty.svg"))
ELSEWHERE: Final = (
    "A clinician records the first infusion; a clinician or the administrator imports past scores."
)


class Nothing(NamedTuple):
    """An empty page in words: its title, one sentence why (Markdown), the counts there are, and a remark."""

    title: str
    why: str
    counts: str
    remark: str


def show_empty(nothing: Nothing) -> None:
    """Title, sentence and one card; a clinician is led to Record, anybody to the import."""
    st.title(nothing.title, anchor=False)
    st.markdown(nothing.why)
    with st.container(border=True, horizontal_alignment="center", gap="medium"):
        st.space("medium")
        st.image(HOLLOW_DOTS, width=110)
        st.subheader(nothing.counts, anchor=False, width="content", text_alignment="center")
        st.markdown(nothing.remark, width="content", text_alignment="center")
        with st.container(horizontal=True, horizontal_alignment="center"):
            _next_steps()
        st.space("medium")


def _next_steps() -> None:
    if allowed(Right.RECORD) and st.button(
        "Record a score", icon=":material/edit_note:", type="primary", key="empty-record"
    ):
        go_to(Page.RECORD)
    if not allowed(Right.FILES):
        st.caption(ELSEWHERE)
    elif st.button("Import past scores", icon=":material/upload_file:", key="empty-import"):
        go_to(Page.IMPORT)
