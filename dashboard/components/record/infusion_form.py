"""One infusion: how much, by which way, for how long; the first one opens the course."""

from typing import Any, Final

import streamlit as st

from dashboard import data, entries
from dashboard.components.forms.course_fields import ask_course, begins_course
from dashboard.components.forms.form import Form
from dashboard.components.forms.infusion_fields import (
    Given,
    ask_given,
    ask_when_and_who,
    infusion_facts,
    show_dose,
)
from dashboard.components.forms.saving import is_confirmed, save_button
from dashboard.components.patients.patient_line import who
from dashboard.components.record.stored_card import show_stored_infusion
from dashboard.patients import PatientRecord

WORK: Final = 652
CARD: Final = 302


def infusion_form(record: PatientRecord) -> None:
    """What was given on the left; on the right mg/kg, when, by whom, *Save*; once saved, what was stored."""
    form = Form(f"infusion of {record.person.patient_id}")
    if form.stored is not None:
        show_stored_infusion(form, record)
        return
    row = st.container(horizontal=True, gap="large")
    work, side = row.container(width=WORK), row.container(width=CARD)
    with work:
        given = ask_given(form, record.last_weight_kg)
    with side:
        st.caption(who(record))
        card, below = st.container(border=True), st.container()
    with card:
        show_dose(given)
        given |= ask_when_and_who(form)
    with work:
        day = given["when"].known_day or data.today()
        course = ask_course(form) if begins_course(form, record, day) else None
    with card:
        save_button(form, lambda: _store(form, record, given, course), under=below)


def _store(form: Form, record: PatientRecord, given: Given, course: dict[str, Any] | None) -> Any:
    patient_id = record.person.patient_id
    infusion = infusion_facts(patient_id, given, confirmed=is_confirmed(form))
    if course is None:
        return entries.store(entries.INFUSION, infusion, save_key=form.save_key)
    opening = {"patient_id": patient_id, **course}
    return entries.open_course(opening, infusion, save_key=form.save_key)
