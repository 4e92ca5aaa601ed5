"""What somebody was typing when their session ended: kept in this process until they sign in again.

Streamlit ends a page's state with its socket. What stands in an unfinished form is therefore remembered by
account at the end of every run, and written into the first run after the same person signed in anew: once,
and never while the session it was typed in is open, in another tab or on another browser. It is never written
to a disk or to a browser, and forgotten after a day's work.
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, NamedTuple

import streamlit as st

from dashboard import data
from dashboard.components.form import SAVE_KEY, is_typed
from dashboard.components.patient_search import CHOSEN
from dashboard.identity import Viewer, is_open

KEPT_FOR: Final = timedelta(hours=12)
_BEGUN: Final = "draft given back"


class Draft(NamedTuple):
    """What stood in the forms of a session when it was last seen."""

    session: str
    kept_at: datetime
    typed: dict[str, Any]


_drafts: dict[int, Draft] = {}
_guard = Lock()


def give_back(viewer: Viewer) -> None:
    """Put what somebody was typing when they were signed out into the session they have just begun."""
    if _BEGUN in st.session_state:
        return
    st.session_state[_BEGUN] = True
    account, now = viewer.session.account.id, data.now()
    with _guard:
        draft = _drafts.get(account)
        if draft is None or draft.session == viewer.session.token_hash or is_open(draft.session):
            return
        del _drafts[account]
    if now - draft.kept_at < KEPT_FOR:
        for key, value in draft.typed.items():
            st.session_state.setdefault(key, value)


def forget() -> None:
    """Forget what everybody was typing: another record is shown."""
    with _guard:
        _drafts.clear()


def keep(viewer: Viewer) -> None:
    """Remember what stands in the forms of whoever looks."""
    state = st.session_state
    sheets = {str(key): value for key, value in state.items() if str(key).startswith(SAVE_KEY)}
    typed = {
        str(key): value
        for key, value in state.items()
        if any(str(key).startswith(f"{sheet} ") for sheet in sheets.values())
        and is_typed(str(key).partition(" ")[2])
    }
    if CHOSEN in state:
        sheets[CHOSEN] = state[CHOSEN]
    account, now = viewer.session.account.id, data.now()
    with _guard:
        _drafts[account] = Draft(viewer.session.token_hash, now, sheets | typed)
        for other in [each for each, draft in _drafts.items() if now - draft.kept_at >= KEPT_FOR]:
            del _drafts[other]
