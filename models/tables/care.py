"""Who is treated, in which courses, with which infusions.

Which course an infusion belongs to and its number in it are rules (clinical specification §3.8.1), worked out
when asked and never stored: files may come in any order.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, false, text
from sqlmodel import Field

from models.tables.columns import Day, Flag, Moment, Quantity, between, either, not_blank, one_of
from models.tables.recorded import Recorded, versions_of
from models.tables.words import END_REASONS, INDICATIONS, ROUTES, SEXES


class Patient(Recorded, table=True):
    """A person treated. `mrn` is the clinic's own number, always text; one current patient has it.

    It is kept as typed and found by its `match_key`; for ASCII that is its lower case, which is indexed.
    `part2` says that the records fall under 42 CFR Part 2, and `part2_consent_until` the last day on which
    they may leave in an extract, by the patient's written consent; without it they may not.
    """

    __tablename__ = "patient"
    __table_args__ = versions_of(
        "patient",
        not_blank("mrn"),
        one_of("sex", SEXES),
        CheckConstraint("part2_consent_until IS NULL OR part2", name="consent_of_part2"),
        Index("ix_patient_key", "clinic_id", "mrn"),
        Index("ix_patient_folded", "clinic_id", text("lower(mrn)")),
        Index("ix_patient_entity_id", "entity_id"),
    )

    clinic_id: int = Field(foreign_key="clinic.id")
    mrn: str = Field(sa_type=Text)
    given_name: str | None = Field(default=None, sa_type=Text)
    family_name: str | None = Field(default=None, sa_type=Text)
    birth_date: date | None = Field(default=None, sa_type=Day)
    sex: str | None = Field(default=None, sa_type=Text)
    part2: bool = Field(default=False, sa_type=Flag, sa_column_kwargs={"server_default": false()})
    part2_consent_until: date | None = Field(default=None, sa_type=Day)


class Course(Recorded, table=True):
    """A run of infusions as someone planned it. `failed_trials_…` count adequate antidepressant trials."""

    __tablename__ = "course"
    __table_args__ = versions_of(
        "course",
        one_of("indication", INDICATIONS),
        one_of("end_reason", END_REASONS),
        between("planned_infusions", 1, 100),
        between("failed_trials_episode", 0, 100),
        between("failed_trials_lifetime", 0, 100),
        CheckConstraint("ended_on >= started_on", name="ends_after_start"),
        CheckConstraint("end_reason IS NULL OR ended_on IS NOT NULL", name="reason_of_an_end"),
        Index("ix_course_key", "patient_id", "started_on"),
    )

    patient_id: int = Field(foreign_key="patient.id")
    started_on: date = Field(sa_type=Day)
    indication: str = Field(sa_type=Text)
    planned_infusions: int | None = None
    failed_trials_episode: int | None = None
    failed_trials_lifetime: int | None = None
    clinician: str | None = Field(default=None, sa_type=Text)
    site: str | None = Field(default=None, sa_type=Text)
    ended_on: date | None = Field(default=None, sa_type=Day)
    end_reason: str | None = Field(default=None, sa_type=Text)


class Infusion(Recorded, table=True):
    """One administration: the dose that was given, the weight of that day, and how long it took."""

    __tablename__ = "infusion"
    __table_args__ = versions_of(
        "infusion",
        either("given_at", "given_on"),
        one_of("route", ROUTES),
        between("dose_mg", 0, 10000),
        between("weight_kg", 1, 1000),
        between("minutes", 0, 1440),
        # Microseconds and days never meet, so one number tells every moment or day from every other.
        Index("ix_infusion_key", "patient_id", text("coalesce(given_at, given_on)")),
    )

    patient_id: int = Field(foreign_key="patient.id")
    given_at: datetime | None = Field(default=None, sa_type=Moment)
    given_on: date | None = Field(default=None, sa_type=Day)
    route: str | None = Field(default=None, sa_type=Text)
    dose_mg: float | None = Field(default=None, sa_type=Quantity)
    weight_kg: float | None = Field(default=None, sa_type=Quantity)
    minutes: int | None = None
    clinician: str | None = Field(default=None, sa_type=Text)


class MergedPatient(Recorded, table=True):
    """Two records of one person: what stands under the retired one is read as the survivor's, and not moved.

    Ids are entity ids of patients. A link always says why; it is undone by withdrawing it, never rewritten.
    """

    __tablename__ = "merged_patient"
    __table_args__ = versions_of(
        "merged_patient",
        CheckConstraint("survivor_id <> retired_id", name="of_two"),
        CheckConstraint("length(trim(coalesce(reason, ''))) >= 10", name="why"),
        CheckConstraint("supersedes_id IS NULL OR voided", name="undone_only"),
        Index("ix_merged_patient_key", "retired_id"),
        Index("ix_merged_patient_survivor_id", "survivor_id"),
    )

    survivor_id: int = Field(foreign_key="patient.id")
    retired_id: int = Field(foreign_key="patient.id")
