"""Somebody of each role, signed in, so that a test of a page can look as any of them."""

from threading import Lock

from sqlalchemy import Engine
from streamlit import session_state

from dashboard import data, identity
from dashboard.identity import KEY
from models.access.roles import Role
from models.access.tokens import token_hash
from models.store.accounts.sessions import open_session
from models.store.accounts.staff import add_account


class Staff:
    """The accounts of a record, made as they are needed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions: dict[Role, str] = {}
        self._guard = Lock()

    def session_hash(self) -> str:
        """The session of whoever looks in a page under test, as its session state says."""
        role = Role(session_state.get(KEY, Role.CLINICIAN))
        with self._guard:
            if role not in self._sessions:
                self._sessions[role] = self._signed_in(role)
            return self._sessions[role]

    def _signed_in(self, role: Role, *, sees_names: bool = False) -> str:
        at = data.now()
        account = add_account(self.engine, role, role.shown, role, by="test", at=at, sees_names=sees_names)
        token = open_session(self.engine, account.id, proved_by="test", address="::1", browser="test", at=at)
        return token_hash(token)


def manager_who_sees_names() -> None:
    """From now on whoever looks as manager has the right to names; none has looked before."""
    staff: Staff = identity.session_hash.__self__  # type: ignore[attr-defined]
    staff._sessions[Role.MANAGER] = staff._signed_in(Role.MANAGER, sees_names=True)
