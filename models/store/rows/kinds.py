"""The four things recorded of care, and the claim: how facts become a row, what makes two rows the same.

A row here is the tuple of the columns a person fills, as the database keeps them (moments as numbers).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from models.tables import AdvertisedClaim, Assessment, Course, Infusion, MergedPatient, Patient, Recorded
from models.tables.columns import Day, Flag, Moment, day_number, day_of, moment_number, moment_of
from models.tables.facts import (
    AssessmentFacts,
    ClaimFacts,
    CourseFacts,
    InfusionFacts,
    PatientFacts,
    match_key,
)

Row = tuple[Any, ...]
Key = tuple[Any, ...]

VERSION: Final = tuple(Recorded.model_fields)
"""The columns of every recorded row, before those of its own kind."""


@dataclass(frozen=True)
class Kind:
    """One kind of row. Its key, made of the first `leading` columns, is found through those in `found_by`.

    `happened` is the last part of the key where that is a moment or a day, as the index has it.
    """

    name: str
    table: type[Recorded]
    columns: tuple[str, ...]
    found_by: tuple[str, ...]
    leading: int
    row: Callable[[Any, int], Row]
    key: Callable[[Row], Key]
    happened: str | None = None

    @property
    def is_of_patients(self) -> bool:
        """Whether its rows happened to a patient, who is their first column."""
        return self.columns[0] == "patient_id"

    def own_key(self, row: Row) -> Key:
        """The key exactly as it was typed: of two patients whose numbers read alike, each has its own."""
        return row[: self.leading] if "mrn" in self.columns else self.key(row)

    def subject(self, row: Row) -> str:
        """A row as a sentence begins with it; a patient by number, which may have been typed for another."""
        if "mrn" in self.columns:
            return f"Patient number {row[self.columns.index('mrn')]}"
        return f"This {self.name}"

    def told(self, row: Row) -> dict[str, Any]:
        """A row by column, with moments as moments and days as days."""
        types = self.table.metadata.tables[self.name].columns
        return {
            name: _meaning(types[name].type, value) for name, value in zip(self.columns, row, strict=True)
        }


def _meaning(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Moment):
        return moment_of(value)
    if isinstance(kind, Flag):
        return bool(value)
    return day_of(value) if isinstance(kind, Day) else value


def _columns(table: type[Recorded]) -> tuple[str, ...]:
    return tuple(name for name in table.model_fields if name not in VERSION)


def _patient(facts: PatientFacts, clinic_id: int) -> Row:
    born = None if facts.birth_date is None else day_number(facts.birth_date)
    consent = None if facts.part2_consent_until is None else day_number(facts.part2_consent_until)
    known = facts.given_name, facts.family_name, born, facts.sex
    return clinic_id, facts.mrn, *known, facts.part2, consent


def _course(facts: CourseFacts, _clinic_id: int) -> Row:
    return (
        facts.patient_id,
        day_number(facts.started_on),
        facts.indication,
        facts.planned_infusions,
        facts.failed_trials_episode,
        facts.failed_trials_lifetime,
        facts.clinician,
        facts.site,
        None if facts.ended_on is None else day_number(facts.ended_on),
        facts.end_reason,
    )


def _infusion(facts: InfusionFacts, _clinic_id: int) -> Row:
    return (
        facts.patient_id,
        None if facts.given_at is None else moment_number(facts.given_at),
        None if facts.given_on is None else day_number(facts.given_on),
        facts.route,
        facts.dose_mg,
        facts.weight_kg,
        facts.minutes,
        facts.clinician,
    )


def _assessment(facts: AssessmentFacts, _clinic_id: int) -> Row:
    scale = facts.scale
    return (
        facts.patient_id,
        scale.id,
        scale.version,
        None if facts.assessed_at is None else moment_number(facts.assessed_at),
        None if facts.assessed_on is None else day_number(facts.assessed_on),
        facts.timing,
        scale.recall_days if facts.recall_days is None else facts.recall_days,
        facts.mode,
        facts.status,
        facts.points,
        facts.suicide_answer,
    )


def _claim(facts: ClaimFacts, clinic_id: int) -> Row:
    since = None if facts.advertised_since is None else day_number(facts.advertised_since)
    return clinic_id, facts.words, facts.rate, facts.advertised_where, since, facts.source


PATIENT: Final = Kind(
    "patient",
    Patient,
    _columns(Patient),
    ("clinic_id", "mrn"),
    2,
    _patient,
    lambda row: (row[0], match_key(row[1])),
)
COURSE: Final = Kind(
    "course",
    Course,
    _columns(Course),
    ("patient_id",),
    2,
    _course,
    lambda row: (row[0], row[1]),
    "c.started_on",
)
INFUSION: Final = Kind(
    "infusion",
    Infusion,
    _columns(Infusion),
    ("patient_id",),
    3,
    _infusion,
    lambda row: (row[0], row[2] if row[1] is None else row[1]),
    "coalesce(c.given_at, c.given_on)",
)
ASSESSMENT: Final = Kind(
    "assessment",
    Assessment,
    _columns(Assessment),
    ("patient_id", "scale"),
    5,
    _assessment,
    lambda row: (row[0], row[1], row[4] if row[3] is None else row[3]),
    "coalesce(c.assessed_at, c.assessed_on)",
)
CLAIM: Final = Kind(
    "claim",
    AdvertisedClaim,
    _columns(AdvertisedClaim),
    ("clinic_id", "words"),
    2,
    _claim,
    lambda row: (row[0], row[1]),
)
MERGED: Final = Kind(
    "merged_patient",
    MergedPatient,
    _columns(MergedPatient),
    ("retired_id",),
    2,
    lambda pair, _clinic_id: tuple(pair),
    lambda row: (row[1],),
)
KINDS: Final = (PATIENT, COURSE, INFUSION, ASSESSMENT)
"""What is recorded of a patient; a claim is nobody's."""
