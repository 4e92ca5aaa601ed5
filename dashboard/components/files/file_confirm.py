"""Looking at files before they are stored, and storing them once somebody says so."""

from hashlib import sha256
from typing import Final

import streamlit as st

from dashboard import incoming
from dashboard.components.files.file_choice import FORM, Chosen, key
from dashboard.components.files.file_refused import rows
from dashboard.components.forms.crisis import raise_crisis_of_files
from dashboard.components.page.plain import plain
from dashboard.incoming import ChangedError, MappingError, Seen
from models.exchange.browser.sending import Said
from models.store.engine.errors import StoreError

SEEN: Final = "import seen"
CHANGED: Final = "import changed"


def look(chosen: Chosen, said: Said) -> Seen | None:
    """What these files are and would do, worked out once for every choice and answer; `None` if refused."""
    asked = _fingerprint(chosen, said)
    known = st.session_state.get(SEEN)
    if known is None or known[0] != asked:
        try:
            with st.spinner("Reading …"):
                known = asked, incoming.look(chosen.files, chosen.mapping, said)
        except (MappingError, StoreError) as refusal:
            for line in str(refusal).splitlines():
                st.error(plain(line), icon=":material/error:")
            return None
        st.session_state[SEEN] = known
    seen: Seen = known[1]
    return seen


def confirm(chosen: Chosen, said: Said, seen: Seen) -> None:
    """The button, with what it stores; pressed twice it stores once, and not what nobody has seen."""
    if st.session_state.pop(CHANGED, False):
        st.warning(
            "The record changed since you looked, and nothing was stored. This is how it is now.",
            icon=":material/sync_problem:",
        )
    if not seen.stored:
        st.info("Nothing of this is new: there is nothing to store.", icon=":material/inventory:")
        return
    if seen.result.alerts:
        st.warning(_alarm(seen.result.alerts), icon=":material/priority_high:")
    if not st.button(f"Store {rows(seen.stored)}", type="primary", icon=":material/check:", key=key("store")):
        return
    try:
        with st.spinner("Storing …"):
            done = incoming.store(
                chosen.files, chosen.mapping, said, seen=seen, key=_fingerprint(chosen, said, FORM.save_key)
            )
    except ChangedError:
        st.session_state[CHANGED] = True
    except StoreError as refusal:
        st.error(plain(refusal), icon=":material/error:")
        return
    else:
        if done.result.alerts:
            raise_crisis_of_files(done.result.alerts)
        FORM.close(done)
    st.session_state.pop(SEEN, None)
    st.rerun()


def _alarm(alerts: int) -> str:
    answers = "1 answer" if alerts == 1 else f"{alerts:,} answers"
    return f"{answers} about suicide will raise an alert. The crisis text is shown first."


def _fingerprint(chosen: Chosen, said: Said, *more: str) -> str:
    """What is asked and answered, in one hash: the same question twice is read once, and stored once."""
    answers = sorted((*asked, answer) for asked, answer in said.items())
    return sha256(repr((chosen.hashes, answers, more)).encode()).hexdigest()
