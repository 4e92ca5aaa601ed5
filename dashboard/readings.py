"""What somebody looked at or took away, told to the audit trail: once for each patient in a session."""

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
    _note_once(Event("read", f"patient {patient_id}", patient_id))


def note_list(name: str) -> None:
    """Somebody looks at a list with names."""
    _note_once(Event("read", name))


def note_export(name: str, by: str) -> None:
    """Somebody takes a file away. Called when a browser asks for it, which no page runs for any more."""
    note(data.engine(), Event("export", name), by=by, at=data.now())


def _note_once(event: Event) -> None:
    read: set[str] = st.session_state.setdefault(_READ, set())
    if event.subject is None or event.subject in read:
        return
    with suppress(BusyError):  # told with the next look
        note(data.engine(), event, by=me().username, at=data.now())
        read.add(event.subject)
