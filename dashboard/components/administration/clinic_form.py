"""The clinic's own settings."""

from typing import Any, Final
from zoneinfo import available_timezones

import streamlit as st

from dashboard import data, entries
from dashboard.components.forms.choices import choose_one, number, whole_number
from dashboard.components.forms.form import REFUSAL, Form
from dashboard.components.forms.infusion_fields import ROUTES
from dashboard.components.forms.saving import save_button
from models.store.engine.errors import ConflictError
from models.store.record.saving import Saved

UNITS: Final = {"kg": "kg", "lb": "lb"}
WIDE: Final = 652
BEGUN: Final = "begun"
"""Under which the settings are kept that stood when somebody began to change them."""


def clinic_form() -> None:
    """Every setting; *Save* keeps the ones before in the record."""
    form, clinic = Form("clinic"), data.clinic()
    if form.stored is not None:
        st.info("Stored. Every page uses it from now on.", icon=":material/check:", width=WIDE)
    form.start_with(BEGUN, clinic)
    with st.container(border=True, width=WIDE):
        form.start_with("name", clinic.name or "")
        given: dict[str, Any] = {"name": st.text_input("Name of the clinic", key=form.key("name"))}
        given["time_zone"] = _ask_zone(form)
        given["weight_unit"] = choose_one(form, "weight_unit", "Weights in", UNITS, clinic.weight_unit)
        given |= _ask_usual_plan(form)
        form.start_with("crisis_text", clinic.crisis_text)
        given["crisis_text"] = st.text_area(
            "Crisis text",
            height=120,
            key=form.key("crisis_text"),
            help="Shown at once when the question about suicide is answered above zero, or left out.",
        )
        given["keep_years"] = whole_number(
            form, "keep_years", "Years to keep a record after the last contact", clinic.keep_years, width=WIDE
        )
        below = st.container()
        save_button(form, lambda: _save(form, given), under=below)
        if isinstance(form.value(REFUSAL), ConflictError):
            below.caption("To put yours in the place of what somebody else stored meanwhile, save again.")


def _save(form: Form, given: dict[str, Any]) -> Saved:
    """Store what was changed, beside what others changed since; who has seen theirs may replace it."""
    begun = form.value(BEGUN)
    try:
        return entries.save_clinic(given, begun)
    except ConflictError as conflict:
        form.fill(BEGUN, begun.model_copy(update=conflict.stored))
        raise


def _ask_zone(form: Form) -> str:
    """The time zone; another one says first which scores would fall on another day."""
    now = data.clinic().time_zone
    form.start_with("time_zone", now)
    chosen = st.selectbox("Time zone", sorted({*available_timezones(), now}), key=form.key("time_zone"))
    if chosen != now:
        moved = data.days_moved_by(chosen)
        st.warning(
            f"Days begin and end by this clock. In {chosen}, {moved.assessments:,} of "
            f"{moved.of_assessments:,} scores and {moved.infusions:,} of {moved.of_infusions:,} infusions "
            "fall on another day than now, so windows, baselines and rates may change. What has no time "
            "keeps its date.",
            icon=":material/schedule:",
        )
    return chosen


def _ask_usual_plan(form: Form) -> dict[str, Any]:
    """What the forms offer for a new course and its infusions."""
    clinic = data.clinic()
    st.markdown("**The usual plan**, offered in the forms")
    given: dict[str, Any] = {"route": choose_one(form, "route", "Route", ROUTES, clinic.route)}
    form.start_with("mg_per_kg", clinic.mg_per_kg)
    with st.container(horizontal=True):
        given["planned_infusions"] = whole_number(
            form, "planned_infusions", "Infusions", clinic.planned_infusions
        )
        given["mg_per_kg"] = number(form, "mg_per_kg", "Dose, mg/kg", step=0.05)
        given["minutes"] = whole_number(form, "minutes", "Minutes", clinic.minutes)
    return given
