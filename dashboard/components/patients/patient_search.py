"""Finding a patient by name or number, from a handful or a hundred thousand; or adding the one not found."""

from typing import Final

import streamlit as st

from dashboard import data
from dashboard.components.forms.dialogs import is_page_covered
from dashboard.components.page.plain import plain
from dashboard.components.page.tab import CHOSEN
from dashboard.components.patients.patient_form import new_patient_button
from dashboard.patients import PatientRecord, Person
from dashboard.readings import note_list, note_patient

TYPED: Final = "patient search"
MOST_SHOWN: Final = 8


def chosen_patient() -> PatientRecord | None:
    """The patient that is looked at, on whichever page; never in an address."""
    patient_id = st.session_state.get(CHOSEN)
    found = None if patient_id is None else data.patient(patient_id)
    if found is not None:
        note_patient(found.person.patient_id)
    return found


def choose_patient(patient_id: int | None) -> None:
    """Look at this patient from now on; at nobody with `None`."""
    st.session_state[CHOSEN] = patient_id
    st.session_state.pop(TYPED, None)


def find_patient() -> None:
    """A field for name or number, and under it whoever fits: one click, or Tab and Enter.

    The only one who fits opens by Ctrl+Enter out of the field: Enter alone a field keeps to itself.
    """
    typed = st.text_input(
        "Name or number",
        key=TYPED,
        icon=":material/search:",
        live=True,
        autocomplete="off",
        placeholder="Name or number",
        label_visibility="collapsed",
    )
    people, more = data.find_people(typed or "", most=MOST_SHOWN)
    note_list("patients found", (person.patient_id for person in people))
    is_only_one = len(people) == 1 and bool(typed) and not is_page_covered()
    with st.container(gap=None):
        for person in people:
            st.button(
                _line_of(person),
                key=f"choose {person.patient_id}",
                type="tertiary",
                icon=":material/person:",
                shortcut="Ctrl+Enter" if is_only_one else None,
                on_click=choose_patient,
                args=(person.patient_id,),
            )
    if more:
        st.caption(f"and {more:,} more; type on to narrow them down")
    if typed and not people:
        st.markdown(f"Nobody here is called **{plain(typed)}**.")
    new_patient_button(typed or "", then=choose_patient)


def _line_of(person: Person) -> str:
    born = f", born {person.birth_date.year}" if person.birth_date else ""
    return f"{plain(person.listed)}\u2003:gray[No. {plain(person.numbers)}{born}]"
