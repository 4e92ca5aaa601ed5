"""Two records of one person are linked, and a number is found however it is written."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.store.migrations import triggers_0004

revision = "0004"
down_revision = "0003"

MOMENT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_index("ix_patient_folded", "patient", ["clinic_id", sa.text("lower(mrn)")])
    op.create_table(
        "merged_patient",
        needed("id", sa.Integer),
        needed("entity_id", sa.Integer),
        needed("recorded_at", MOMENT),
        needed("recorded_by", sa.Text),
        sa.Column("supersedes_id", sa.Integer),
        needed("voided", FLAG),
        sa.Column("reason", sa.Text),
        sa.Column("save_key", sa.Text),
        needed("survivor_id", sa.Integer),
        needed("retired_id", sa.Integer),
        sa.CheckConstraint("survivor_id <> retired_id", name="of_two"),
        sa.CheckConstraint("length(trim(coalesce(reason, ''))) >= 10", name="why"),
        sa.CheckConstraint("supersedes_id IS NULL OR voided", name="undone_only"),
        sa.PrimaryKeyConstraint("id"),
        refers("survivor_id", "patient"),
        refers("retired_id", "patient"),
        refers("entity_id", "merged_patient"),
        refers("supersedes_id", "merged_patient"),
        sa.CheckConstraint("supersedes_id IS NOT NULL OR entity_id = id", name="first_version"),
        sa.CheckConstraint("supersedes_id IS NULL OR supersedes_id < id", name="order"),
        sa.CheckConstraint("supersedes_id IS NULL OR coalesce(reason, '') <> ''", name="reason"),
        sa.CheckConstraint("NOT voided OR supersedes_id IS NOT NULL", name="withdraws_something"),
        sa.CheckConstraint(
            "NOT voided OR length(trim(coalesce(reason, ''))) >= 10", name="withdrawal_reason"
        ),
        sa.CheckConstraint("recorded_by <> ''", name="recorded_by_said"),
        sqlite_strict=True,
    )
    op.create_index("ix_merged_patient_key", "merged_patient", ["retired_id"])
    op.create_index("ix_merged_patient_survivor_id", "merged_patient", ["survivor_id"])
    for column in ("supersedes_id", "save_key"):
        given = sa.text(f"{column} IS NOT NULL")
        name = f"uq_merged_patient_{column}"
        op.create_index(
            name, "merged_patient", [column], unique=True, sqlite_where=given, postgresql_where=given
        )
    lite = op.get_bind().dialect.name == "sqlite"
    for statement in triggers_0004.for_sqlite() if lite else triggers_0004.for_postgresql():
        op.execute(sa.text(statement))


def needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])
