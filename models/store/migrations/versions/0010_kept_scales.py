"""A clinic's own scales, as they were when scores on them were stored."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from models.store.migrations import triggers_0010

revision = "0010"
down_revision = "0009"

MOMENT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kept_scale",
        needed("id", sa.Integer),
        needed("scale", sa.Text),
        needed("definition", sa.Text),
        needed("kept_at", MOMENT),
        needed("kept_by", sa.Text),
        said("scale"),
        said("definition"),
        said("kept_by"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    lite = op.get_bind().dialect.name == "sqlite"
    for statement in triggers_0010.for_sqlite() if lite else triggers_0010.for_postgresql():
        op.execute(sa.text(statement))


def needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def said(column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} <> ''", name=f"{column}_said")
