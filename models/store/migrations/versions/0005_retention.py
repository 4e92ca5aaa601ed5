"""How long records are kept, and who was erased."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.store.migrations import triggers_0005

revision = "0005"
down_revision = "0004"

MOMENT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.execute(
        "ALTER TABLE clinic ADD COLUMN keep_years INTEGER\n"
        "CONSTRAINT ck_clinic_keep_years CHECK (keep_years BETWEEN 1 AND 100)"
    )
    op.create_table(
        "erasure",
        needed("id", sa.Integer),
        needed("patient_id", sa.Integer),
        needed("numbers", sa.Text),
        sa.Column("known_as", sa.Text),
        needed("reason", sa.Text),
        needed("erased_at", MOMENT),
        needed("erased_by", sa.Text),
        needed("row_count", sa.Integer),
        needed("last_patient", sa.Integer),
        needed("last_course", sa.Integer),
        needed("last_infusion", sa.Integer),
        needed("last_assessment", sa.Integer),
        needed("last_merged_patient", sa.Integer),
        sa.CheckConstraint("id > 0", name="id"),
        said("numbers"),
        said("known_as"),
        sa.CheckConstraint("length(trim(reason)) >= 10", name="reason"),
        said("erased_by"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "erasing",
        needed("patient_id", sa.Integer),
        needed("never", sa.Integer),
        sa.CheckConstraint("never = 0", name="never"),
        sa.ForeignKeyConstraint(["never"], ["erasure.id"], deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("patient_id"),
        sqlite_strict=True,
    )
    lite = op.get_bind().dialect.name == "sqlite"
    for statement in triggers_0005.for_sqlite() if lite else triggers_0005.for_postgresql():
        op.execute(sa.text(statement))


def needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def said(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} <> ''", name=f"{column}_said")
