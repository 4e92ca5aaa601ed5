"""The claim as a record, the question locked for it, and the looks at that question."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.store.migrations import triggers_0002

revision = "0002"
down_revision = "0001"

MOMENT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
QUANTITY = sa.Float(53).with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "claim",
        needed("id", sa.Integer),
        needed("entity_id", sa.Integer),
        needed("recorded_at", MOMENT),
        needed("recorded_by", sa.Text),
        sa.Column("supersedes_id", sa.Integer),
        needed("voided", FLAG),
        sa.Column("reason", sa.Text),
        sa.Column("save_key", sa.Text),
        needed("clinic_id", sa.Integer),
        needed("words", sa.Text),
        needed("rate", QUANTITY),
        sa.Column("advertised_where", sa.Text),
        sa.Column("advertised_since", sa.Integer),
        needed("source", sa.Text),
        said("words"),
        sa.CheckConstraint("rate > 0 AND rate < 1", name="rate"),
        said("source"),
        sa.PrimaryKeyConstraint("id"),
        refers("clinic_id", "clinic"),
        refers("entity_id", "claim"),
        refers("supersedes_id", "claim"),
        sa.CheckConstraint("supersedes_id IS NOT NULL OR entity_id = id", name="first_version"),
        sa.CheckConstraint("supersedes_id IS NULL OR supersedes_id < id", name="order"),
        sa.CheckConstraint("supersedes_id IS NULL OR coalesce(reason, '') <> ''", name="reason"),
        sa.CheckConstraint("NOT voided OR supersedes_id IS NOT NULL", name="withdraws_something"),
        sa.CheckConstraint(
            "NOT voided OR length(trim(coalesce(reason, ''))) >= 10", name="withdrawal_reason"
        ),
        said("recorded_by"),
        sqlite_strict=True,
    )
    op.create_index("ix_claim_key", "claim", ["clinic_id", "words"])
    for column in ("supersedes_id", "save_key"):
        given = sa.text(f"{column} IS NOT NULL")
        name = f"uq_claim_{column}"
        op.create_index(name, "claim", [column], unique=True, sqlite_where=given, postgresql_where=given)
    op.create_table(
        "claim_lock",
        needed("id", sa.Integer),
        sa.Column("claim_id", sa.Integer),
        needed("question", sa.Text),
        needed("question_hash", sa.Text),
        needed("locked_at", MOMENT),
        needed("locked_by", sa.Text),
        sa.Column("reason", sa.Text),
        said("question"),
        sa.CheckConstraint("length(question_hash) = 64", name="question_hash"),
        said("locked_by"),
        said("reason"),
        sa.PrimaryKeyConstraint("id"),
        refers("claim_id", "claim"),
        sqlite_strict=True,
    )
    op.create_table(
        "claim_look",
        needed("id", sa.Integer),
        needed("lock_id", sa.Integer),
        needed("as_of", sa.Integer),
        needed("numerator", sa.Integer),
        needed("denominator", sa.Integer),
        needed("looked_at", MOMENT),
        sa.UniqueConstraint("lock_id", "as_of", "numerator", "denominator"),
        sa.CheckConstraint("numerator BETWEEN 0 AND denominator", name="numerator"),
        sa.PrimaryKeyConstraint("id"),
        refers("lock_id", "claim_lock"),
        sqlite_strict=True,
    )
    lite = op.get_bind().dialect.name == "sqlite"
    for statement in triggers_0002.for_sqlite() if lite else triggers_0002.for_postgresql():
        op.execute(sa.text(statement))


def needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def said(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} <> ''", name=f"{column}_said")
