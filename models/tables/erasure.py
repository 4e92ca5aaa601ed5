"""Who was erased from the record: not by name, but so that it stays known that somebody was."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text
from sqlmodel import Field

from models.tables.columns import Moment, not_blank
from models.tables.recorded import Table


class Erasure(Table, table=True):
    """One person was erased. `patient_id` is the entity whose rows are gone, or say no longer whose they are.

    `numbers` holds, as JSON by entity (of linked records there are several), keyed digests of the clinic's
    numbers they had, the last one first: by them a number can be recognised and not found out. Where scores
    were kept, `known_as` is in the number's place. `last_…` are the highest ids there were, so that none is
    ever given twice.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("id > 0", name="id"),
        not_blank("numbers"),
        not_blank("known_as"),
        CheckConstraint("length(trim(reason)) >= 10", name="reason"),
        not_blank("erased_by"),
        {"sqlite_strict": True},
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    patient_id: int
    numbers: str = Field(sa_type=Text)
    known_as: str | None = Field(default=None, sa_type=Text)
    reason: str = Field(sa_type=Text)
    erased_at: datetime = Field(sa_type=Moment)
    erased_by: str = Field(sa_type=Text)
    row_count: int
    last_patient: int
    last_course: int
    last_infusion: int
    last_assessment: int
    last_merged_patient: int


class Erasing(Table, table=True):
    """The permission to erase one person, which no transaction can leave behind.

    While a row stands here the rules of the database let this person's rows go, and nobody else's. `never`
    refers to an erasure that cannot be, checked as the transaction ends: it ends without this row or not at
    all, and the row goes only once the erasure is written down and the audit trail was told.
    """

    __tablename__ = "erasing"
    __table_args__ = (
        CheckConstraint("never = 0", name="never"),
        ForeignKeyConstraint(["never"], ["erasure.id"], deferrable=True, initially="DEFERRED"),
        {"sqlite_strict": True},
    )

    patient_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    never: int
