"""Which account somebody is whom an identity provider knows: by issuer and subject, and by nothing else."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from models.store.accounts.account_events import credentials_told, subject_of
from models.store.accounts.doors import Stands, newest_event, sign_out, signed_out_since, unlink
from models.store.accounts.sessions import end_sessions_of
from models.store.accounts.staff import AccountError, StaffAccount, account_named, username_key
from models.store.audit.events import Event, append
from models.store.audit.inserting import insert
from models.store.engine.asking import ask, ask_first
from models.store.engine.database import reading, writing
from models.tables.columns import moment_number

_LINKED = (
    "SELECT a.id FROM identity i JOIN account a ON a.id = i.account_id "
    "WHERE i.issuer = :issuer AND i.subject = :subject"
)


def account_of_identity(engine: Engine, issuer: str, subject: str) -> int | None:
    """The active account linked to a subject of an issuer; `None` when there is none."""
    with reading(engine) as connection:
        return _active(connection, issuer, subject)


def now_known(engine: Engine) -> int:
    """The newest event, before the provider is asked who somebody is."""
    with reading(engine) as connection:
        return newest_event(connection)


def still_linked(issuer: str, subject: str, account_id: int, since: int) -> Stands:
    """Whether a subject is this account still, and it is active and was not signed out since an event."""

    def stand(connection: Connection) -> bool:
        linked = _active(connection, issuer, subject) == account_id
        return linked and not signed_out_since(connection, account_id, since)

    return stand


def first_link(engine: Engine, issuer: str, subject: str, email: str, *, at: datetime) -> int | None:
    """Link a subject to the active account whose user name is `email`, which its issuer must have verified.

    `None` when nobody is so called, when that account is another subject of the issuer already, or when this
    subject is another account. Capitals do not matter; an address of other letters than ASCII never matches,
    for its letters may only look like those of somebody else: an administrator links it.
    """
    if not email.isascii():
        return None
    with writing(engine) as connection:
        if ask(connection, _LINKED, issuer=issuer, subject=subject):
            return _active(connection, issuer, subject)
        named = (
            "SELECT a.id, a.username FROM account a WHERE a.username_key = :key AND a.active AND NOT EXISTS "
            "(SELECT 1 FROM identity i WHERE i.account_id = a.id AND i.issuer = :issuer)"
        )
        found = ask_first(connection, named, key=username_key(email), issuer=issuer)
        if found is None:
            return None
        account_id, username = found
        append(connection, [_link(connection, issuer, subject, account_id, at)], by=username, at=at)
        return int(account_id)


def link(engine: Engine, username: str, issuer: str, subject: str, *, by: str, at: datetime) -> StaffAccount:
    """Link an account to a subject, as an administrator does; its earlier one at this issuer opens nothing.

    Whoever is signed in with the account is signed out. `AccountError` when the subject is another account,
    when there is no such account, or when nothing stands for issuer or subject.
    """
    issuer, subject = issuer.strip(), subject.strip()
    if not issuer or not subject:
        raise AccountError(f"A link needs an issuer and a subject; got {issuer!r} and {subject!r}.")
    account = account_named(engine, username)
    with writing(engine) as connection:
        held = ask_first(connection, _LINKED, issuer=issuer, subject=subject)
        if held not in (None, (account.id,)):
            raise AccountError(f"This subject of {issuer} is linked to another account already.")
        linked = _link(connection, issuer, subject, account.id, at)
        sign_out(connection, account.id, at=at)
        append(connection, [linked], by=by, at=at)
    return account


def linked_at(engine: Engine, username: str) -> list[str]:
    """The issuers at which an account is linked; `AccountError` when there is no such account."""
    account = account_named(engine, username)
    with reading(engine) as connection:
        sql = "SELECT issuer FROM identity WHERE account_id = :id ORDER BY issuer"
        return [row[0] for row in ask(connection, sql, id=account.id)]


def end_sessions_of_identity(engine: Engine, issuer: str, subject: str, *, at: datetime) -> None:
    """The provider says that a subject has signed out: every session of its account ends."""
    with reading(engine) as connection:
        found = ask_first(connection, _LINKED, issuer=issuer, subject=subject)
    if found is not None:
        end_sessions_of(engine, found[0], at=at)


def _active(connection: Connection, issuer: str, subject: str) -> int | None:
    found = ask_first(connection, f"{_LINKED} AND a.active", issuer=issuer, subject=subject)
    return None if found is None else int(found[0])


def _link(connection: Connection, issuer: str, subject: str, account_id: int, at: datetime) -> Event:
    """Put a link in the place of the account's earlier one at this issuer; what the audit trail is told."""
    held = ask(connection, "SELECT issuer, subject FROM identity WHERE account_id = :id", id=account_id)
    unlink(connection, "account_id = :id AND issuer = :issuer", id=account_id, issuer=issuer)
    columns = ("issuer", "subject", "account_id", "linked_at")
    insert(connection, "identity", columns, [(issuer, subject, account_id, moment_number(at))])
    found = [row for row in held if row != (issuer, subject)]
    left = [*(row for row in found if row[0] != issuer), (issuer, subject)]
    told = credentials_told(account_id, {"link_digests": left}, {"link_digests": found})
    return Event("link account", subject_of(account_id), detail={"issuer": issuer, **told})
