"""What was taken from accounts since a backup was made, taken from them again once it is the record.

Nobody comes in again, and nobody sees names again, because the record went back to an earlier day. What was
given since is not given again. No role is less than another: of those that differ it is only said.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine

from models.access.roles import Role
from models.store.accounts.staff import StaffAccount, accounts_where, changed_to, username_key
from models.store.engine.database import writing


class Again(NamedTuple):
    """Somebody has a role again, and had another in the record that was replaced."""

    username: str
    role: Role
    was: Role


class HeldBack(NamedTuple):
    """By user name: who was disabled since and is so again, who sees no names again, who has a role again.

    `administrators` is how many of them are active.
    """

    disabled: list[str]
    without_names: list[str]
    roles: list[Again]
    administrators: int

    def described(self) -> dict[str, Any]:
        """As JSON."""
        return {**self._asdict(), "roles": [one._asdict() for one in self.roles]}


def hold_back(engine: Engine, last: Sequence[StaffAccount], *, by: str, at: datetime) -> HeldBack:
    """Hold the accounts of a restored record against those that stood `last` in the one it replaced."""
    stood = {username_key(one.username): one for one in last}
    held = HeldBack([], [], [], 0)
    with writing(engine) as connection:
        for account in accounts_where(connection, "true"):
            since = stood.get(username_key(account.username), account)
            wanted = account._replace(
                active=account.active and since.active, sees_names=account.sees_names and since.sees_names
            )
            if wanted != account:
                changed_to(connection, wanted, by=by, at=at)
            if wanted.active != account.active:
                held.disabled.append(account.username)
            if wanted.sees_names != account.sees_names:
                held.without_names.append(account.username)
            if since.role is not account.role:
                held.roles.append(Again(account.username, account.role, since.role))
        left = accounts_where(connection, "a.active AND a.role = :role", role=str(Role.ADMINISTRATOR))
    return held._replace(administrators=len(left))
