"""Facts of a patient, a course, an infusion."""

from collections.abc import Iterator
from datetime import date, tzinfo
from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field

from models.tables.facts.base import ClinicalMoment, Facts, Quantity
from models.tables.facts.problems import Problem, refused
from models.tables.facts.setting import Setting
from models.tables.facts.texts import Line, Number
from models.tables.plausible import Measured, plausible
from models.tables.weights import KG_PER, as_typed
from models.tables.words import EndReason, Indication, Route, Sex, WeightUnit

PART2: Final = "Under 42 CFR Part 2 (substance use treatment records)"
PART2_CONSENT: Final = "The patient consents in writing to disclosure by extracts until"
"""The scope of the consent that is recorded: extracts, and nothing else."""

_SEXES = {"f": "female", "m": "male", "o": "other", "u": "unknown"}


def _sex(given: object) -> object:
    if not isinstance(given, str):
        return given
    word = given.strip().lower()
    return _SEXES.get(word, word)


class PatientFacts(Facts):
    """Who someone is to the clinic. Only the number is needed."""

    mrn: Number = Field(title="Patient number")
    given_name: Line | None = None
    family_name: Line | None = None
    birth_date: date | None = None
    sex: Annotated[Sex, BeforeValidator(_sex)] | None = None
    part2: bool = Field(default=False, title=PART2)
    part2_consent_until: date | None = Field(default=None, title=PART2_CONSENT)

    def problems(self, setting: Setting) -> Iterator[Problem]:
        """A birth in the future, or of nobody alive; a consent that nothing calls for, or of no lifetime."""
        if self.part2_consent_until is not None and not self.part2:
            allowed = f"left empty unless this is yes: {PART2}"
            yield refused("part2_consent_until", PART2_CONSENT, self.part2_consent_until, allowed)
        bounds, today, born = plausible().dates, setting.today, self.birth_date
        until, last = self.part2_consent_until, date(today.year + bounds.oldest_age, 12, 31)
        if until is not None and not bounds.earliest <= until <= last:
            yield refused(
                "part2_consent_until", PART2_CONSENT, until, f"between {bounds.earliest} and {last}"
            )
        if born is None:
            return
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if not bounds.oldest_birth <= born <= today or age > bounds.oldest_age:
            allowed = f"between {bounds.oldest_birth} and {today}, an age of 0 to {bounds.oldest_age}"
            yield refused("birth_date", "Birth date", born, allowed)


class CourseFacts(Facts):
    """A run of infusions as planned, and how it ended."""

    patient_id: int = Field(title="Patient")
    started_on: date = Field(title="Start of the course")
    indication: Indication = "depression"
    planned_infusions: int | None = None
    failed_trials_episode: int | None = Field(default=None, title="Failed trials in this episode")
    failed_trials_lifetime: int | None = Field(default=None, title="Failed trials in life")
    clinician: Line | None = None
    site: Line | None = None
    ended_on: date | None = Field(default=None, title="End of the course")
    end_reason: EndReason | None = Field(default=None, title="Why the course ended")

    def problems(self, setting: Setting) -> Iterator[Problem]:
        """Dates out of order or in the future; counts off their bounds or at odds with one another."""
        yield from setting.day_problems("started_on", self.title("started_on"), self.started_on)
        if self.ended_on is not None and self.ended_on < self.started_on:
            allowed = f"on or after its start, {self.started_on}"
            yield refused("ended_on", self.title("ended_on"), self.ended_on, allowed)
        else:
            yield from setting.day_problems("ended_on", self.title("ended_on"), self.ended_on)
        if self.end_reason is not None and self.ended_on is None:
            allowed = "given together with the day it ended"
            yield refused("end_reason", self.title("end_reason"), self.end_reason, allowed)
        yield from self._counts()

    def _counts(self) -> Iterator[Problem]:
        bounds = plausible()
        for field, value, (low, high) in (
            ("planned_infusions", self.planned_infusions, bounds.planned_infusions.possible),
            ("failed_trials_episode", self.failed_trials_episode, bounds.failed_trials.possible),
            ("failed_trials_lifetime", self.failed_trials_lifetime, bounds.failed_trials.possible),
        ):
            if value is not None and not low <= value <= high:
                yield refused(field, self.title(field), value, f"{low} to {high}")
        episode, lifetime = self.failed_trials_episode, self.failed_trials_lifetime
        if episode is not None and lifetime is not None and lifetime < episode:
            allowed = f"at least those of this episode, {episode}"
            yield refused("failed_trials_lifetime", self.title("failed_trials_lifetime"), lifetime, allowed)

    def days(self, zone: tzinfo) -> Iterator[tuple[str, str, date]]:  # noqa: ARG002
        """The day the course started."""
        yield "started_on", self.title("started_on"), self.started_on


class InfusionFacts(Facts):
    """One administration. An unlikely dose, weight or duration is taken only when `confirmed`."""

    MISSED_AS: ClassVar = {"given_on": "given_at"}

    patient_id: int = Field(title="Patient")
    given_at: ClinicalMoment | None = Field(default=None, title="Time of the infusion")
    given_on: date | None = Field(default=None, title="Date of the infusion")
    route: Route | None = None
    dose_mg: Quantity | None = Field(default=None, title="Dose (mg)")
    weight_kg: Quantity | None = Field(default=None, title="Weight (kg)")
    minutes: int | None = None
    clinician: Line | None = None
    confirmed: bool = False

    def problems(self, setting: Setting) -> Iterator[Problem]:
        """A time that cannot be; a dose, weight or duration impossible, or unlikely and unconfirmed."""
        yield from setting.either_problems(
            ("given_at", "given_on"), "Date of the infusion", self.given_at, self.given_on
        )
        for problem in self._quantities(setting.weight_unit):
            if not (problem.confirm and self.confirmed):
                yield problem

    def _quantities(self, unit: WeightUnit) -> Iterator[Problem]:
        bounds = plausible()
        low, high = bounds.dose_mg.possible
        if self.dose_mg is not None and self.weight_kg is not None and low <= self.dose_mg <= high:
            yield from self._dose_for_weight(self.dose_mg, self.weight_kg, unit)
        else:
            yield from _measured("dose_mg", self.title("dose_mg"), self.dose_mg, bounds.dose_mg)
        yield from _measured("weight_kg", f"Weight ({unit})", self.weight_kg, bounds.weight_kg, unit)
        yield from _measured("minutes", self.title("minutes"), self.minutes, bounds.minutes.of(self.route))

    def _dose_for_weight(self, dose_mg: float, weight_kg: float, unit: WeightUnit) -> Iterator[Problem]:
        bounds = plausible()
        if not bounds.weight_kg.possible[0] <= weight_kg <= bounds.weight_kg.possible[1]:
            return  # the weight is the problem, and is said
        mg_per_kg, route = dose_mg / weight_kg, self.route or "unknown"
        low, high = bounds.mg_per_kg.usual[route]
        by = f" {route}" if self.route else ""
        if low <= mg_per_kg <= high:
            return
        possible = mg_per_kg <= bounds.mg_per_kg.possible[1]
        allowed = f"usually {low:g} to {high:g} mg/kg{by}"
        at = f"{dose_mg:g} mg at {as_typed(weight_kg, unit):g} {unit}"
        message = f"Dose is {allowed}; {at} is {mg_per_kg:.3g} mg/kg"
        yield Problem("dose_mg", dose_mg, allowed, message, confirm=possible)

    def days(self, zone: tzinfo) -> Iterator[tuple[str, str, date]]:
        """The day of the infusion, in the clinic's zone."""
        if self.given_at is not None:
            yield "given_at", "Date of the infusion", self.given_at.astimezone(zone).date()
        elif self.given_on is not None:
            yield "given_on", "Date of the infusion", self.given_on


def _measured(
    field: str, title: str, value: float | None, measure: Measured, unit: WeightUnit = "kg"
) -> Iterator[Problem]:
    """Why a quantity cannot be, or is to be confirmed; a weight is spoken of in its unit."""
    for (low, high), confirm in ((measure.possible, False), (measure.usual, True)):
        if value is not None and not low <= value <= high:
            allowed = f"{low / KG_PER[unit]:.4g} to {high / KG_PER[unit]:.4g}"
            said = f"usually {allowed}" if confirm else allowed
            yield refused(field, title, as_typed(value, unit), said, confirm=confirm)
            return
