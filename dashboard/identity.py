"""Who is looking: the account behind the session the gate let through, asked anew in every run of a page.

The gate tells the app of a session in a header it takes off everybody else's requests. A page that runs
without one was not started by `seventy serve`, and shows nothing.
"""

from datetime import timedelta
from typing import Final, NamedTuple

import streamlit as st

from dashboard import data
from models.access.roles import RULES, Right, Role, may
from models.store.accounts.doors import Doors
from models.store.accounts.lasting import Lasting
from models.store.accounts.sessions import Limits, Session, session_of
from models.store.engine.errors import StoreError

KEY: Final = "role"
"""Under which the demo's choice of role is kept."""


class Viewer(NamedTuple):
    """Somebody signed in. In the demo they look as whom they choose; elsewhere as what their account is."""

    session: Session
    role: Role

    @property
    def username(self) -> str:
        """Who recorded it, in everything they record."""
        return self.session.account.username

    def may(self, right: Right) -> bool:
        """Whether they have a right."""
        elevated = self.session.elevated_until is not None
        return may(self.role, right, sees_names=self.session.account.sees_names, elevated=elevated)

    @property
    def is_proved(self) -> bool:
        """Whether they proved who they are so short a while ago that nothing asks for it anew."""
        return timedelta() <= data.now() - self.session.proved_at < limits().proof

    def check(self, *rights: Right) -> None:
        """Pass only whoever has all of these rights, to use them now.

        `NotAllowedError` for whom one is not given; `ProofNeededError` where one asks for a proof anew.
        """
        for right in rights:
            if not self.may(right):
                raise NotAllowedError(self.role, right)
        if any(RULES[right].proof for right in rights) and not self.is_proved:
            raise ProofNeededError


class NobodyError(RuntimeError):
    """A page runs for somebody who is not signed in."""


class NotAllowedError(StoreError):
    """Somebody's role does not give them the right."""

    def __init__(self, role: Role, right: Right) -> None:
        rule = RULES[right]
        super().__init__(
            f"Nothing was saved: {rule.whose} may {rule.allows}; your role is {role.shown.lower()}."
        )


class ProofNeededError(StoreError):
    """Somebody has to prove anew who they are before they use a right."""

    def __init__(self) -> None:
        super().__init__("Nothing was done: prove first that it is you.")


def me() -> Viewer:
    """Whoever looks now; `NobodyError` when their session has ended."""
    hashed = session_hash()
    if not hashed:
        raise NobodyError
    return viewer_of(hashed, st.session_state.get(KEY))


def viewer_of(hashed: str, chosen: str | None) -> Viewer:
    """Whoever a session is of, in the demo as whom they chose to look; `NobodyError` if it ended."""
    found = _session(hashed)
    if not found:
        raise NobodyError
    role = Role(chosen) if chosen and data.clinic().demo else found.account.role
    return Viewer(found, role)


def acting(right: Right) -> str:
    """Who does it, by user name, whatever page it came from; the errors of `Viewer.check`."""
    viewer = me()
    viewer.check(right)
    return viewer.username


def is_open(hashed: str) -> bool:
    """Whether a session has not ended."""
    return _session(hashed) is not None


def _session(hashed: str) -> Session | None:
    at = data.now()
    return lasting().still(session_of(data.engine(), hashed, at=at, limits=lasting().to_ask), at)


def looking() -> Role:
    """The role that looks now."""
    return me().role


def allowed(right: Right) -> bool:
    """Whether whoever looks has a right."""
    return me().may(right)


def session_hash() -> str | None:
    """The id of the session the gate told the app of: the hash of its first token."""
    told = st.user.get("session")
    return str(told) if told else None


class _Served:
    lasting, doors, address = Lasting(Limits()), Doors(), ""


def serve_with(limits: Limits, doors: Doors, address: str) -> None:
    """How long sessions last in this process, how people get in, and at which address the pages are."""
    _Served.lasting, _Served.doors, _Served.address = Lasting(limits), doors, address


def served_at() -> str:
    """The address at which the pages are: a scheme and a host, and no path."""
    return _Served.address


def doors() -> Doors:
    """How people get in."""
    return _Served.doors


def limits() -> Limits:
    """How long sessions last."""
    return lasting().limits


def lasting() -> Lasting:
    """How long they have lasted so far, by a clock that nobody sets."""
    return _Served.lasting
