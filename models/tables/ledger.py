"""What a clinic advertises, which question it is to be judged by, and how often that question was looked at.

A claim has versions like everything recorded. Locks and looks have none: a later lock stands beside the
earlier ones, and what was looked at once was looked at.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from models.tables.columns import Day, Moment, Quantity, not_blank
from models.tables.recorded import Recorded, Table, versions_of


class AdvertisedClaim(Recorded, table=True):
    """An advertised rate in its own words, where and since when it is advertised, and what it rests on."""

    __tablename__ = "claim"
    __table_args__ = versions_of(
        "claim",
        not_blank("words"),
        CheckConstraint("rate > 0 AND rate < 1", name="rate"),
        not_blank("source"),
        Index("ix_claim_key", "clinic_id", "words"),
    )

    clinic_id: int = Field(foreign_key="clinic.id")
    words: str = Field(sa_type=Text)
    rate: float = Field(sa_type=Quantity)
    advertised_where: str | None = Field(default=None, sa_type=Text)
    advertised_since: date | None = Field(default=None, sa_type=Day)
    source: str = Field(sa_type=Text)


class ClaimLock(Table, table=True):
    """The question a claim is judged by from `locked_at` on, until another is locked.

    `question` is its canonical JSON, `question_hash` the SHA-256 of that. Every lock but the first has a
    reason. `claim_id` is the entity of the claim, empty when the question is locked for whatever is claimed.
    """

    __tablename__ = "claim_lock"
    __table_args__ = (
        not_blank("question"),
        CheckConstraint("length(question_hash) = 64", name="question_hash"),
        not_blank("locked_by"),
        not_blank("reason"),
        {"sqlite_strict": True},
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    claim_id: int | None = Field(default=None, foreign_key="claim.id")
    question: str = Field(sa_type=Text)
    question_hash: str = Field(sa_type=Text)
    locked_at: datetime = Field(sa_type=Moment)
    locked_by: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)


class ClaimLook(Table, table=True):
    """Someone saw the answer to a locked question as of a day; the same counts on that day are one look."""

    __tablename__ = "claim_look"
    __table_args__ = (
        UniqueConstraint("lock_id", "as_of", "numerator", "denominator"),
        CheckConstraint("numerator BETWEEN 0 AND denominator", name="numerator"),
        {"sqlite_strict": True},
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    lock_id: int = Field(foreign_key="claim_lock.id")
    as_of: date = Field(sa_type=Day)
    numerator: int
    denominator: int
    looked_at: datetime = Field(sa_type=Moment)
