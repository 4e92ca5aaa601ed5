"""The way to prove anew who one is, and back to this tab with everything that was typed in it."""

import streamlit as st

from dashboard.components.page.tab import this_place
from dashboard.identity import limits
from dashboard.signin.places import way_to_prove


def ask_proof() -> None:
    """Say that a proof is needed, with the link to where it is asked for."""
    minutes = round(limits().proof.total_seconds() / 60)
    st.warning(
        f"Nothing was done yet: it is asked again who you are, as your last proof is over {minutes} minutes "
        "old. What you typed is still here when you come back.",
        icon=":material/lock:",
    )
    st.link_button("Prove it is me", way_to_prove(this_place()), icon=":material/key:", width="stretch")
