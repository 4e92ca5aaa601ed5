"""Breaking the glass: names and scores for an hour, for somebody whose role has neither, with a reason."""

from typing import Final

import streamlit as st

from dashboard import staff
from dashboard.components.dialogs import close_dialog, dialog_button, show_if_open
from dashboard.components.form import Form
from dashboard.components.plain import plain
from dashboard.components.proof import ask_proof
from dashboard.identity import ProofNeededError, Viewer
from models.access.roles import Right
from models.tables.facts import FactsError

DIALOG: Final = "break glass"
FORM: Final = Form("break glass")


def show_glass(viewer: Viewer) -> None:
    """A banner while the glass is broken; before, the way to break it, for those who may."""
    until = viewer.session.elevated_until
    if until is not None and viewer.may(Right.PATIENTS):
        left = staff.minutes_until(until)
        st.warning(
            f"The glass is broken: you see names and scores for {left} more minutes. The auditor reads why.",
            icon=":material/visibility:",
        )
    elif viewer.may(Right.BREAK_GLASS) and not viewer.may(Right.PATIENTS):
        with st.sidebar:
            dialog_button("Break the glass", DIALOG, icon="emergency")
        show_if_open(DIALOG, "See names and scores for an hour", _ask)


def _ask() -> None:
    st.markdown(
        "For an emergency. Administrators and the auditor see who broke the glass, and when; "
        "the auditor reads why."
    )
    why = st.text_area("Reason", key=FORM.key("reason"), height=90)
    if not st.button("Break the glass", type="primary", icon=":material/emergency:", width="stretch"):
        return
    try:
        staff.break_glass(why or "")
    except FactsError as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")
        return
    except ProofNeededError:
        ask_proof()
        return
    FORM.close(True)
    close_dialog()
    st.rerun()
