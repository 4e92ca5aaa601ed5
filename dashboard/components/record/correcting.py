"""Corrections and withdrawals: what is right, and why, in a new row beside the old one."""

from typing import Any, Final

import streamlit as st

from dashboard import entries
from dashboard.components.forms.crisis import watched
from dashboard.components.forms.dialogs import dialog_button, show_if_open
from dashboard.components.forms.form import Form
from dashboard.components.forms.saving import save_button
from dashboard.components.record.correction_fields import FIELDS
from dashboard.entries import Kind
from dashboard.patients import PatientRecord
from dashboard.versions import version_of

REASON: Final = "Why"


def correct_button(record: PatientRecord, kind: Kind, row_id: int) -> None:
    """A button to the form in which a row is corrected."""
    name = f"correct {kind.name} {row_id}"
    dialog_button("Correct", name, icon="edit")
    show_if_open(name, f"Correct this {kind.name}", _correct, record, kind, row_id, width="medium")


def withdraw_button(kind: Kind, row_id: int, what: str, label: str = "Withdraw") -> None:
    """A button to the form that takes a row out of everything that is counted and names it as `what`."""
    name = f"withdraw {kind.name} {row_id}"
    dialog_button(label, name, icon="block")
    show_if_open(name, f"Withdraw this {kind.name}", _withdraw, kind, row_id, what)


def _correct(record: PatientRecord, kind: Kind, row_id: int) -> None:
    form = Form(f"correct {kind.name} {row_id}")
    stored = version_of(record.person.patient_id, kind.name, row_id)
    read = FIELDS[kind.name](form, stored.values)
    why = ask_why(form, "The row as it was stays in the record, with your reason.")
    below = st.container()
    save_button(
        form,
        lambda: watched(
            read(), lambda values: entries.correct(kind, row_id, values, why=why, save_key=form.save_key)
        ),
        under=below,
        label="Save correction",
    )


def _withdraw(kind: Kind, row_id: int, what: str) -> None:
    form = Form(f"withdraw {kind.name} {row_id}")
    st.markdown(f"**{what}**")
    why = ask_why(form, f"This {kind.name} will count nowhere. It stays in the record, with your reason.")
    below = st.container()
    save_button(form, lambda: entries.withdraw(kind, row_id, why=why), under=below, label="Withdraw")


def ask_why(form: Form, remark: str) -> Any:
    """The reason, under what it is needed for."""
    st.caption(remark)
    return st.text_input(REASON, key=form.key("why"), autocomplete="off", persist_state="session") or ""
