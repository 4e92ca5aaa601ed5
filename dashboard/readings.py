"""What somebody looked at, told to the audit trail: once for each patient, and each list, in a session."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import streamlit as st

from dashboard import data
from dashboard.identity import me
from models.store.audit import Event, note
from models.store.errors import BusyError

_READ: Final = "read since signing in"


def note_patient(patient_id: int) -> None:
    """Somebody looks at a patient."""
    _note_once(Event("read", f"patient {patient_id}", patient_id), patient_id)


def note_list(name: str) -> None:
    """Somebody looks at a list with the names of everybody there is."""
    _note_once(Event("read", name), name)


def note_names(name: str, patient_ids: Iterable[int]) -> None:
    """Somebody looks at a list with the names of these patients: told of whom it had not named before."""
    read = _read()
    named = sorted({patient_id for patient_id in patient_ids if (name, patient_id) not in read})
    if named:
        told = Event("read", name, detail={"patients": named})
        _note_once(told, *((name, patient_id) for patient_id in named))


def _note_once(event: Event, *looks: object) -> None:
    read = _read()
    if read.issuperset(looks):
        return
    with suppress(BusyError):  # told with the next look
        note(data.engine(), event, by=me().username, at=data.now())
        read.update(looks)


def _read() -> set[object]:
    read: set[object] = st.session_state.setdefault(_READ, set())
    return read
