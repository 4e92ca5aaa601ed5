"""People: who has an account, what they may see, and the link with which somebody new begins."""

import streamlit as st

from dashboard.components.administration.account_form import ask_account
from dashboard.components.administration.account_list import show_accounts
from dashboard.components.page.broken_glass import show_broken_glass
from dashboard.components.page.role import Right, need


def show() -> None:
    """Who broke the glass, everybody, then the form for one more."""
    need(Right.ACCOUNTS)
    st.title("Who may enter", anchor=False)
    show_broken_glass()
    show_accounts()
    ask_account()
