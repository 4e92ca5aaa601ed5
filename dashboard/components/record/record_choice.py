"""What is recorded now: the infusion, or one of the scales."""

from typing import Final

import streamlit as st

from dashboard import data
from dashboard.components.page.plain import plain
from dashboard.patients import PatientRecord, Person

INFUSION: Final = "infusion"
ANOTHER: Final = "another"
FIRST: Final = "phq9"
LABELS: Final = {INFUSION: "Infusion", ANOTHER: "Another scale"}


def choose_what(record: PatientRecord) -> str:
    """The infusion, PHQ-9, what this patient was asked before; every other scale behind the last choice."""
    scales, person = data.scales(), record.person
    asked = {FIRST, *(score.scale for score in record.assessments)}
    usual = [scale for scale in scales if scale in asked]
    st.session_state.setdefault(_key(person), FIRST)
    if st.session_state[_key(person)] == ANOTHER and st.session_state.get(_other_key(person)) in usual:
        st.session_state[_key(person)] = st.session_state[_other_key(person)]
    choice = st.segmented_control(
        "What to record",
        [INFUSION, *usual, ANOTHER],
        format_func=lambda what: LABELS.get(what) or plain(scales[what].name),
        required=True,
        key=_key(person),
        label_visibility="collapsed",
        wrap=True,
        persist_state="session",
    )
    if choice is not None and choice != ANOTHER:
        return choice
    return st.selectbox(
        "Scale",
        [scale for scale in scales if scale not in usual],
        format_func=lambda scale: f"{scales[scale].name}, {scales[scale].measures}",
        key=_other_key(person),
        label_visibility="collapsed",
        width=302,
    )


def go_on_with(person: Person, what: str) -> None:
    """Show another form for the same patient in the next run."""
    st.session_state[_key(person)] = what


def _other_key(person: Person) -> str:
    return f"{_key(person)}, another"


def _key(person: Person) -> str:
    return f"what to record for {person.patient_id}"
