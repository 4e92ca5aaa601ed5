"""What was done: one row an event, chained so that a changed, missing, moved or cut-off row shows."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field

from models.tables.columns import Moment, not_blank
from models.tables.recorded import Table


class AuditEvent(Table, table=True):
    """Who did what, when and from where.

    `happened_by` is an account's user name, or the person of the operating system on the command line.
    `action` is one of the words of `models.access.actions`; `subject` names what it was done to, as
    `assessment 17`, and `patient_id` whose it is. `detail` is canonical JSON, before and after included.
    `seal` is the keyed hash of all of that and of the row before.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        not_blank("happened_by"),
        not_blank("action"),
        CheckConstraint("length(seal) = 64", name="seal"),
        Index("ix_audit_event_patient_id", "patient_id"),
        {"sqlite_strict": True},
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    happened_at: datetime = Field(sa_type=Moment)
    happened_by: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    subject: str | None = Field(default=None, sa_type=Text)
    patient_id: int | None = None
    address: str | None = Field(default=None, sa_type=Text)
    detail: str = Field(default="{}", sa_type=Text)
    seal: str = Field(sa_type=Text)
