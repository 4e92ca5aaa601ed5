"""Record: between two patients, an infusion or a scale for one of them."""

import streamlit as st

from dashboard import data
from dashboard.components.page.plain import plain
from dashboard.components.page.role import Right, need
from dashboard.components.patients.patient_line import another_patient_button
from dashboard.components.patients.patient_search import chosen_patient, find_patient
from dashboard.components.record.assessment_form import assessment_form
from dashboard.components.record.infusion_form import infusion_form
from dashboard.components.record.record_choice import choose_what


def show() -> None:
    """Who, then what, then its form."""
    need(Right.RECORD)
    record = chosen_patient()
    if record is None:
        _ask_who()
        return
    heading = st.container()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        scale = data.scales().get(choose_what(record))
        another_patient_button()
    heading.title(
        f"{plain(scale.name) if scale else 'Infusion'} for {plain(record.person.full_name)}", anchor=False
    )
    if scale is None:
        infusion_form(record)
    else:
        assessment_form(record, scale)


def _ask_who() -> None:
    nobody = data.count_patients() == 0
    st.title("Add the first patient" if nobody else "Who is it?", anchor=False)
    if nobody:
        st.markdown("Nobody is recorded yet. Add a patient here, or bring past scores in under *Import*.")
    with st.container(width=652):
        find_patient()
