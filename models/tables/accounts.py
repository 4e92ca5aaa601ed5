"""Who may enter: accounts, how they prove who they are, and the sessions they have opened.

Unlike what is recorded of patients, these rows change; every change is told by a row of the audit trail. An
account is never deleted, so its name never comes to mean somebody else.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from models.tables.columns import Flag, Moment, not_blank, one_of
from models.tables.recorded import Table
from models.tables.words import ROLES


class Account(Table, table=True):
    """A person of the clinic's staff.

    `username_key` is the name casefolded in NFKC, so that no two look alike. Without `password_hash` nobody
    can sign in yet. `totp_secret` is sealed; `totp_last_step` is the last time step a code was taken for.
    `sees_names` is the right to names and to item 9 for a role that has neither.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("username_key"),
        not_blank("username_key"),
        not_blank("name"),
        one_of("role", ROLES),
        {"sqlite_strict": True},
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    clinic_id: int = Field(foreign_key="clinic.id")
    username: str = Field(sa_type=Text)
    username_key: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    sees_names: bool = Field(default=False, sa_type=Flag)
    active: bool = Field(default=True, sa_type=Flag)
    password_hash: str | None = Field(default=None, sa_type=Text)
    totp_secret: str | None = Field(default=None, sa_type=Text)
    totp_last_step: int | None = None
    created_at: datetime = Field(sa_type=Moment)


class Identity(Table, table=True):
    """An account at an identity provider: the pair of issuer and subject, and nothing else, is who it is."""

    __tablename__ = "identity"
    __table_args__ = (not_blank("issuer"), not_blank("subject"), {"sqlite_strict": True})

    issuer: str = Field(primary_key=True, sa_type=Text)
    subject: str = Field(primary_key=True, sa_type=Text)
    account_id: int = Field(foreign_key="account.id")
    linked_at: datetime = Field(sa_type=Moment)


class RecoveryCode(Table, table=True):
    """One of the codes that stand in once for a lost second factor; only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = ({"sqlite_strict": True},)

    code_hash: str = Field(primary_key=True, sa_type=Text)
    account_id: int = Field(foreign_key="account.id", index=True)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class SetupLink(Table, table=True):
    """A link with which its person sets a password, once, until it expires; only its hash is kept."""

    __tablename__ = "setup_link"
    __table_args__ = (CheckConstraint("length(token_hash) = 64", name="token_hash"), {"sqlite_strict": True})

    token_hash: str = Field(primary_key=True, sa_type=Text)
    account_id: int = Field(foreign_key="account.id")
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class AuthSession(Table, table=True):
    """Somebody signed in on one browser. The cookie's value is not kept, only its hash.

    `token_hash` is that of the first token, by which the session is known as long as it lasts;
    `renewed_hash` that of the token it is opened with since, once its person proved anew who they are.
    `proved_at` is when a password or a code was last given; `seen_at` the last thing the person did.
    """

    __tablename__ = "auth_session"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_hash"),
        CheckConstraint("length(renewed_hash) = 64", name="renewed_hash"),
        Index("uq_auth_session_opened_with", text("coalesce(renewed_hash, token_hash)"), unique=True),
        {"sqlite_strict": True},
    )

    token_hash: str = Field(primary_key=True, sa_type=Text)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    proved_at: datetime = Field(sa_type=Moment)
    proved_by: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text)
    browser: str = Field(sa_type=Text)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    renewed_hash: str | None = Field(default=None, sa_type=Text)


class SignInFailure(Table, table=True):
    """A sign-in that failed, counted against an account's name, an address, and everybody."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (not_blank("bucket"), {"sqlite_strict": True})

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    bucket: str = Field(sa_type=Text, index=True)
    failed_at: datetime = Field(sa_type=Moment)


class Elevation(Table, table=True):
    """Somebody broke the glass: names and scores for an hour, with a reason."""

    __tablename__ = "elevation"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) >= 10", name="reason"),
        {"sqlite_strict": True},
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    account_id: int = Field(foreign_key="account.id", index=True)
    reason: str = Field(sa_type=Text)
    started_at: datetime = Field(sa_type=Moment)
    ends_at: datetime = Field(sa_type=Moment)
