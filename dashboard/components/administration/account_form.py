"""One more account: a name, a role, and the link its person follows."""

from typing import Final

import streamlit as st

from dashboard import staff
from dashboard.components.administration.account_list import ADDED, LINK, show_link
from dashboard.components.forms.form import Form
from dashboard.components.page.plain import plain
from dashboard.components.page.proof import ask_proof
from dashboard.identity import ProofNeededError
from models.access.roles import Role
from models.access.usernames import LONGEST, LONGEST_NAME
from models.store.accounts.staff import AccountError

FORM: Final = Form("account")
WIDE: Final = 652


def ask_account() -> None:
    """The form; nobody is given a password, everybody chooses their own behind the link."""
    st.subheader("Add somebody", anchor=False)
    if st.session_state.get(ADDED) and LINK in st.session_state:
        with st.container(border=True, width=WIDE):
            show_link(*st.session_state[LINK])
    with st.container(border=True, width=WIDE):
        name = st.text_input("Name", key=FORM.key("name"), max_chars=LONGEST_NAME)
        username = st.text_input("User name", key=FORM.key("username"), max_chars=LONGEST)
        role = st.pills("Role", list(Role), format_func=lambda role: role.shown, key=FORM.key("role"))
        sees_names = role is Role.MANAGER and st.checkbox("May see names", key=FORM.key("sees_names"))
        if not st.button("Add", type="primary", width="stretch", key=FORM.button("save")):
            return
        if role is None:
            st.error("Choose a role", icon=":material/error:")
            return
        try:
            link = staff.add_account(username or "", name or "", role, sees_names=sees_names)
        except AccountError as refusal:
            st.error(plain(str(refusal)), icon=":material/error:")
            return
        except ProofNeededError:
            ask_proof()
            return
        st.session_state[LINK], st.session_state[ADDED] = (username, link), True
        FORM.close(username)
        st.rerun()
