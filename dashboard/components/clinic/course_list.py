"""The one list that improves an honest rate: whose window is open now without a score."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard.charts.words import on, whole
from dashboard.components.page.pages import Page, go_to
from dashboard.components.page.plain import plain
from dashboard.components.page.role import Right, allowed
from dashboard.components.patients.patient_search import choose_patient
from dashboard.worklist import Waiting

CARDS_OF_A_PAGE: Final = 10


def show_waiting(waiting: Sequence[Waiting], scale_name: str) -> None:
    """The list, soonest first; whoever may record does so from it."""
    st.subheader(title(waiting), anchor=False)
    if not waiting:
        st.caption("Whenever a window opens without a score in it, the patient stands here.")
        return
    st.caption(what_counts(scale_name))
    pages = -(-len(waiting) // CARDS_OF_A_PAGE)
    cards = st.container(gap="small")
    page = st.pagination(pages, key="clinic-waiting") if pages > 1 else 1
    with cards:
        for one in waiting[(page - 1) * CARDS_OF_A_PAGE : page * CARDS_OF_A_PAGE]:
            _card(one, primary=one is waiting[0])


def title(waiting: Sequence[Waiting]) -> str:
    """`6 windows are open without a score`."""
    if not waiting:
        return "No window is open without a score"
    return (
        "1 window is open without a score"
        if len(waiting) == 1
        else f"{whole(len(waiting))} windows are open without a score"
    )


def what_counts(scale_name: str) -> str:
    """Until when a score still counts, and what comes of it where none is recorded."""
    return (
        f"A {plain(scale_name)} recorded by the last day counts; without one the course stays never scored "
        "again."
    )


def days_left(days: int) -> str:
    """`last day today`, `1 day left`, `14 days left`."""
    return "last day today" if days == 0 else "1 day left" if days == 1 else f"{whole(days)} days left"


def _card(one: Waiting, *, primary: bool) -> None:
    person = one.person
    with st.container(
        border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(
            f"**{plain(person.listed)}**  \n"
            f":small[:gray[No. {plain(person.numbers)}, counts until {on(one.last_day)}]]",
            width="content",
        )
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="right", width="content"
        ):
            st.badge(days_left(one.days_left), icon=":material/schedule:", color="gray")
            if allowed(Right.RECORD) and st.button(
                "Record", type="primary" if primary else "secondary", key=f"clinic-record-{person.patient_id}"
            ):
                choose_patient(person.patient_id)
                go_to(Page.RECORD)
