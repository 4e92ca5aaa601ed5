"""Who is counted: the seldom changed parts of the question, and the widgets all its parts are made of."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard.components.page.plain import plain
from models.outcomes.question.change import defined_outcomes, undefined_outcomes
from models.outcomes.question.vocabulary import Indication, Route, TreatmentResistant
from models.outcomes.question.words import INDICATION_LABELS, OUTCOME_NOUNS, RESISTANCE_LABELS, ROUTE_LABELS
from models.scales import Scale

COURSES: Final = {True: "First courses", False: "All courses"}
DATES: Final = "YYYY-MM-DD"


def pick_population(
    scales: Mapping[str, Scale], scale: Scale, clinicians: Sequence[str], sites: Sequence[str]
) -> dict[str, Any]:
    """Draw who is counted; the fields of an `Estimand` as they are chosen now."""
    offered = {each: scales[each].name for each in scales if defined_outcomes(scales[each])}
    chosen = {
        "scale": choose("Scale", "scale", offered),
        "baseline_at_least": _gate(scale),
        "treatment_resistant": choose(
            "Treatment resistance",
            "treatment_resistant",
            {each: RESISTANCE_LABELS[each] for each in TreatmentResistant},
        ),
        "first_course": choose("Courses", "first_course", COURSES),
        "indications": _indications(),
        "route": choose("First given", "route", {each: ROUTE_LABELS[each] for each in (Route.ANY, *Route)}),
        "started_from": _day("Started from", "started_from"),
        "started_to": _day("Started to", "started_to"),
        "clinician": _name("Clinician", "clinician", clinicians),
        "site": _name("Site", "site", sites),
    }
    if undefined := undefined_outcomes(scale):
        nouns = ", ".join(OUTCOME_NOUNS[outcome] for outcome in undefined)
        st.caption(f"{plain(scale.name)} has no agreed figure for: {nouns}.")
    return chosen


def choose(label: str, part: str, words: Mapping[Any, str]) -> Any:
    """One of the options, which `words` names in the order they are offered."""
    return st.selectbox(
        label, list(words), format_func=words.__getitem__, key=key(part), persist_state="session"
    )


def key(part: str) -> str:
    """Where a session keeps that part of the question."""
    return f"question-{part}"


def gate_key(scale_id: str) -> str:
    """The same for the baseline gate: each scale keeps its own."""
    return key(f"baseline_at_least-{scale_id}")


def _indications() -> Any:
    words = {each: INDICATION_LABELS[each] for each in Indication if each is not Indication.ANY}
    chosen = st.multiselect(
        "Indication",
        list(words),
        format_func=words.__getitem__,
        placeholder=INDICATION_LABELS[Indication.ANY],
        key=key("indications"),
        persist_state="session",
    )
    return tuple(chosen) or Indication.ANY


def _gate(scale: Scale) -> int | None:
    """The lowest baseline counted, typed as people read it and kept in the scale's smallest steps."""
    step = 10**-scale.decimals
    if scale.baseline_at_least is not None:
        st.session_state.setdefault(gate_key(scale.id), scale.baseline_at_least * step)
    lowest = st.number_input(
        "Baseline of at least",
        min_value=scale.low * step,
        max_value=scale.high * step,
        value=None,
        step=step,
        placeholder="any",
        key=gate_key(scale.id),
        persist_state="session",
    )
    return None if lowest is None else round(lowest / step)


def _day(label: str, part: str) -> Any:
    return st.date_input(label, value=None, format=DATES, key=key(part), persist_state="session")


def _name(label: str, part: str, known: Sequence[str]) -> str | None:
    """A name of the record, or anybody."""
    return st.selectbox(
        label,
        known,
        index=None,
        placeholder="Any",
        key=key(part),
        persist_state="session",
        disabled=not known,
    )
