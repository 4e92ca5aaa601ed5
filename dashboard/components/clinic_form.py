"""The clinic's own settings."""

from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from dashboard import data, entries
from dashboard.components.form import Form
from dashboard.components.role import looking
from dashboard.components.saving import save_button
from models.outcomes.vocabulary import Route
from models.outcomes.words import ROUTE_LABELS
from models.tables.facts import ClinicFacts


def clinic_form() -> None:
    """Every setting, with what it does said beside it; *Save* keeps the settings before in the record."""
    form, clinic = Form("clinic"), data.clinic()
    if form.stored is not None:
        st.info("Stored. Every page uses it from now on.", icon=":material/check:")
    with st.container(border=True, width=652):
        given = {
            "name": st.text_input("Name of the clinic", value=clinic.name or "", key=form.key("name"))
            or None,
            "time_zone": _ask_zone(form, clinic),
            "weight_unit": st.segmented_control(
                "Weights in", ["kg", "lb"], default=clinic.weight_unit, required=True, key=form.key("unit")
            ),
        }
        given |= _ask_usual_plan(form, clinic)
        given["crisis_text"] = st.text_area(
            "Crisis text",
            value=clinic.crisis_text,
            height=120,
            key=form.key("crisis"),
            help="Shown at once when the question about suicide is answered above zero, or left out.",
        )
        below = st.container()
        save_button(
            form,
            lambda: entries.save_clinic(given, by=looking()),
            under=below,
        )


def _ask_zone(form: Form, clinic: ClinicFacts) -> str:
    """The time zone; another one says first which scores would fall on another day."""
    zones = sorted(available_timezones())
    chosen = st.selectbox("Time zone", zones, index=zones.index(clinic.time_zone), key=form.key("zone"))
    if chosen != clinic.time_zone:
        moved = data.days_moved_by(chosen)
        st.warning(
            f"Days begin and end by this clock. In {chosen}, {moved.assessments:,} of "
            f"{moved.of_assessments:,} scores and {moved.infusions:,} of {moved.of_infusions:,} infusions "
            "fall on another day than now, so windows, baselines and rates may change. What has no time "
            "keeps its date.",
            icon=":material/schedule:",
        )
    return chosen


def _ask_usual_plan(form: Form, clinic: ClinicFacts) -> dict[str, Any]:
    """What the forms offer for a new course and its infusions."""
    st.markdown("**The usual plan**, offered in the forms")
    routes = [str(route) for route in Route if route is not Route.ANY]
    given: dict[str, Any] = {
        "route": st.segmented_control(
            "Route",
            routes,
            format_func=lambda word: ROUTE_LABELS[Route(word)],
            default=clinic.route,
            required=True,
            key=form.key("route"),
            wrap=True,
        )
    }
    with st.container(horizontal=True):
        given["planned_infusions"] = st.number_input(
            "Infusions", value=clinic.planned_infusions, step=1, key=form.key("planned"), width=150
        )
        given["mg_per_kg"] = st.number_input(
            "Dose, mg/kg", value=clinic.mg_per_kg, step=0.05, format="%.2f", key=form.key("dose"), width=150
        )
        given["minutes"] = st.number_input(
            "Minutes", value=clinic.minutes, step=5, key=form.key("minutes"), width=150
        )
    return given
