"""A button that hands a file out, by our own route and to whoever this page is drawn for alone.

Streamlit's own download button is not used: its files lie under an address anybody signed in can ask for.
"""

import streamlit as st

from dashboard import data
from dashboard.components.page.tab import this_place, this_tab
from dashboard.identity import ProofNeededError, limits, me
from dashboard.shelf import PATH, SHELF, File, Held
from dashboard.signin.places import way_to_prove


def offer_file(label: str, file: File, *, key: str) -> None:
    """The button; the file is made, and the audit trail told, once it is pressed.

    Where somebody has to prove first who they are, it leads there, and they come back to it.
    """
    viewer, at, place = me(), data.now(), f"{this_tab()} {key}"
    held = Held(file, viewer.session.id, place, this_place(), viewer.role, until=at + limits().idle)
    address, icon, remark = f"{PATH}/{SHELF.hold(held, at=at)}", "download", None
    try:
        viewer.check(*file.rights)
    except ProofNeededError:
        address, icon, remark = way_to_prove(this_place()), "lock", "First it is asked again who you are."
    st.link_button(label, address, icon=f":material/{icon}:", help=remark, key=key)
