"""One scale for one patient: the answers on the left, and on the right one card with the total and *Save*."""

from typing import Final

import streamlit as st

from dashboard import entries
from dashboard.components.forms.assessment_fields import ask_answers, ask_circumstances, facts_of
from dashboard.components.forms.crisis import watched
from dashboard.components.forms.form import Form
from dashboard.components.forms.saving import is_confirmed, save_button, save_here_too
from dashboard.components.patients.patient_line import who
from dashboard.components.record.running_total import complete_total, show_running_total, warn_of_suicide_item
from dashboard.components.record.stored_card import show_stored_assessment
from dashboard.patients import PatientRecord
from models.scales import Scale
from models.store.record.saving import Saved

WORK: Final = 652
CARD: Final = 302


def assessment_form(record: PatientRecord, scale: Scale) -> None:
    """The form; once saved, what was stored in its place."""
    patient_id = record.person.patient_id
    form = Form(f"{scale.id} of {patient_id}")
    if form.stored is not None:
        show_stored_assessment(form, record, scale)
        return

    def write() -> Saved:
        values = facts_of(patient_id, scale, asked, blanks_confirmed=is_confirmed(form))
        return watched(values, lambda given: entries.store(entries.ASSESSMENT, given, save_key=form.save_key))

    row = st.container(horizontal=True, gap="large")
    with row.container(width=WORK):
        asked = ask_answers(form, scale, from_paper=True)
        foot = st.container()
    with row.container(width=CARD):
        st.caption(who(record))
        card, below = st.container(border=True), st.container()
    with card:
        if "items" in asked:
            show_running_total(record, scale, asked["items"])
        asked |= ask_circumstances(form, scale)
        save_button(form, write, under=below)
    with foot:
        if "items" in asked and (total := complete_total(scale, asked["items"])):
            save_here_too(form, f"Store {total}", write)
    with below:
        warn_of_suicide_item(scale, asked)
