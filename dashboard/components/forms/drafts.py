"""What somebody was typing when they had to leave: kept in this process until they are back.

Streamlit ends a page's state half a minute after its socket. What stands in an unfinished form, which
dialog is open and what is asked is therefore remembered by tab at the end of every run, of a page as of a
dialog, and written once into the first run of whoever comes back: to that tab from proving who they are, to
a page that stayed open and was cut off for longer (asleep, or while the record could not be reached), or to
any after signing in anew. It is given to nobody but the same person, and else never while the session it was
typed in is open, in another tab or on another browser. After signing in anew a dialog in which nothing was
typed stays closed. It is never written to a disk or to a browser, and forgotten after a day's work.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import data
from dashboard.components.forms.form import SAVE_KEY, is_typed
from dashboard.components.page.tab import AS_OPENED, CHOSEN, OPEN, PAGE, this_tab
from dashboard.components.question.estimand_picker import ASKED
from dashboard.identity import KEY, Viewer, is_open
from dashboard.signin.places import TAB

KEPT_FOR: Final = timedelta(hours=12)
MOST_TABS: Final = 8
"""Tabs of one account; the oldest is forgotten."""
BESIDE: Final = (
    *(CHOSEN, OPEN, AS_OPENED, PAGE, KEY, ASKED, "own-words", "roll", "roll-steps"),
    *("audit-first", "audit-last", "audit-by", "audit-action", "audit-patient"),
)
BESIDE_AS: Final = ("question-", "role of ", "course of ")
"""What is kept beside the forms, by key and by how a key begins."""
_BEGUN: Final = "draft given back"
LOST: Final = "draft lost"
"""Under which it is kept that the page was open before, and nobody knows what stood in it."""
PAGE_BEFORE: Final = 2
"""Which of a socket's protocols names the state that a page had before its socket was lost."""


class Draft(NamedTuple):
    """What stood in a tab when it was last seen; `page` is Streamlit's name of its state."""

    account: int
    session: str
    page: str
    kept_at: datetime
    typed: dict[str, Any]


_drafts: dict[str, Draft] = {}
_guard = Lock()


def give_back(viewer: Viewer) -> bool:
    """Put what somebody was typing when they left into the tab they have just begun, if there was any."""
    if _BEGUN in st.session_state:
        return False
    st.session_state[_BEGUN] = True
    left, now = st.query_params.get(TAB), data.now()
    if left is not None:
        del st.query_params[TAB]
    page = page_before()
    with _guard:
        cut_off = _left_on(viewer, page) if page else None
        draft = _left_by(viewer, left) if left is not None else cut_off or _of_before(viewer)
    if draft is None or now - draft.kept_at >= KEPT_FOR:
        st.session_state[LOST] = page is not None
        return False
    untouched = left is None and cut_off is None and _standing(draft.typed) == draft.typed.get(AS_OPENED)
    for key, value in draft.typed.items():
        if not (untouched and key in (OPEN, AS_OPENED)):
            st.session_state.setdefault(key, value)
    return True


def forget() -> None:
    """Forget what everybody was typing: another record is shown."""
    with _guard:
        _drafts.clear()


def keep(viewer: Viewer) -> None:
    """Remember what stands in the forms of whoever looks."""
    state = _state()
    sheets, typed = _sheets(state), _typed(state)
    beside = {key: value for key, value in state.items() if key in BESIDE or key.startswith(BESIDE_AS)}
    account, now, tab = viewer.session.account.id, data.now(), this_tab()
    with _guard:
        _drafts.pop(tab, None)
        _drafts[tab] = Draft(account, viewer.session.id, _page(), now, sheets | typed | beside)
        old = [each for each, draft in _drafts.items() if now - draft.kept_at >= KEPT_FOR]
        theirs = [each for each, draft in _drafts.items() if draft.account == account]
        for other in {*old, *theirs[:-MOST_TABS]}:
            del _drafts[other]


def standing() -> dict[str, Any]:
    """What stands in the forms now, by the key of each widget in which something does."""
    return _standing(_state())


def _standing(state: Mapping[str, Any]) -> dict[str, Any]:
    typed = _typed(state).items()
    return {key: value for key, value in typed if not (value is None or value is False or value == "")}


def _typed(state: Mapping[str, Any]) -> dict[str, Any]:
    begins = tuple(f"{sheet} " for sheet in _sheets(state).values())
    return {
        key: value
        for key, value in state.items()
        if key.startswith(begins) and is_typed(key.partition(" ")[2])
    }


def _sheets(state: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in state.items() if key.startswith(SAVE_KEY)}


def _state() -> dict[str, Any]:
    return {str(key): value for key, value in st.session_state.items()}


def _left_by(viewer: Viewer, tab: str) -> Draft | None:
    """What stood in the tab that somebody left to prove who they are; nobody else's."""
    draft = _drafts.get(tab)
    if draft is None or draft.account != viewer.session.account.id:
        return None
    return _drafts.pop(tab)


def _left_on(viewer: Viewer, page: str) -> Draft | None:
    """What stood on a page that was cut off; nobody else's."""
    theirs = [
        (tab, draft.page) for tab, draft in _drafts.items() if draft.account == viewer.session.account.id
    ]
    found = [tab for tab, name in theirs if name == page]
    return _drafts.pop(found[-1]) if found else None


def page_before() -> str | None:
    """Streamlit's name of the state a page had before it lost its socket; `None` of one just opened."""
    told = (st.context.headers.get("Sec-WebSocket-Protocol") or "").split(",")
    return told[PAGE_BEFORE].strip() if len(told) > PAGE_BEFORE else None


def _page() -> str:
    running = get_script_run_ctx()
    return running.session_id if running else ""


def _of_before(viewer: Viewer) -> Draft | None:
    """What stood in the last tab of sessions of theirs that have ended; the others are forgotten."""
    ended = [
        tab
        for tab, draft in _drafts.items()
        if draft.account == viewer.session.account.id
        and draft.session != viewer.session.id
        and not is_open(draft.session)
    ]
    found = [_drafts.pop(tab) for tab in ended]
    return found[-1] if found else None
