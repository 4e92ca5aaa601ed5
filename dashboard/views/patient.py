"""Patient: one course over time, where it stands, and everything recorded of it."""

import streamlit as st

from dashboard.components.page.role import Right, need
from dashboard.components.patient import patient_parts as part
from dashboard.components.patient.course_card import show_course
from dashboard.components.patient.standing_card import show_standing
from dashboard.components.patient.suicide_item_card import show_suicide_item
from dashboard.components.patients.patient_search import chosen_patient
from dashboard.versions import versions_of

WORK, CARD = 652, 302


def show() -> None:
    """Who, then the figure beside its words, then every row."""
    need(Right.PATIENTS)
    record = chosen_patient()
    if record is None:
        part.ask_whose()
        return
    part.show_heading(record)
    versions = versions_of(record.person.patient_id)
    story = part.choose_story(record, versions)
    if story is None:
        part.show_not_begun()
    else:
        row = st.container(horizontal=True, gap="large")
        with row.container(width=WORK):
            part.show_trajectory(story)
        with row.container(width=CARD):
            show_standing(story.course, story.scale, story.standing, story.scores)
            show_suicide_item(story.scale, story.scores)
        with st.container(border=True):
            show_course(record, story.recorded, versions)
    part.show_everything(record, versions)
