"""A button that hands a file out, by our own route and to whoever this page is drawn for alone.

Streamlit's own download button is not used: its files lie under an address anybody signed in can ask for.
"""

from secrets import token_hex
from typing import Final

import streamlit as st

from dashboard import data
from dashboard.identity import limits, me
from dashboard.shelf import PATH, SHELF, File, Held

_TAB: Final = "files of this tab"


def offer_file(label: str, file: File, *, key: str) -> None:
    """The button; the file is made, and the audit trail told, once it is pressed."""
    viewer, at = me(), data.now()
    place = f"{st.session_state.setdefault(_TAB, token_hex(8))} {key}"
    held = Held(file, viewer.session.token_hash, place, viewer.role, at + limits().idle)
    st.link_button(label, f"{PATH}/{SHELF.hold(held, at=at)}", icon=":material/download:", key=key)
