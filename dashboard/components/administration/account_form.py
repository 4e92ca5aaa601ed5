"""One more account: a name, a role, and the link its person follows."""

from typing import Final

import streamlit as st

from dashboard import staff
from dashboard.components.administration.account_list import LINK
from dashboard.components.forms.form import Form
from dashboard.components.page.plain import plain
from dashboard.components.page.proof import ask_proof
from dashboard.identity import ProofNeededError
from models.access.roles import Role
from models.access.usernames import LONGEST, LONGEST_NAME
from models.store.accounts.staff import AccountError

FORM: Final = Form("account")


def ask_account() -> None:
    """The form; nobody is given a password, everybody chooses their own behind the link."""
    st.subheader("Add somebody", anchor=False)
    with st.container(border=True, width=640):
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
        st.session_state[LINK] = (username, link)
        FORM.close(username)
        st.rerun()
