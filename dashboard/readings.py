"""What somebody looked at, told to the audit trail: once for each patient, and each list, in a session."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import streamlit as st

from dashboard import data
from dashboard.identity import me
from models.store.audit.events import Event, note
from models.store.engine.errors import BusyError
from models.store.trail.listed import compact

Look = tuple[str, int]
"""A list, or a page of one patient, and who was seen."""

_READ: Final = "read since signing in"


def note_patient(patient_id: int) -> None:
    """Somebody looks at a patient."""
    _note_once(Event("read", f"patient {patient_id}", patient_id), ("patient", patient_id))


def note_list(name: str, patient_ids: Iterable[int]) -> None:
    """Somebody looks at a list of these patients: told of whom it had not shown before."""
    read = _read()
    shown = {(name, patient_id) for patient_id in patient_ids} - read
    if shown:
        told = Event("read", name, detail={"patients": compact(patient_id for _, patient_id in shown)})
        _note_once(told, *shown)


def _note_once(event: Event, *looks: Look) -> None:
    read = _read()
    if read.issuperset(looks):
        return
    with suppress(BusyError):  # told with the next look
        note(data.engine(), event, by=me().username, at=data.now())
        read.update(looks)


def _read() -> set[Look]:
    read: set[Look] = st.session_state.setdefault(_READ, set())
    return read
