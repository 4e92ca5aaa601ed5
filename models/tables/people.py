"""The clinic whose record this is."""

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from models.tables.columns import Flag, Quantity, between, not_blank, one_of
from models.tables.recorded import Recorded, versions_of
from models.tables.words import ROUTES, WEIGHT_UNITS

FIRST = text("supersedes_id IS NULL")
"""A clinic begins with a version that supersedes none, and such a version is never withdrawn."""


class Clinic(Recorded, table=True):
    """A clinic and its settings. A new database has one, in UTC, until someone says what it is; no second.

    `time_zone` decides on which calendar day everything with a time happened. `demo` says that the patients
    are invented. `keep_years` is for how many years after the last contact a person's record is kept; without
    it nothing is ever due.
    """

    __tablename__ = "clinic"
    __table_args__ = versions_of(
        "clinic",
        not_blank("time_zone"),
        one_of("weight_unit", WEIGHT_UNITS),
        one_of("route", ROUTES),
        between("planned_infusions", 1, 100),
        between("mg_per_kg", 0, 100),
        between("minutes", 0, 1440),
        between("keep_years", 1, 100),
        Index("uq_clinic_first", "voided", unique=True, sqlite_where=FIRST, postgresql_where=FIRST),
    )

    name: str = Field(sa_type=Text)
    time_zone: str = Field(sa_type=Text)
    weight_unit: str = Field(sa_type=Text)
    planned_infusions: int
    route: str = Field(sa_type=Text)
    mg_per_kg: float = Field(sa_type=Quantity)
    minutes: int
    crisis_text: str = Field(sa_type=Text)
    demo: bool = Field(default=False, sa_type=Flag)
    keep_years: int | None = None
