"""What was stored: the card a form turns into."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any, TypeVar

import streamlit as st

from dashboard import entries
from dashboard.charts.words import at, dose, on
from dashboard.components.forms.form import Form
from dashboard.components.page.pages import Page, go_to
from dashboard.components.page.plain import plain
from dashboard.components.record.correcting import correct_button
from dashboard.components.record.record_choice import FIRST, INFUSION, go_on_with
from dashboard.patients import Assessment, Infusion, PatientRecord
from dashboard.versions import row_of
from models.outcomes.question.vocabulary import Route
from models.outcomes.question.words import ROUTE_LABELS
from models.scales import Scale
from models.scales.scoring import band
from models.tables.weights import mg_per_kg

WIDE = 652
Stored = TypeVar("Stored", Assessment, Infusion)


def show_stored_assessment(form: Form, record: PatientRecord, scale: Scale) -> None:
    """The score as it stands, "12, moderate, 2 above last time", and what comes next."""
    stored, before = _with_the_one_before(form, record.of_scale(scale.id), "assessment_id")
    name, within = plain(scale.name), band(scale, stored.total)
    remarks = (plain(within.name) if within else None, _beside(stored, before, scale))
    with st.container(border=True, width=WIDE):
        _metric(f"{name} stored", scale.shown(stored.total), "; ".join(filter(None, remarks)))
        prorated = (
            " Some items were left blank: the total is prorated." if stored.status == "prorated" else ""
        )
        st.markdown(f"Answered on {said_when(stored.day, stored.clock)}.{prorated}")
        with st.container(horizontal=True):
            _next_button(form, record, "Next: infusion", INFUSION)
            _course_button(form)
            correct_button(record, entries.ASSESSMENT, stored.row_id)
            st.button(f"Another {name}", on_click=form.reopen, key=form.button("again"), type="tertiary")


def show_stored_infusion(form: Form, record: PatientRecord) -> None:
    """The infusion as it stands, "0.5 mg/kg, 41 mg", and what comes next."""
    stored, _ = _with_the_one_before(form, record.infusions, "infusion_id")
    per_kg = mg_per_kg(stored.dose_mg, stored.weight_kg)
    with st.container(border=True, width=WIDE):
        _metric(f"Infusion {stored.number} stored", "–" if per_kg is None else dose(per_kg), said_how(stored))
        st.markdown(f"Given on {said_when(stored.day, stored.clock)}.")
        with st.container(horizontal=True):
            _next_button(form, record, "Next: PHQ-9", FIRST)
            _course_button(form)
            row_id = row_of(record.person.patient_id, entries.INFUSION.name, stored.infusion_id)
            correct_button(record, entries.INFUSION, row_id)
            st.button("Another infusion", on_click=form.reopen, key=form.button("again"), type="tertiary")


def said_when(day: date, clock: time | None) -> str:
    """As "12 Jan 2026, 09:20", or the day alone."""
    return on(day) if clock is None else f"{on(day)}, {at(clock)}"


def said_how(infusion: Infusion) -> str:
    """What is known of it: "41 mg, intravenous, 40 minutes"."""
    parts = (
        None if infusion.dose_mg is None else f"{infusion.dose_mg:g} mg",
        None if infusion.route is None else ROUTE_LABELS[Route(infusion.route)].lower(),
        None if infusion.minutes is None else f"{infusion.minutes} minutes",
        None if infusion.clinician is None else plain(infusion.clinician),
    )
    return ", ".join(filter(None, parts))


def _with_the_one_before(form: Form, rows: Sequence[Stored], key: str) -> tuple[Stored, Stored | None]:
    """The row that was stored, as it stands now; if somebody withdrew it since, the form is shown again."""
    place = next((n for n, row in enumerate(rows) if getattr(row, key) == form.stored.entity_id), None)
    if place is None:
        form.reopen()
        st.rerun()
    return rows[place], rows[place - 1] if place else None


def _beside(stored: Assessment, before: Assessment | None, scale: Scale) -> str | None:
    if before is None:
        return None
    change = stored.total - before.total
    if change == 0:
        return "the same as last time"
    return f"{scale.shown(abs(change))} {'above' if change > 0 else 'below'} last time"


def _metric(label: str, value: str, remark: str) -> None:
    st.metric(label, value, remark or None, delta_color="off", delta_arrow="off")


def _course_button(form: Form) -> None:
    if st.button("See the course", icon=":material/show_chart:", key=form.button("see")):
        go_to(Page.PATIENT)


def _next_button(form: Form, record: PatientRecord, label: str, what: Any) -> None:
    st.button(
        label,
        type="primary",
        icon=":material/arrow_forward:",
        on_click=go_on_with,
        args=(record.person, what),
        key=form.button("next"),
    )
