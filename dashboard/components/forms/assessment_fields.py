"""The fields of one assessment, for a new one and for a correction."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboard.components.forms.choices import choose_one
from dashboard.components.forms.form import Form
from dashboard.components.forms.item_answers import ask_digits, ask_items
from dashboard.components.forms.total_answers import ask_suicide_item, ask_total
from dashboard.components.forms.when import ask_when
from dashboard.components.forms.words import MODE_LABELS, TIMING_LABELS
from dashboard.components.page.plain import plain
from models.scales import Scale
from models.scales.scoring import TotalError, read_total
from models.tables.facts import Problem

ANSWERERS: Final = ("self", "staff", "phone")
ITEMS, TOTAL = "By its items", "By its total"

Asked = dict[str, Any]
"""What stands in the fields: `items`, or `total` and `suicide_item`; `when`; the rest as facts take it."""


def ask_answers(form: Form, scale: Scale, *, by_items: bool | None = None, from_paper: bool = False) -> Asked:
    """The items with their wording; a scale without it by its total, or by the numbers of its items.

    A correction says which way the score was typed. `from_paper` has a field for all digits come first.
    """
    if by_items is None:
        by_items = scale.items_shipped or (scale.form_items and _typed_by_items(form))
    if not by_items:
        return {"total": ask_total(form, scale), "suicide_item": ask_suicide_item(form, scale)}
    if from_paper:
        ask_digits(form, scale)
    if scale.stem:
        st.caption(plain(scale.stem))
    return {"items": ask_items(form, scale)}


def ask_circumstances(form: Form, scale: Scale, *, correcting: bool = False) -> Asked:
    """When, on which side of the day's infusion, about which days, by whom."""
    asked: Asked = {"when": ask_when(form, "Answered on"), "mode": "clinician"}
    timing, mode = (None, None) if correcting else ("before", "self")
    asked["timing"] = choose_one(
        form, "timing", "If an infusion is given that day", TIMING_LABELS, timing, unsaid=correcting
    )
    if len(scale.recall_choices) > 1:
        spans = {days: "Last day" if days == 1 else f"Last {days} days" for days in scale.recall_choices}
        asked["recall_days"] = choose_one(form, "recall_days", "It asks about", spans, scale.recall_days)
    if correcting or scale.rater == "self":
        ways = MODE_LABELS if correcting else {way: MODE_LABELS[way] for way in ANSWERERS}
        asked["mode"] = choose_one(form, "mode", "Answered by", ways, mode, unsaid=correcting)
    return asked


def facts_of(patient_id: int, scale: Scale, asked: Asked, *, blanks_confirmed: bool) -> Mapping[str, object]:
    """The fields as facts take them; a total nobody can read, a suicide item not chosen: as its problem."""
    values = {name: value for name, value in asked.items() if name != "when"}
    if "items" in asked:
        values["blanks_confirmed"] = blanks_confirmed
    else:
        values["total"] = _total(scale, asked["total"])
        values["suicide_item"] = _suicide_item(scale, asked["suicide_item"])
    return {"patient_id": patient_id, "scale": scale.id, **asked["when"].fields("assessed"), **values}


def _typed_by_items(form: Form) -> bool:
    way = choose_one(form, "way", "How it is typed", {TOTAL: TOTAL, ITEMS: ITEMS}, TOTAL)
    return bool(way == ITEMS)


def _total(scale: Scale, typed: float | None) -> int | Problem | None:
    if typed is None:
        return None
    try:
        return read_total(scale, f"{typed:.10g}")
    except TotalError as error:
        return Problem(error.field, error.value, error.allowed, str(error))


def _suicide_item(scale: Scale, chosen: int | str | None) -> int | Problem | None:
    if chosen is None and scale.suicide_item is not None:
        allowed = "its answer, or that it was not recorded"
        words = f"{scale.name} item {scale.suicide_item.number}: choose {allowed}"
        return Problem("suicide_item", None, allowed, words)
    return chosen if isinstance(chosen, int) else None
