"""Settings: the clinic's name, where its days begin, its usual plan, its crisis text, how long it keeps."""

import streamlit as st

from dashboard import data
from dashboard.components.administration.advertised import show_advertised
from dashboard.components.administration.clinic_form import clinic_form
from dashboard.components.administration.retention_card import show_retention
from dashboard.components.page.role import Right, need


def show() -> None:
    """The form, whose records are due, and what is advertised."""
    need(Right.CLINIC)
    st.title("How this clinic works", anchor=False)
    clinic_form()
    show_retention()
    show_advertised(data.ledger())
