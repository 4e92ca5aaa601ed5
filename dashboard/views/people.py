"""People: who has an account, what they may see, and the link with which somebody new begins."""

import streamlit as st

from dashboard.components.account_form import ask_account
from dashboard.components.account_list import show_accounts
from dashboard.components.role import Right, need


def show() -> None:
    """Everybody, then the form for one more."""
    need(Right.ACCOUNTS)
    st.title("Who may enter", anchor=False)
    show_accounts()
    ask_account()
