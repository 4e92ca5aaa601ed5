"""What is shown when an answer speaks of suicide: the clinic's crisis text, at once, before anything else."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import streamlit as st

from dashboard import data
from dashboard.components.forms.suicide_words import said
from dashboard.components.page.plain import plain
from dashboard.components.page.role import Right, allowed
from models.scales import Scale
from models.store.engine.errors import StoreError, UnsureError
from models.store.record.saving import Saved
from models.tables.facts import FactsError

RAISED: Final = "crisis raised"
UNWATCHED: Final = "**Nobody watches this in real time.** What happens now is up to you."
TO_THE_PATIENT: Final = "What to tell the patient:"

Values = Mapping[str, object]
"""The fields of an assessment as facts take them."""


class Crisis(NamedTuple):
    """An answer about suicide that calls for the crisis text, whose it is, and whether it is stored."""

    patient_id: int | None
    scale: Scale
    answer: int | None
    stored: bool


def watched(values: Values, write: Callable[[Values], Saved]) -> Saved:
    """Write; answers that raise an alert have the next run begin with the crisis text, even if refused."""
    try:
        saved = write(values)
    except (FactsError, StoreError) as refusal:
        if refusal.alert is not None:
            _raise(values, stored=isinstance(refusal, UnsureError))  # it may be
        raise
    if saved.alert is not None:
        _raise(values, stored=True)
    return saved


def raise_crisis_of_files(alerts: int) -> None:
    """The same for answers that came in files, all of which is stored."""
    st.session_state[RAISED] = alerts


def show_crisis() -> None:
    """The crisis text over everything else, until someone says that it was read."""
    if RAISED in st.session_state:
        _crisis(st.session_state[RAISED])


def show_crisis_text() -> None:
    """What the clinic tells somebody who speaks of suicide."""
    st.markdown(TO_THE_PATIENT)
    with st.container(border=True):
        for paragraph in data.clinic().crisis_text.splitlines():
            st.markdown(plain(paragraph))


def _raise(values: Values, *, stored: bool) -> None:
    scale, patient_id = data.scales()[str(values["scale"])], values["patient_id"]
    items, answer = values.get("items"), values.get("suicide_item")
    if isinstance(items, Mapping) and scale.suicide_item:
        answer = items.get(scale.suicide_item.number)
    whose = patient_id if isinstance(patient_id, int) else None
    found = answer if isinstance(answer, int) else None
    st.session_state[RAISED] = Crisis(whose, scale, found, stored)


@st.dialog("Before anything else", dismissible=False, icon=":material/priority_high:")
def _crisis(raised: Crisis | int) -> None:
    st.error(_of_files(raised) if isinstance(raised, int) else _of_one(raised))
    st.markdown(UNWATCHED)
    show_crisis_text()
    if st.button("I have read this", type="primary", width="stretch"):
        del st.session_state[RAISED]
        st.rerun()


def _of_one(crisis: Crisis) -> str:
    remark = "" if crisis.stored else " Nothing is stored yet."
    return f"**{_whose(crisis.patient_id)}{said(crisis.scale, crisis.answer)}.**{remark}"


def _of_files(alerts: int) -> str:
    answers = "1 answer" if alerts == 1 else f"{alerts:,} answers"
    return f"**{answers} about suicide raised an alert.** All of it is stored."


def _whose(patient_id: int | None) -> str:
    """Name and number, "Ruth Adler, No. 1043, ", for those who may see them."""
    record = data.patient(patient_id) if patient_id is not None and allowed(Right.PATIENTS) else None
    if record is None:
        return ""
    person = record.person
    return "".join(f"{plain(word)}, " for word in dict.fromkeys((person.full_name, f"No. {person.numbers}")))
