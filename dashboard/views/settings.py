"""Settings: the clinic's name, where its days begin, what it usually plans, what it says in a crisis."""

import streamlit as st

from dashboard import data
from dashboard.components.advertised import show_advertised
from dashboard.components.clinic_form import clinic_form
from dashboard.components.role import Right, need


def show() -> None:
    """The form, and what is advertised."""
    need(Right.CLINIC)
    st.title("How this clinic works", anchor=False)
    clinic_form()
    show_advertised(data.ledger())
