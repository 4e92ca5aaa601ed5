"""The parts of the Patient page, top to bottom."""

from typing import Final

import streamlit as st

from dashboard import data, entries
from dashboard.charts.patient.legend import legend
from dashboard.charts.patient.timeline import Reading
from dashboard.charts.patient.trajectory import trajectory
from dashboard.charts.words import on
from dashboard.components.page.figure import show
from dashboard.components.page.pages import Page, go_to
from dashboard.components.page.plain import plain
from dashboard.components.patient.standing import NOT_BEGUN, Badge
from dashboard.components.patient.story import Story
from dashboard.components.patients.patient_line import another_patient_button, who
from dashboard.components.patients.patient_search import find_patient
from dashboard.components.record.correcting import correct_button
from dashboard.components.record.same_person import same_person_button, show_alike, show_links
from dashboard.components.record.version_list import show_versions
from dashboard.patients import PatientRecord
from models.store.record.history import History

READINGS: Final[dict[Reading, str]] = {"day": "Day", "date": "Date", "infusion": "Infusion"}
WORK: Final = 652


def ask_whose() -> None:
    """Nobody is chosen: find somebody."""
    nobody = data.count_patients() == 0
    st.title("No patients yet" if nobody else "Whose course?", anchor=False)
    if nobody:
        st.markdown("Add the first patient here, or bring past scores in under *Import*.")
    with st.container(width=WORK):
        find_patient()


def show_heading(record: PatientRecord) -> None:
    """The name, and the way to a new entry."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(plain(record.person.listed), anchor=False, width="content")
        if st.button("Record", type="primary", icon=":material/add:", shortcut="Alt+N"):
            go_to(Page.RECORD)


def show_line(record: PatientRecord, badge: Badge, versions: History) -> None:
    """Status and facts, and the way to another patient."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(badge.word, icon=f":material/{badge.icon}:", color=badge.color)
        st.caption(who(record), width="content")
        another_patient_button()
        me = entries.PATIENT.name, record.person.patient_id
        stored = next(one for one in versions if (one.kind, one.entity_id) == me and one.current)
        correct_button(record, entries.PATIENT, stored.id)
        same_person_button(record)
    show_alike(record)


def choose_story(record: PatientRecord, versions: History) -> Story | None:
    """The course to look at: the latest, unless another one is chosen."""
    key = f"course of {record.person.patient_id}"
    story = Story.of(record, st.session_state.get(key), versions)
    show_line(record, story.standing.badge if story else NOT_BEGUN, versions)
    begun = {course.number: course for course in record.courses if course.number is not None}
    if len(begun) > 1 and story:
        st.session_state.setdefault(key, max(begun))
        st.segmented_control(
            "Course",
            sorted(begun),
            format_func=lambda number: f"Course {number}, begun {on(begun[number].started_on)}",
            required=True,
            key=key,
            wrap=True,
            label_visibility="collapsed",
        )
    return story


def show_not_begun() -> None:
    """No infusion yet: say what comes first."""
    st.markdown(
        "No infusion is recorded. Take the first score before the first infusion: it becomes the baseline "
        "that everything later is measured from."
    )


def show_trajectory(story: Story) -> None:
    """The finding, the axis it is read on, the figure."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(story.standing.heading, anchor=False, width="content")
        reading = st.segmented_control(
            "Read by",
            list(READINGS),
            format_func=READINGS.__getitem__,
            default="day",
            required=True,
            key="trajectory read by",
            label_visibility="collapsed",
            persist_state="session",
        )
    band = story.scale.reliable_change is not None and st.toggle(
        "Show how far a score may be off by chance", key="error band", persist_state="session"
    )
    course = story.drawn()
    show(
        trajectory(course, reading=reading, error_band=band),
        name=f"trajectory-{story.course['course_id']}",
        sentence=f"{story.scale.name} over time. {story.standing.heading}.",
    )
    st.caption(plain(legend(course, error_band=band)))


def show_everything(record: PatientRecord, versions: History) -> None:
    """Every row there is."""
    scores = len(record.assessments)
    with st.expander(f"All scores ({scores})", icon=":material/table:"):
        show_versions(record, entries.ASSESSMENT, versions)
    with st.expander(f"Infusions ({len(record.infusions)})", icon=":material/vaccines:"):
        show_versions(record, entries.INFUSION, versions)
    show_links(record, versions)
