"""The accounts of the clinic's staff, and how each proves who it is. A change here ends their sessions."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine

from models.access.roles import Role
from models.access.tokens import new_token, token_hash
from models.access.usernames import UsernameError, new_username, persons_name
from models.store.accounts.account_events import KEPT, SHUT, SIGNED_OUT, credentials_told, subject_of
from models.store.accounts.doors import Doors, Stands, check_standing, sign_out, unlink
from models.store.audit.events import Event, append
from models.store.audit.inserting import insert
from models.store.engine.asking import ask, tell
from models.store.engine.database import reading, writing
from models.store.engine.errors import StoreError
from models.store.engine.lookup import clinic, next_id
from models.tables.columns import moment_number, moment_of

_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")  # PostgreSQL keeps no NUL, and nothing half a character
LINK_LASTS: Final = timedelta(hours=24)
MEANWHILE: Final = "You were signed out meanwhile; nothing was changed."
_COLUMNS: Final = (
    "a.id, a.username, a.name, a.role, a.sees_names, a.active, "
    "a.password_hash IS NOT NULL, a.totp_secret IS NOT NULL, a.created_at"
)


class AccountError(StoreError):
    """An account cannot be made or changed like this; the message says why."""


class StaffAccount(NamedTuple):
    """One person of the staff. Until `ready`, a setup link has to be followed first."""

    id: int
    username: str
    name: str
    role: Role
    sees_names: bool
    active: bool
    ready: bool
    second_factor: bool
    created_at: datetime


def username_key(username: str) -> str:
    """What two names that look alike share. Any text has one; that of what is no text is nobody's."""
    text = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", username)
    return unicodedata.normalize("NFKC", text).strip().casefold()


def accounts(engine: Engine) -> list[StaffAccount]:
    """Everybody, in the order in which they were added."""
    with reading(engine) as connection:
        return accounts_where(connection, "true")


def account_named(engine: Engine, username: str) -> StaffAccount:
    """One account by its user name; `AccountError` when there is none."""
    with reading(engine) as connection:
        return _named(connection, username)


def add_account(
    engine: Engine, username: str, name: str, role: Role, *, by: str, at: datetime, sees_names: bool = False
) -> StaffAccount:
    """A new account that nobody can sign in to until its setup link was followed."""
    with writing(engine) as connection:
        return _add(connection, (username, name, role, sees_names), by, at)


def invite(
    engine: Engine, username: str, name: str, role: Role, *, by: str, at: datetime, sees_names: bool = False
) -> str:
    """The same, and the token of its setup link: together or not at all."""
    with writing(engine) as connection:
        return _new_link(connection, _add(connection, (username, name, role, sees_names), by, at), by, at)


def change_account(  # noqa: PLR0913  (each change is one of them)
    engine: Engine,
    username: str,
    *,
    by: str,
    at: datetime,
    role: Role | None = None,
    sees_names: bool | None = None,
    active: bool | None = None,
    doors: Doors | None = None,
) -> StaffAccount:
    """Another role or right, or disabled; whoever is signed in with it is signed out at once.

    `AccountError` when no administrator would be left who can sign in by `doors`, or, when it is not known
    how the record is served, in any way.
    """
    with writing(engine) as connection:
        before, could = _named(connection, username), _administrators(connection, doors)
        wanted = before._replace(
            role=before.role if role is None else role,
            sees_names=before.sees_names if sees_names is None else sees_names,
            active=before.active if active is None else active,
        )
        account = changed_to(connection, wanted, by=by, at=at)
        if before in could and not _administrators(connection, doors):
            raise AccountError(
                f"{before.username!r} is the last administrator who can sign in; add another one first."
            )
        return account


def changed_to(connection: Connection, wanted: StaffAccount, *, by: str, at: datetime) -> StaffAccount:
    """Give an account this role, right to names and state, inside an open transaction; it is signed out."""
    before = accounts_where(connection, "a.id = :id", id=wanted.id)[0]
    sql = "UPDATE account SET role = :role, sees_names = :names, active = :active WHERE id = :id"
    names = wanted.sees_names and wanted.role is Role.MANAGER
    tell(connection, sql, id=wanted.id, role=str(wanted.role), names=names, active=wanted.active)
    ended = sign_out(connection, wanted.id, at=at)
    account = accounts_where(connection, "a.id = :id", id=wanted.id)[0]
    told = credentials_told(wanted.id, SIGNED_OUT)
    changed = {"before": _told(before), "after": _told(account), "sessions ended": ended, **told}
    _tell(connection, "change account", account, changed, by, at)
    return account


def new_setup_link(engine: Engine, username: str, *, by: str, at: datetime) -> str:
    """The token of a link with which somebody sets their password; what they had no longer lets them in.

    Nor does whoever they were linked to at a provider, until they are linked anew.
    """
    with writing(engine) as connection:
        return _new_link(connection, _named(connection, username), by, at)


def administrators_who_enter(engine: Engine, doors: Doors) -> list[StaffAccount]:
    """The administrators who can sign in by these doors as things stand."""
    with reading(engine) as connection:
        return _administrators(connection, doors)


def account_of_link(engine: Engine, token: str, *, at: datetime) -> StaffAccount | None:
    """Whose setup link this is, `None` when it was used, has expired or never was."""
    with reading(engine) as connection:
        return _of_link(connection, token, at)


def finish_setup(
    engine: Engine,
    token: str,
    *,
    password_hash: str,
    totp_secret: str,
    totp_step: int,
    code_hashes: list[str],
    at: datetime,
) -> StaffAccount:
    """Store what somebody chose behind their link, which then is used; `AccountError` when it was before."""
    with writing(engine) as connection:
        account = _of_link(connection, token, at)
        if account is None:
            raise AccountError("This link was used already or has expired.")
        secrets = {"password_hash": password_hash, "totp_secret": totp_secret}
        sql = (
            "UPDATE account SET password_hash = :password_hash, totp_secret = :totp_secret, "
            "totp_last_step = :step WHERE id = :id"
        )
        tell(connection, sql, id=account.id, step=totp_step, **secrets)
        hashed = token_hash(token)
        link = "SELECT token_hash, expires_at FROM setup_link WHERE token_hash = :token"
        followed = ask(connection, link, token=hashed)
        used = "UPDATE setup_link SET used_at = :at WHERE token_hash = :token"
        tell(connection, used, at=moment_number(at), token=hashed)
        tell(connection, "DELETE FROM recovery_code WHERE account_id = :id", id=account.id)
        rows = [(code, account.id) for code in code_hashes]
        insert(connection, "recovery_code", ("code_hash", "account_id"), rows)
        doors = {"setup_link_digests": (), "recovery_code_digests": [(code,) for code in code_hashes]}
        found = {"setup_link_digests": followed}
        chosen = credentials_told(account.id, doors, found, totp_step=totp_step, **secrets)
        _tell(connection, "set up account", account, chosen, account.username, at)
        return accounts_where(connection, "a.id = :id", id=account.id)[0]


def change_password(
    engine: Engine, account_id: int, password_hash: str, *, at: datetime, stands: Stands | None = None
) -> None:
    """Another password; every session ends. `NotProvedError` when what was proved no longer `stands`."""
    with writing(engine) as connection:
        check_standing(connection, stands)
        sql = "UPDATE account SET password_hash = :password WHERE id = :id"
        tell(connection, sql, password=password_hash, id=account_id)
        sign_out(connection, account_id, at=at)
        account = accounts_where(connection, "a.id = :id", id=account_id)[0]
        chosen = credentials_told(account_id, SIGNED_OUT, password_hash=password_hash)
        _tell(connection, "change password", account, chosen, account.username, at)


def staff_account(row: tuple[Any, ...]) -> StaffAccount:
    """An account from the columns in which accounts are read."""
    account_id, username, name, role, sees_names, active, ready, second_factor, created = row
    flags = (bool(sees_names), bool(active), bool(ready), bool(second_factor))
    return StaffAccount(account_id, username, name, Role(role), *flags, moment_of(created))


def _new_link(connection: Connection, account: StaffAccount, by: str, at: datetime) -> str:
    token = new_token()
    unset = "UPDATE account SET password_hash = NULL, totp_secret = NULL WHERE id = :id"
    tell(connection, unset, id=account.id)
    used = "UPDATE setup_link SET used_at = :at WHERE account_id = :id AND used_at IS NULL"
    tell(connection, used, at=moment_number(at), id=account.id)
    row = (token_hash(token), account.id, moment_number(at + LINK_LASTS))
    insert(connection, "setup_link", ("token_hash", "account_id", "expires_at"), [row])
    sign_out(connection, account.id, at=at)
    unlinked = unlink(connection, "account_id = :id", id=account.id)
    held = {"password": account.ready, "authenticator": account.second_factor}
    cleared = [name for name, stood in held.items() if stood]
    detail = {
        "cleared": ", ".join(cleared) or "nothing",
        "expires_at": at + LINK_LASTS,
        **({"unlinked": unlinked} if unlinked else {}),
    }
    doors = {"link_digests": (), "setup_link_digests": [(row[0], row[2])], **SIGNED_OUT}
    detail |= credentials_told(account.id, doors, password_hash=None, totp_secret=None)
    _tell(connection, "make setup link", account, detail, by, at)
    return token


def _add(connection: Connection, given: tuple[str, str, Role, bool], by: str, at: datetime) -> StaffAccount:
    username, name, role, sees_names = given
    try:
        username = new_username(username)
        name = persons_name(username, name)
    except UsernameError as refusal:
        raise AccountError(str(refusal)) from None
    if sees_names and role is not Role.MANAGER:
        raise AccountError(f"The right to names is given to a practice manager; got the role {role}.")
    key = username_key(username)
    if accounts_where(connection, "a.username_key = :key", key=key):
        raise AccountError(f"There is an account {username!r} already; names are never used twice.")
    new, (clinic_id, _) = next_id(connection, "account"), clinic(connection)
    row = {"id": new, "clinic_id": clinic_id, "username": username, "username_key": key, "name": name}
    row |= {"role": str(role), "sees_names": sees_names, "active": True, "created_at": moment_number(at)}
    insert(connection, "account", tuple(row), [tuple(row.values())])
    account = accounts_where(connection, "a.id = :id", id=new)[0]
    empty = credentials_told(new, SHUT, password_hash=None, totp_secret=None)
    _tell(connection, "add account", account, {"after": _told(account), **empty}, by, at)
    return account


def _told(account: StaffAccount) -> dict[str, Any]:
    """What the audit trail keeps of an account."""
    return {subject_of(account.id): {field: getattr(account, field) for field in KEPT}}


def _tell(
    connection: Connection,
    action: str,
    account: StaffAccount,
    detail: Mapping[str, Any],
    by: str,
    at: datetime,
) -> None:
    append(connection, [Event(action, subject_of(account.id), detail=detail)], by=by, at=at)


def accounts_where(connection: Connection, condition: str, **values: Any) -> list[StaffAccount]:
    """The accounts a condition on `a` holds for, in the order in which they were added."""
    sql = f"SELECT {_COLUMNS} FROM account a WHERE {condition} ORDER BY a.id"  # noqa: S608
    return [staff_account(row) for row in ask(connection, sql, **values)]


def _named(connection: Connection, username: str) -> StaffAccount:
    found = accounts_where(connection, "a.username_key = :key", key=username_key(username))
    if not found:
        raise AccountError(f"There is no account {username!r}.")
    return found[0]


def _of_link(connection: Connection, token: str, at: datetime) -> StaffAccount | None:
    open_link = "l.token_hash = :token AND l.used_at IS NULL AND l.expires_at > :at"
    linked = f"a.active AND a.id = (SELECT l.account_id FROM setup_link l WHERE {open_link})"  # noqa: S608
    found = accounts_where(connection, linked, token=token_hash(token), at=moment_number(at))
    return found[0] if found else None


def _administrators(connection: Connection, doors: Doors | None) -> list[StaffAccount]:
    """The active ones who have what the doors ask for; without doors, what any of them asks for."""
    ways, linked = [], "SELECT 1 FROM identity i WHERE i.account_id = a.id"
    if doors is None or doors.passwords:
        ways.append("a.password_hash IS NOT NULL")
    if doors is None:
        ways.append(f"EXISTS ({linked})")
    elif doors.issuer is not None:
        ways.append(f"EXISTS ({linked} AND i.issuer = :issuer)")
    values = {"issuer": doors.issuer} if doors and doors.issuer else {}
    condition = f"a.active AND a.role = :role AND ({' OR '.join(ways) or 'false'})"
    return accounts_where(connection, condition, role=str(Role.ADMINISTRATOR), **values)
