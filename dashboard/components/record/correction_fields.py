"""The fields of a row that is corrected: filled with what stands, and read back as facts.

What was not touched keeps the exact value it has, also where a field shows it rounded.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from dashboard import data, entries
from dashboard.components.forms.assessment_fields import (
    ITEMS,
    TOTAL,
    ask_answers,
    ask_circumstances,
    facts_of,
)
from dashboard.components.forms.choices import choose_word
from dashboard.components.forms.course_fields import ask_course
from dashboard.components.forms.form import Form
from dashboard.components.forms.infusion_fields import ask_given, ask_when_and_who, infusion_facts
from dashboard.components.forms.saving import is_confirmed
from dashboard.components.forms.total_answers import NOT_RECORDED
from dashboard.components.forms.when import FIRST, SECOND, When, ask_day
from dashboard.components.forms.words import END_REASON_LABELS
from dashboard.components.patients.patient_form import ask_patient
from models.tables.weights import in_unit

Stored = Mapping[str, Any]
Read = Callable[[], dict[str, object]]
"""Reads the fields as facts take them, when they are saved."""


def correct_patient(form: Form, stored: Stored) -> Read:
    """Number, names, birth, sex; whether under 42 CFR Part 2, and until when with consent."""
    _begin_with(form, stored)
    given = ask_patient(form)
    return lambda: given


def correct_course(form: Form, stored: Stored) -> Read:
    """What was planned, when it began and how it ended."""
    _begin_with(form, {**stored, "course clinician": stored["clinician"]})
    course = ask_course(form, correcting=True)
    with st.container(horizontal=True):
        course["started_on"] = ask_day(form, "started_on", "Began on")
        course["ended_on"] = ask_day(form, "ended_on", "Ended on")
        course["end_reason"] = choose_word(form, "end_reason", "Why it ended", END_REASON_LABELS, None)
    return lambda: {"patient_id": stored["patient_id"], **course}


def correct_infusion(form: Form, stored: Stored) -> Read:
    """Dose, weight, route, minutes, when and by whom."""
    unit, weight_kg = data.clinic().weight_unit, stored["weight_kg"]
    shown = None if weight_kg is None else in_unit(weight_kg, unit)
    when = _begin_with_moment(form, stored, "given")
    _begin_with(form, {**stored, "weight": shown})
    given = ask_given(form, None, correcting=True) | ask_when_and_who(form)
    if form.value("weight") == shown:
        given["weight_kg"] = weight_kg

    def read() -> dict[str, object]:
        facts = infusion_facts(stored["patient_id"], given, confirmed=is_confirmed(form))
        return facts | _untouched(stored, "given", when, given["when"])

    return read


def correct_assessment(form: Form, stored: Stored) -> Read:
    """Answers or total, when, on which side of the infusion, by whom."""
    scale = data.scales()[stored["scale"]]
    when = _begin_with_moment(form, stored, "assessed")
    asked_about = NOT_RECORDED if stored["suicide_item"] is None else stored["suicide_item"]
    total = scale.score(stored["total"])
    items = {f"item {number}": answer for number, answer in stored["items"].items()}
    way = ITEMS if items else TOTAL
    _begin_with(form, {**stored, **items, "way": way, "total": total, "suicide item": asked_about})
    asked = ask_answers(form, scale, by_items=bool(items) if scale.items_shipped else None)
    asked |= ask_circumstances(form, scale, correcting=True)

    def read() -> dict[str, object]:
        facts = facts_of(stored["patient_id"], scale, asked, blanks_confirmed=is_confirmed(form))
        return {**facts, **_untouched(stored, "assessed", when, asked["when"])}

    return read


FIELDS: Final[Mapping[str, Callable[[Form, Stored], Read]]] = {
    "patient": correct_patient,
    "course": correct_course,
    "infusion": correct_infusion,
    "assessment": correct_assessment,
}


def _begin_with(form: Form, stored: Stored) -> None:
    for field, value in stored.items():
        if value is not None:
            form.start_with(field, value)


def _begin_with_moment(form: Form, stored: Stored, name: str) -> When:
    """The day and the minute of what stands, in the clinic's zone."""
    day, clock = data.local(stored[f"{name}_at"], stored[f"{name}_on"])
    which = None
    if clock is not None and entries.both_moments(day, clock):
        which = SECOND if clock.fold else FIRST
    when = When(day, clock and clock.replace(second=0), which)
    _begin_with(form, {"day": when.day, "clock": when.clock, "which": which})
    return when


def _untouched(stored: Stored, name: str, before: When, after: When) -> dict[str, object]:
    """The stored moment to the second, if day and minute are what they were."""
    if before != after:
        return {}
    return {f"{name}_at": stored[f"{name}_at"], f"{name}_on": stored[f"{name}_on"]}
