"""Accounts, how they prove who they are, their sessions, and the audit trail."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.store.migrations import triggers_0003

revision = "0003"
down_revision = "0002"

MOMENT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
ROLES = ("clinician", "manager", "administrator", "auditor")


def upgrade() -> None:
    op.create_table(
        "account",
        needed("id", sa.Integer),
        needed("clinic_id", sa.Integer),
        needed("username", sa.Text),
        needed("username_key", sa.Text),
        needed("name", sa.Text),
        needed("role", sa.Text),
        needed("sees_names", FLAG),
        needed("active", FLAG),
        sa.Column("password_hash", sa.Text),
        sa.Column("totp_secret", sa.Text),
        sa.Column("totp_last_step", sa.Integer),
        needed("created_at", MOMENT),
        sa.UniqueConstraint("username_key"),
        said("username_key"),
        said("name"),
        sa.CheckConstraint(" OR ".join(f"role = '{role}'" for role in ROLES), name="role"),
        sa.PrimaryKeyConstraint("id"),
        refers("clinic_id", "clinic"),
        sqlite_strict=True,
    )
    op.create_table(
        "identity",
        needed("issuer", sa.Text),
        needed("subject", sa.Text),
        needed("account_id", sa.Integer),
        needed("linked_at", MOMENT),
        said("issuer"),
        said("subject"),
        sa.PrimaryKeyConstraint("issuer", "subject"),
        refers("account_id", "account"),
        sqlite_strict=True,
    )
    op.create_table(
        "recovery_code",
        needed("code_hash", sa.Text),
        needed("account_id", sa.Integer),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("code_hash"),
        refers("account_id", "account"),
        sqlite_strict=True,
    )
    op.create_table(
        "setup_link",
        needed("token_hash", sa.Text),
        needed("account_id", sa.Integer),
        needed("expires_at", MOMENT),
        sa.Column("used_at", MOMENT),
        sa.CheckConstraint("length(token_hash) = 64", name="token_hash"),
        sa.PrimaryKeyConstraint("token_hash"),
        refers("account_id", "account"),
        sqlite_strict=True,
    )
    op.create_table(
        "auth_session",
        needed("token_hash", sa.Text),
        needed("account_id", sa.Integer),
        needed("created_at", MOMENT),
        needed("seen_at", MOMENT),
        needed("proved_at", MOMENT),
        needed("proved_by", sa.Text),
        needed("address", sa.Text),
        needed("browser", sa.Text),
        sa.Column("ended_at", MOMENT),
        sa.CheckConstraint("length(token_hash) = 64", name="token_hash"),
        sa.PrimaryKeyConstraint("token_hash"),
        refers("account_id", "account"),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in_failure",
        needed("id", sa.Integer),
        needed("bucket", sa.Text),
        needed("failed_at", MOMENT),
        said("bucket"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "elevation",
        needed("id", sa.Integer),
        needed("account_id", sa.Integer),
        needed("reason", sa.Text),
        needed("started_at", MOMENT),
        needed("ends_at", MOMENT),
        sa.CheckConstraint("length(trim(reason)) >= 10", name="reason"),
        sa.PrimaryKeyConstraint("id"),
        refers("account_id", "account"),
        sqlite_strict=True,
    )
    for table in ("recovery_code", "auth_session", "elevation"):
        op.create_index(f"ix_{table}_account_id", table, ["account_id"])
    op.create_index("ix_sign_in_failure_bucket", "sign_in_failure", ["bucket"])
    op.create_table(
        "audit_event",
        needed("id", sa.Integer),
        needed("happened_at", MOMENT),
        needed("happened_by", sa.Text),
        needed("action", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("patient_id", sa.Integer),
        sa.Column("address", sa.Text),
        needed("detail", sa.Text),
        needed("seal", sa.Text),
        said("happened_by"),
        said("action"),
        sa.CheckConstraint("length(seal) = 64", name="seal"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_event_patient_id", "audit_event", ["patient_id"])
    lite = op.get_bind().dialect.name == "sqlite"
    for statement in triggers_0003.for_sqlite() if lite else triggers_0003.for_postgresql():
        op.execute(sa.text(statement))


def needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def said(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} <> ''", name=f"{column}_said")
