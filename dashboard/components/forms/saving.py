"""Save: the one button every form ends with, and what is said under it when something may not stand."""

from collections.abc import Callable
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import data
from dashboard.components.forms.dialogs import close_dialog
from dashboard.components.forms.form import CONFIRMED, JUDGED, REFUSAL, Form
from dashboard.components.page.plain import cell, plain
from dashboard.components.page.proof import ask_proof
from dashboard.identity import ProofNeededError
from models.store.engine.errors import ConflictError, StoreError
from models.store.record.saving import Saved
from models.tables.facts import FactsError
from models.tables.weights import as_typed

WEIGHT: Final = "weight_kg"
"""The one quantity that is recorded in another unit than it may be typed in."""

TITLES: Final = {"suicide_item": "Answer about suicide", "assessed_on": "Day", "assessed_at": "Time"}
"""Names of the record that are no words for a reader."""
CORRECTED_ON_PATIENT: Final = ("This course", "This infusion", "This assessment")

Write = Callable[[], Saved]
"""Stores what was typed and says what is stored now."""


def save_button(
    form: Form, write: Write, *, under: DeltaGenerator, label: str = "Save", so: str | None = None
) -> None:
    """Draw *Save*; once pressed, store and keep what was stored, or say under the form why not.

    `so` are the words with which somebody confirms what is unlikely in the record, not in what was typed.
    What was typed stays where it is, and what was said about it until something else is typed.
    """
    if so is None:
        _take_back(form)
    above = st.container()
    if st.button(
        label,
        type="primary",
        icon=":material/check:",
        shortcut="Ctrl+Enter",
        width="stretch",
        key=form.button("save"),
    ):
        _try(form, write)
    refusal = form.value(REFUSAL)
    if isinstance(refusal, FactsError):
        for problem in refusal.problems:
            under.error(plain(problem.message), icon=":material/error:")
        if refusal.to_confirm:
            above.checkbox(so or _question(refusal), key=form.key(CONFIRMED))
    elif isinstance(refusal, ConflictError):
        _show_both(refusal, under)
    elif isinstance(refusal, ProofNeededError):
        with under:
            ask_proof()
    elif refusal is not None:
        under.error(plain(refusal), icon=":material/error:")


def _take_back(form: Form) -> None:
    """What was said of other values than now stand there is said no more, and nothing of it is confirmed."""
    if isinstance(form.value(REFUSAL), FactsError | ConflictError) and form.value(JUDGED) != form.typed():
        form.forget(REFUSAL, JUDGED, CONFIRMED)


def _question(refusal: FactsError) -> str:
    """What is confirmed: that items were left blank, or that an unlikely value is so."""
    if all(problem.field == "items" for problem in refusal.problems):
        return "Left blank on the form: save it"
    return "It is so: save it"


def save_here_too(form: Form, label: str, write: Write) -> None:
    """The same where the last question was answered: the rows of answers keep Ctrl+Enter to themselves."""
    if st.button(label, icon=":material/check:", key=form.button("save here too")):
        _try(form, write)


def is_confirmed(form: Form) -> bool:
    """Whether someone ticked that an unlikely value is so; asked once a save was refused for that alone."""
    return bool(form.value(CONFIRMED))


def _try(form: Form, write: Write) -> None:
    """Write, and remember how it went; a refusal that raised the crisis text has it shown before anything."""
    try:
        saved = write()
    except (FactsError, StoreError) as refusal:
        form.fill(REFUSAL, refusal)
        form.fill(JUDGED, form.typed())
        if refusal.alert is None:
            return
    else:
        form.close(saved)
        close_dialog()
    st.rerun()


def _show_both(conflict: ConflictError, under: DeltaGenerator) -> None:
    """What someone stored first, and what was typed here, side by side."""
    under.error(
        f"{plain(conflict.subject)} is already recorded. Yours is below, nothing is lost.{_remedy(conflict)}",
        icon=":material/error:",
    )
    under.table(
        {
            "": [_titled(name) for name in conflict.given],
            "Stored": [_said(name, conflict.stored.get(name)) for name in conflict.given],
            "Yours": [_said(name, value) for name, value in conflict.given.items()],
        },
        border="horizontal",
        hide_index=True,
    )


def _remedy(conflict: ConflictError) -> str:
    """What to do next; a number or a claim that stands already may be right beside another."""
    if conflict.subject not in CORRECTED_ON_PATIENT:
        return ""
    return " If yours is the right one, correct the one that is stored, on *Patient*."


def _titled(name: str) -> str:
    if name == WEIGHT:
        return f"Weight {data.clinic().weight_unit}"
    return TITLES.get(name, name.replace("_", " ").capitalize())


def _said(name: str, value: object) -> str:
    if name == WEIGHT and isinstance(value, float):
        value = f"{as_typed(value, data.clinic().weight_unit):g}"
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value is None:
        return "–"
    return cell(value) if isinstance(value, str) else plain(value)
