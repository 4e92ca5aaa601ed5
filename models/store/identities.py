"""Which account somebody is whom an identity provider knows: by issuer and subject, and by nothing else."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from models.store.accounts import AccountError, StaffAccount, account_named, sign_out, username_key
from models.store.database import reading, writing
from models.store.inserting import insert
from models.store.lookup import ask
from models.tables.columns import moment_number

_LINKED = (
    "SELECT a.id FROM identity i JOIN account a ON a.id = i.account_id "
    "WHERE i.issuer = :issuer AND i.subject = :subject"
)


def account_of_identity(engine: Engine, issuer: str, subject: str) -> int | None:
    """The active account linked to a subject of an issuer; `None` when there is none."""
    with reading(engine) as connection:
        return _active(connection, issuer, subject)


def first_link(engine: Engine, issuer: str, subject: str, email: str, *, at: datetime) -> int | None:
    """Link a subject to the active account whose user name is `email`, which its issuer must have verified.

    `None` when nobody is so called, when that account is another subject of the issuer already, or when this
    subject is another account. Capitals do not matter; an address of other letters than ASCII never matches,
    for its letters may only look like those of somebody else: an administrator links it.
    """
    if not email.isascii():
        return None
    with writing(engine) as connection:
        if ask(connection, _LINKED, issuer=issuer, subject=subject).first() is not None:
            return _active(connection, issuer, subject)
        named = (
            "SELECT a.id FROM account a WHERE a.username_key = :key AND a.active AND NOT EXISTS "
            "(SELECT 1 FROM identity i WHERE i.account_id = a.id AND i.issuer = :issuer)"
        )
        found = ask(connection, named, key=username_key(email), issuer=issuer).scalar_one_or_none()
        if found is not None:
            _insert(connection, issuer, subject, found, at)
        return found


def link(engine: Engine, username: str, issuer: str, subject: str, *, at: datetime) -> StaffAccount:
    """Link an account to a subject, as an administrator does; its earlier one at this issuer opens nothing.

    Whoever is signed in with the account is signed out. `AccountError` when the subject is another account,
    when there is no such account, or when nothing stands for issuer or subject.
    """
    issuer, subject = issuer.strip(), subject.strip()
    if not issuer or not subject:
        raise AccountError(f"A link needs an issuer and a subject; got {issuer!r} and {subject!r}.")
    account = account_named(engine, username)
    with writing(engine) as connection:
        held = ask(connection, _LINKED, issuer=issuer, subject=subject).scalar_one_or_none()
        if held not in (None, account.id):
            raise AccountError(f"This subject of {issuer} is linked to another account already.")
        earlier = "DELETE FROM identity WHERE account_id = :id AND issuer = :issuer"
        ask(connection, earlier, id=account.id, issuer=issuer)
        _insert(connection, issuer, subject, account.id, at)
        sign_out(connection, account.id, at=at)
    return account


def end_sessions_of_identity(engine: Engine, issuer: str, subject: str, *, at: datetime) -> None:
    """The provider says that a subject has signed out: every session of its account ends."""
    with writing(engine) as connection:
        for (account_id,) in ask(connection, _LINKED, issuer=issuer, subject=subject).all():
            sign_out(connection, account_id, at=at)


def _active(connection: Connection, issuer: str, subject: str) -> int | None:
    found = ask(connection, f"{_LINKED} AND a.active", issuer=issuer, subject=subject).scalar_one_or_none()
    return None if found is None else int(found)


def _insert(connection: Connection, issuer: str, subject: str, account_id: int, at: datetime) -> None:
    columns = ("issuer", "subject", "account_id", "linked_at")
    insert(connection, "identity", columns, [(issuer, subject, account_id, moment_number(at))])
