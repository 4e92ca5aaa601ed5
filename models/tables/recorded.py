"""What every recorded row carries, so that nothing recorded is ever overwritten.

A row is written once. A correction is a new row whose `supersedes_id` is the old one, a withdrawal a new row
that is `voided`; both say who, when and why. Rows that are versions of one thing share its `entity_id`, which
is the `id` of the first version and what other tables refer to.

Current: not superseded and not voided. As known at a moment T: the same among rows with `recorded_at <= T`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, MetaData, Text, text
from sqlalchemy.orm import registry
from sqlalchemy.schema import SchemaItem
from sqlmodel import Field, SQLModel

from models.tables.columns import Flag, Moment, not_blank

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """The parent of every table: a registry of its own, so that a re-imported module finds an empty one."""


class Recorded(Table):
    """Columns of everything that is recorded, corrected and withdrawn."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entity_id: int
    recorded_at: datetime = Field(sa_type=Moment)
    recorded_by: str = Field(sa_type=Text)
    supersedes_id: int | None = None
    voided: bool = Field(default=False, sa_type=Flag)
    reason: str | None = Field(default=None, sa_type=Text)
    save_key: str | None = Field(default=None, sa_type=Text)


def versions_of(table: str, *rules: SchemaItem) -> tuple[Any, ...]:
    """A table's own rules, and what must hold for the versions of a thing, whoever writes them.

    The first version is its own entity; a later one says what it supersedes and why; only something recorded
    can be withdrawn, with a reason of ten characters or more; a row is superseded once, a save stored once.
    """
    return (
        *rules,
        ForeignKeyConstraint(["entity_id"], [f"{table}.id"]),
        ForeignKeyConstraint(["supersedes_id"], [f"{table}.id"]),
        CheckConstraint("supersedes_id IS NOT NULL OR entity_id = id", name="first_version"),
        CheckConstraint("supersedes_id IS NULL OR supersedes_id < id", name="order"),
        CheckConstraint("supersedes_id IS NULL OR coalesce(reason, '') <> ''", name="reason"),
        CheckConstraint("NOT voided OR supersedes_id IS NOT NULL", name="withdraws_something"),
        CheckConstraint("NOT voided OR length(trim(coalesce(reason, ''))) >= 10", name="withdrawal_reason"),
        not_blank("recorded_by"),
        only_once(table, "supersedes_id"),
        only_once(table, "save_key"),
        {"sqlite_strict": True},
    )


def only_once(table: str, column: str) -> Index:
    """UNIQUE among the rows that have a value: most have none, and cost the index nothing."""
    given = text(f"{column} IS NOT NULL")
    return Index(f"uq_{table}_{column}", column, unique=True, sqlite_where=given, postgresql_where=given)
