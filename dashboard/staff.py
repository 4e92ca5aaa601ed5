"""What an administrator changes about accounts, and the breaking of the glass: who may is asked here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from dashboard import data
from dashboard.identity import NotAllowedError, Viewer, doors, me
from models.access.roles import Right, Role
from models.store import accounts as store_accounts
from models.store import sessions
from models.store.accounts import StaffAccount
from models.store.audit import coming_from


def accounts() -> list[StaffAccount]:
    """Everybody with an account."""
    viewer = me()
    if not viewer.may(Right.ACCOUNTS):
        raise NotAllowedError(viewer.role, Right.ACCOUNTS)
    return store_accounts.accounts(data.engine())


def add_account(username: str, name: str, role: Role, *, sees_names: bool) -> str:
    """A new account; the link its person follows."""
    with _using(Right.ACCOUNTS) as viewer:
        store_accounts.add_account(
            data.engine(), username, name, role, by=viewer.username, at=data.now(), sees_names=sees_names
        )
    return setup_link(username)


def setup_link(username: str) -> str:
    """A new link for somebody who is new or was locked out; what they had no longer lets them in."""
    with _using(Right.ACCOUNTS) as viewer:
        token = store_accounts.new_setup_link(data.engine(), username, by=viewer.username, at=data.now())
    return f"/setup/{token}"


def give_role(username: str, role: Role) -> None:
    """Another role, at once."""
    with _using(Right.ACCOUNTS) as viewer:
        store_accounts.change_account(
            data.engine(), username, by=viewer.username, at=data.now(), role=role, doors=doors()
        )


def set_active(username: str, *, active: bool) -> None:
    """Let somebody in, or no longer."""
    with _using(Right.ACCOUNTS) as viewer:
        store_accounts.change_account(
            data.engine(), username, by=viewer.username, at=data.now(), active=active, doors=doors()
        )


def break_glass(why: str) -> None:
    """Names and scores for an hour, for a reason."""
    with _using(Right.BREAK_GLASS) as viewer:
        sessions.break_glass(data.engine(), viewer.session.account.id, why, at=data.now())


def minutes_until(moment: datetime) -> int:
    """Whole minutes left, one at least."""
    return max(1, round((moment - data.now()).total_seconds() / 60))


@contextmanager
def _using(right: Right) -> Iterator[Viewer]:
    """Who uses a right and from where, also in a callback, which runs before the page around it."""
    viewer = me()
    viewer.check(right)
    with coming_from(viewer.session.address):
        yield viewer
