"""The fields of one infusion, for a new one and for a correction."""

from typing import Any, Final

import streamlit as st

from dashboard import data
from dashboard.charts.words import dose
from dashboard.components.forms.choices import choose_name, choose_one, number, whole_number
from dashboard.components.forms.form import Form
from dashboard.components.forms.when import ask_when
from models.outcomes.question.vocabulary import Route
from models.outcomes.question.words import ROUTE_LABELS
from models.tables.plausible import Measured, plausible
from models.tables.weights import in_unit, mg_per_kg, to_kg

ROUTES: Final = {str(route): ROUTE_LABELS[route] for route in Route if route is not Route.ANY}

DOSE_STEP_MG: Final = 0.5

Given = dict[str, Any]
"""What stands in the fields: `when`, and the rest as facts take it."""


def ask_given(form: Form, last_weight_kg: float | None, *, correcting: bool = False) -> Given:
    """Route, dose, weight and minutes: the clinic's usual plan; last weight and usual dose as offers."""
    clinic = data.clinic()
    unit = clinic.weight_unit
    usual_route, usual_minutes = (None, None) if correcting else (clinic.route, clinic.minutes)
    route = choose_one(form, "route", "Route", ROUTES, usual_route, unsaid=correcting)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dose_mg = number(form, "dose_mg", "Dose, mg", step=DOSE_STEP_MG)
        weight = number(form, "weight", f"Weight, {unit}", step=0.5)
        if last_weight_kg is not None:
            last = in_unit(last_weight_kg, unit)
            _offer(form, "weight", last, f"{last:g} {unit} as last time", icon="history")
        usual_mg = None if correcting or route != clinic.route else _usual_dose(to_kg(weight, unit))
        per_kg = mg_per_kg(usual_mg, to_kg(weight, unit))
        if usual_mg is not None and per_kg is not None:
            label = f"{usual_mg:g} mg = {dose(per_kg)} at {weight:g} {unit}"
            _offer(form, "dose_mg", usual_mg, label, icon="calculate")
    minutes = whole_number(form, "minutes", "Minutes", usual_minutes)
    return {"route": route, "dose_mg": dose_mg, "weight_kg": to_kg(weight, unit), "minutes": minutes}


def _usual_dose(weight_kg: float | None) -> float | None:
    """The clinic's usual dose for a weight in mg, as the field steps; `None` without a possible weight."""
    weight_kg = _possible(weight_kg, plausible().weight_kg)
    if weight_kg is None:
        return None
    return round(data.clinic().mg_per_kg * weight_kg / DOSE_STEP_MG) * DOSE_STEP_MG


def _possible(value: float | None, measure: Measured) -> float | None:
    """The value, if it can be one."""
    low, high = measure.possible
    return value if value is not None and low <= value <= high else None


def _offer(form: Form, field: str, value: float, label: str, *, icon: str) -> None:
    """A number to take into its field with one press; nothing is there before."""
    st.button(
        label,
        type="tertiary",
        icon=f":material/{icon}:",
        key=form.button(f"take {field}"),
        on_click=form.fill,
        args=(field, value),
    )


def ask_when_and_who(form: Form) -> Given:
    """The day, the time if it is known, and who gave it."""
    when = ask_when(form, "Given on")
    return {"when": when, "clinician": choose_name(form, "clinician", "Given by", data.names().clinicians)}


def infusion_facts(patient_id: int, given: Given, *, confirmed: bool) -> dict[str, object]:
    """The fields as facts take them."""
    values = {name: value for name, value in given.items() if name != "when"}
    return {"patient_id": patient_id, **given["when"].fields("given"), **values, "confirmed": confirmed}


def show_dose(given: Given) -> None:
    """The dose for the weight, as it is typed; nothing of a dose or a weight that cannot be."""
    bounds = plausible()
    per_kg = mg_per_kg(
        _possible(given["dose_mg"], bounds.dose_mg), _possible(given["weight_kg"], bounds.weight_kg)
    )
    st.metric(
        "Dose for the weight",
        "–" if per_kg is None else dose(per_kg),
        f"usual plan {dose(data.clinic().mg_per_kg)}",
        delta_color="off",
        delta_arrow="off",
    )
