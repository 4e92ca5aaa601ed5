"""Everybody with an account, and what an administrator may change about it."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard import data, staff
from dashboard.charts.words import on
from dashboard.components.page.plain import plain
from dashboard.components.page.proof import ask_proof
from dashboard.identity import ProofNeededError, me
from models.access.roles import OPERATOR, RULES, Role
from models.store.accounts.staff import AccountError, StaffAccount

LINK: Final = "setup link"
"""Whose link was made last and the link, until it is put away; `ADDED` when the form for one more made it."""
ADDED: Final = "setup link of somebody new"
REFUSED: Final = "account refused"
"""Whose account was not changed, and why."""
UNUSED: Final = "link not used yet"
"""In the demo the visitor comes in without one."""
THROUGH: Final = "signs in through the identity provider"
TOLD_WIDE: Final = 380


def show_accounts() -> None:
    """One row a person, and in it what came of a change; under them what each role may do."""
    whose, refusal = st.session_state.pop(REFUSED, (None, None))
    linked, link = st.session_state.get(LINK, (None, None))
    for account in staff.accounts():
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                who = f"**{plain(account.name)}** :gray[{plain(account.username)}]"
                st.markdown(f"{who}  \n{_told(account)}", width=TOLD_WIDE)
                if account.username != me().username:
                    _actions(account)
            if account.username == whose:
                _say_refused(refusal)
            if account.username == linked and not st.session_state.get(ADDED):
                show_link(linked, link)
    with st.expander("What each role may do", icon=":material/rule:"):
        st.table(
            {
                "May": [rule.allows.capitalize() for rule in RULES.values()],
                "Who": [
                    ", ".join(
                        [role.shown.lower() for role in Role if role in rule.roles]
                        + ([OPERATOR] if rule.operator else [])
                    )
                    for rule in RULES.values()
                ],
            },
            border="horizontal",
            hide_index=True,
        )
        st.caption(
            "A practice manager with the right to names reads patients too; whoever breaks the glass does "
            "for an hour. The operator gives commands on the machine, and signs in nowhere."
        )


def show_link(username: str, link: str) -> None:
    """The link of somebody's setup, shown to whoever made it until they put it away."""
    st.info(f"**Give this link to {plain(username)}.** It works once, within a day.", icon=":material/key:")
    st.code(link, language=None, wrap_lines=True)
    st.button("I have passed it on", on_click=partial(st.session_state.pop, LINK, None))


def _say_refused(refusal: Exception) -> None:
    if isinstance(refusal, ProofNeededError):
        ask_proof()
    else:
        st.error(plain(refusal), icon=":material/error:")


def _told(account: StaffAccount) -> str:
    names = ", with the right to names" if account.sees_names else ""
    since = f"since {on(data.local(account.created_at, None)[0])}"
    return ", ".join(filter(None, [f"{account.role.shown}{names}", since, _state(account)]))


def _state(account: StaffAccount) -> str:
    if not account.active:
        return "disabled"
    if account.ready or data.clinic().demo:
        return ""
    return THROUGH if staff.is_linked(account) else UNUSED


def _actions(account: StaffAccount) -> None:
    name = account.username
    role = st.selectbox(
        f"Role of {plain(name)}",
        list(Role),
        index=list(Role).index(account.role),
        format_func=lambda role: role.shown,
        key=f"role of {name}",
        label_visibility="collapsed",
        width=180,
    )
    if role is not None and role is not account.role:
        st.button(
            "Give this role",
            key=f"give {name}",
            on_click=_try,
            args=(name, partial(staff.give_role, name, role)),
        )
    if account.role is Role.MANAGER:
        label = "Take the right to names" if account.sees_names else "Give the right to names"
        given = partial(staff.give_names, name, sees_names=not account.sees_names)
        st.button(label, key=f"names {name}", on_click=_try, args=(name, given))
    if account.active:
        st.button("New link", key=f"reset {name}", on_click=_try, args=(name, partial(_reset, name)))
    label, active = ("Disable", False) if account.active else ("Enable", True)
    change = partial(staff.set_active, name, active=active)
    st.button(label, key=f"active {name}", on_click=_try, args=(name, change))


def _reset(username: str) -> None:
    st.session_state[LINK] = (username, staff.setup_link(username))
    st.session_state.pop(ADDED, None)


def _try(username: str, change: partial[object]) -> None:
    try:
        change()
    except (AccountError, ProofNeededError) as refusal:
        st.session_state[REFUSED] = (username, refusal)
