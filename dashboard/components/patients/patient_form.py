"""Adding a patient: the clinic's number, and what else is known."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from dashboard import entries
from dashboard.components.forms.choices import choose_word
from dashboard.components.forms.dialogs import open_dialog, show_if_open
from dashboard.components.forms.form import Form
from dashboard.components.forms.saving import save_button
from dashboard.components.forms.when import ask_day
from dashboard.components.forms.words import SEX_LABELS
from models.tables.facts import PART2, PART2_CONSENT

FORM: Final = Form("new patient")


def new_patient_button(typed: str, *, then: Callable[[int], None]) -> None:
    """A button to the form, which starts from what was typed in the search; `then` gets the new patient."""
    st.button("New patient", icon=":material/person_add:", key="new patient", on_click=_begin, args=(typed,))
    show_if_open(FORM.name, "New patient", _new_patient)
    stored = FORM.stored
    if stored is not None:
        FORM.reopen()
        then(stored.entity_id)
        st.rerun()


def _begin(typed: str) -> None:
    for field, value in parts_of(typed).items():
        FORM.fill(field, value)
    open_dialog(FORM.name)


def _new_patient() -> None:
    given = ask_patient(FORM)
    save_button(
        FORM,
        lambda: entries.store(entries.PATIENT, given, save_key=FORM.save_key),
        under=st.container(),
        label="Add",
    )


def ask_patient(form: Form) -> dict[str, object]:
    """The clinic's number of a patient, and what else is known."""
    given: dict[str, object] = {
        "mrn": _text(form, "mrn", "Patient number"),
        "family_name": _text(form, "family_name", "Family name"),
        "given_name": _text(form, "given_name", "Given name"),
        "birth_date": ask_day(form, "birth_date", "Born on"),
        "sex": choose_word(form, "sex", "Sex", SEX_LABELS, None),
    }
    if st.checkbox(PART2, key=form.key("part2"), persist_state="session"):
        consent = ask_day(form, "part2_consent_until", PART2_CONSENT, width="stretch")
        given |= {"part2": True, "part2_consent_until": consent}
    return given


def _text(form: Form, field: str, label: str) -> str | None:
    return st.text_input(label, key=form.key(field), autocomplete="off", persist_state="session") or None


def parts_of(typed: str) -> Mapping[str, str]:
    """What was typed as number or name: "1043", "Adler, Ruth", "Ruth Adler"."""
    words = typed.split()
    if not words:
        return {}
    if any(letter.isdigit() for letter in typed):
        return {"mrn": typed.strip()}
    if "," in typed:
        family, given = typed.split(",", 1)
        return {"family_name": family.strip(), "given_name": given.strip()}
    return {"family_name": words[-1], "given_name": " ".join(words[:-1])}
