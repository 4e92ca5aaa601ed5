"""What somebody was typing when their session ended: kept in this process until they sign in again.

Streamlit ends a page's state with its socket. What stands in an unfinished form is therefore remembered by
account at the end of every run, and written into the first run of that account's next session. It is never
written to a disk or to a browser, and forgotten after a day's work.
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

import streamlit as st

from dashboard.components.form import SAVE_KEY
from dashboard.components.patient_search import CHOSEN

KEPT_FOR: Final = timedelta(hours=12)
NOT_TYPED: Final = ("save", "save here too", "refusal")
_BEGUN: Final = "draft given back"

_drafts: dict[int, tuple[datetime, dict[str, Any]]] = {}
_guard = Lock()


def give_back(account_id: int, now: datetime) -> None:
    """Put what an account was typing into a session that has just begun."""
    if _BEGUN in st.session_state:
        return
    st.session_state[_BEGUN] = True
    with _guard:
        kept_at, typed = _drafts.get(account_id, (now, {}))
    if now - kept_at < KEPT_FOR:
        for key, value in typed.items():
            st.session_state.setdefault(key, value)


def keep(account_id: int, now: datetime) -> None:
    """Remember what stands in the forms of this session."""
    state = st.session_state
    sheets = {str(key): value for key, value in state.items() if str(key).startswith(SAVE_KEY)}
    typed = {
        str(key): value
        for key, value in state.items()
        if any(str(key).startswith(f"{sheet} ") for sheet in sheets.values())
        and str(key).partition(" ")[2] not in NOT_TYPED
    }
    if CHOSEN in state:
        sheets[CHOSEN] = state[CHOSEN]
    with _guard:
        _drafts[account_id] = (now, sheets | typed)
        for other in [each for each, (kept_at, _) in _drafts.items() if now - kept_at >= KEPT_FOR]:
            del _drafts[other]
