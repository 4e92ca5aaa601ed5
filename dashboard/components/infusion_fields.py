"""The fields of one infusion, for a new one and for a correction."""

from typing import Any, Final

import streamlit as st

from dashboard import data
from dashboard.charts.words import dose
from dashboard.components.choices import choose_name, choose_one, number, whole_number
from dashboard.components.form import Form
from dashboard.components.when import ask_when
from models.outcomes.vocabulary import Route
from models.outcomes.words import ROUTE_LABELS
from models.tables.weights import in_unit, mg_per_kg, to_kg

ROUTES: Final = {str(route): ROUTE_LABELS[route] for route in Route if route is not Route.ANY}

Given = dict[str, Any]
"""What stands in the fields: `when`, and the rest as facts take it."""


def ask_given(form: Form, last_weight_kg: float | None, *, correcting: bool = False) -> Given:
    """Route, dose, weight and minutes: the clinic's usual plan, and the last weight as an offer."""
    clinic = data.clinic()
    unit = clinic.weight_unit
    usual_route, usual_minutes = (None, None) if correcting else (clinic.route, clinic.minutes)
    route = choose_one(form, "route", "Route", ROUTES, usual_route, unsaid=correcting)
    offered = None if last_weight_kg is None else in_unit(last_weight_kg, unit)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dose_mg = number(form, "dose_mg", "Dose, mg", step=0.5)
        shown = None if offered is None else f"{offered:g}"
        weight = number(form, "weight", f"Weight, {unit}", step=0.5, placeholder=shown)
        if offered is not None:
            st.button(
                f"{shown} {unit} as last time",
                type="tertiary",
                icon=":material/history:",
                key=form.key("last weight"),
                on_click=form.fill,
                args=("weight", offered),
            )
    minutes = whole_number(form, "minutes", "Minutes", usual_minutes)
    return {"route": route, "dose_mg": dose_mg, "weight_kg": to_kg(weight, unit), "minutes": minutes}


def ask_when_and_who(form: Form) -> Given:
    """The day, the time if it is known, and who gave it."""
    when = ask_when(form, "Given on")
    return {"when": when, "clinician": choose_name(form, "clinician", "Given by", data.names().clinicians)}


def infusion_facts(patient_id: int, given: Given, *, confirmed: bool) -> dict[str, object]:
    """The fields as facts take them."""
    values = {name: value for name, value in given.items() if name != "when"}
    return {"patient_id": patient_id, **given["when"].fields("given"), **values, "confirmed": confirmed}


def show_dose(given: Given) -> None:
    """The dose for the weight, as it is typed."""
    per_kg = mg_per_kg(given["dose_mg"], given["weight_kg"])
    st.metric(
        "Dose for the weight",
        "–" if per_kg is None else dose(per_kg),
        f"usual plan {dose(data.clinic().mg_per_kg)}",
        delta_color="off",
        delta_arrow="off",
    )
