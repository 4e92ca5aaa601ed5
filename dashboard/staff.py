"""What an administrator changes about accounts, and who broke the glass: who may is asked here."""

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Final

from dashboard import data
from dashboard.identity import NotAllowedError, acting, allowed, doors, me, served_at
from models.access.roles import Right, Role
from models.store.accounts import staff as store_accounts
from models.store.accounts.identities import linked_at
from models.store.accounts.staff import StaffAccount
from models.store.audit.events import coming_from
from models.store.trail import glass
from models.store.trail.glass import Elevation

LATELY: Final = timedelta(days=30)


def accounts() -> list[StaffAccount]:
    """Everybody with an account."""
    _check(Right.ACCOUNTS)
    return store_accounts.accounts(data.engine())


def is_linked(account: StaffAccount) -> bool:
    """Whether somebody gets in through the identity provider this record is served with."""
    _check(Right.ACCOUNTS)
    return doors().issuer in linked_at(data.engine(), account.username)


def add_account(username: str, name: str, role: Role, *, sees_names: bool) -> str:
    """A new account; the link its person follows."""
    by = acting(Right.ACCOUNTS)
    with _from_here():
        token = store_accounts.invite(
            data.engine(), username, name, role, by=by, at=data.now(), sees_names=sees_names
        )
    return _link(token)


def setup_link(username: str) -> str:
    """A new link for somebody who is new or was locked out; what they had no longer lets them in."""
    by = acting(Right.ACCOUNTS)
    with _from_here():
        return _link(store_accounts.new_setup_link(data.engine(), username, by=by, at=data.now()))


def give_role(username: str, role: Role) -> None:
    """Another role, at once."""
    by = acting(Right.ACCOUNTS)
    with _from_here():
        store_accounts.change_account(data.engine(), username, by=by, at=data.now(), role=role, doors=doors())


def give_names(username: str, *, sees_names: bool) -> None:
    """The right to names for a practice manager, or no longer, at once."""
    by = acting(Right.ACCOUNTS)
    with _from_here():
        store_accounts.change_account(
            data.engine(), username, by=by, at=data.now(), sees_names=sees_names, doors=doors()
        )


def set_active(username: str, *, active: bool) -> None:
    """Let somebody in, or no longer."""
    by = acting(Right.ACCOUNTS)
    with _from_here():
        store_accounts.change_account(
            data.engine(), username, by=by, at=data.now(), active=active, doors=doors()
        )


def broken_glass() -> list[Elevation]:
    """Each time the glass was broken lately, the newest first; why, for whoever may read the trail alone."""
    found = glass.elevations(data.engine(), since=data.now() - LATELY)
    if allowed(Right.AUDIT):
        return found
    _check(Right.ACCOUNTS)
    return [each._replace(reason="") for each in found]


def _link(token: str) -> str:
    """The link as its person opens it, wherever they read it."""
    return f"{served_at()}/setup/{token}"


def _check(right: Right) -> None:
    """Refuse to read for whom a right is not given; reading asks for no proof."""
    viewer = me()
    if not viewer.may(right):
        raise NotAllowedError(viewer.role, right)


def _from_here() -> AbstractContextManager[None]:
    """Also in a callback, which runs before the page around it, the trail is told from where."""
    return coming_from(me().session.address)
