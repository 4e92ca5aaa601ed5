"""What patients scored, item by item where items were taken, and the alerts their answers raised."""

from datetime import date, datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from models.tables.columns import Day, Flag, Moment, between, either, not_blank, one_of
from models.tables.recorded import Recorded, Table, versions_of
from models.tables.words import LEVELS, MODES, STATUSES, TIMINGS


class Assessment(Recorded, table=True):
    """One administration of one scale at one time.

    `total` counts the scale's smallest steps (tenths for PROMIS). `suicide_item` is the answer given, empty
    when it was left out or the scale does not ask; it is never filled in.
    """

    __tablename__ = "assessment"
    __table_args__ = versions_of(
        "assessment",
        either("assessed_at", "assessed_on"),
        not_blank("scale"),
        one_of("timing", TIMINGS),
        one_of("mode", MODES),
        one_of("status", STATUSES),
        between("recall_days", 0, 366),
        between("total", 0, 1023),
        between("suicide_item", 0, 1023),
        # Microseconds and days never meet, so one number tells every moment or day from every other.
        Index("ix_assessment_key", "patient_id", "scale", text("coalesce(assessed_at, assessed_on)")),
    )

    patient_id: int = Field(foreign_key="patient.id")
    scale: str = Field(sa_type=Text)
    scale_version: str = Field(sa_type=Text)
    assessed_at: datetime | None = Field(default=None, sa_type=Moment)
    assessed_on: date | None = Field(default=None, sa_type=Day)
    timing: str | None = Field(default=None, sa_type=Text)
    recall_days: int
    mode: str | None = Field(default=None, sa_type=Text)
    status: str = Field(sa_type=Text)
    total: int
    suicide_item: int | None = None


class ItemScore(Table, table=True):
    """The answer to one item of one version of an assessment. An unanswered item has no row."""

    __tablename__ = "item_score"
    __table_args__ = (
        between("item", 1, 1023),
        between("score", 0, 1023),
        {"sqlite_with_rowid": False, "sqlite_strict": True},
    )

    assessment_id: int = Field(
        primary_key=True, foreign_key="assessment.id", sa_column_kwargs={"autoincrement": False}
    )
    item: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    score: int


class SafetyAlert(Table, table=True):
    """What the suicide item of one version of an assessment calls for, stored with the score itself.

    `worsening`: the answer rose against the patient's previous answer on the same scale, as known when it was
    recorded. A corrected assessment leaves its alert where it was; the correction raises its own.
    """

    __tablename__ = "safety_alert"
    __table_args__ = (one_of("level", LEVELS), {"sqlite_strict": True})

    assessment_id: int = Field(
        primary_key=True, foreign_key="assessment.id", sa_column_kwargs={"autoincrement": False}
    )
    level: str = Field(sa_type=Text)
    worsening: bool = Field(sa_type=Flag)
    raised_at: datetime = Field(sa_type=Moment)


class KeptScale(Table, table=True):
    """A clinic's own scale as it was when scores on it were stored, so that they keep their meaning.

    `definition` is the scale as JSON. The newest of a scale holds; what scores rest on never differs.
    """

    __tablename__ = "kept_scale"
    __table_args__ = (
        not_blank("scale"),
        not_blank("definition"),
        not_blank("kept_by"),
        {"sqlite_strict": True},
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    scale: str = Field(sa_type=Text)
    definition: str = Field(sa_type=Text)
    kept_at: datetime = Field(sa_type=Moment)
    kept_by: str = Field(sa_type=Text)
