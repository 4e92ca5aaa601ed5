"""Whose rows they are: a new code for every patient, and what the patient's dates are counted from."""

from random import Random
from typing import Final, Protocol

import polars as pl

from models.exchange.deidentified.rules import Limits
from models.tables.facts import ClinicFacts

CODE_BITS: Final = 64


class Frames(Protocol):
    """The record as the store reads it (`models.store.record.read.Record`)."""

    @property
    def clinic(self) -> ClinicFacts:
        """The clinic's settings."""

    @property
    def patients(self) -> pl.DataFrame:
        """One row per patient."""

    @property
    def courses(self) -> pl.DataFrame:
        """One row per recorded course."""

    @property
    def infusions(self) -> pl.DataFrame:
        """One row per infusion."""

    @property
    def assessments(self) -> pl.DataFrame:
        """One row per assessment, of every scale."""


def people(frames: Frames, dice: Random, limits: Limits) -> pl.DataFrame:
    """One row per patient, in the order of their codes, which is nobody's.

    `patient_id` (the record's, to join by and never to be shown), `patient` (a random code), `sex`,
    `age_at_first_dose` (a text), `first_day` (of the first infusion, days since 1970), `shift` (days, never
    0: a patient's own dates are not left as they were).

    Codes and shifts come from `dice` alone, never from what is recorded (45 CFR 164.514(c)).
    """
    known = frames.patients.select("patient_id", "sex", "birth_date")
    known = known.join(_first_dose(frames), on="patient_id", how="left")
    known = known.join(_last_row(frames), on="patient_id", how="left")
    return known.select(
        "patient_id",
        pl.Series("patient", _codes(len(known), dice), dtype=pl.String),
        "sex",
        _age_told(limits.oldest_age).alias("age_at_first_dose"),
        "first_day",
        pl.Series("shift", _shifts(len(known), dice, limits.furthest_shift), dtype=pl.Int32),
    ).sort("patient")


def _codes(number: int, dice: Random) -> list[str]:
    """As many different codes. Each begins with a letter: spreadsheets take `12e4…` for a number."""
    codes: dict[str, None] = {}
    while len(codes) < number:
        codes[f"P{dice.getrandbits(CODE_BITS):016x}"] = None
    return list(codes)


def _shifts(number: int, dice: Random, furthest: int) -> list[int]:
    days = [*range(-furthest, 0), *range(1, furthest + 1)]
    return [dice.choice(days) for _ in range(number)]


def _first_dose(frames: Frames) -> pl.DataFrame:
    return frames.infusions.group_by("patient_id").agg(pl.col("day").min().alias("first_day"))


def _last_row(frames: Frames) -> pl.DataFrame:
    """The last day anything is said of each patient."""
    dated = [
        frames.infusions.select("patient_id", last_day="day"),
        frames.assessments.select("patient_id", last_day="day"),
        frames.courses.select("patient_id", last_day=pl.max_horizontal("started_day", "ended_day")),
    ]
    return pl.concat(dated).group_by("patient_id").agg(pl.col("last_day").max())


def _age_told(oldest: int) -> pl.Expr:
    """Years at the first dose; who is older than `oldest` in any row has that age in none."""
    at_first, at_last = _age_on("first_day"), _age_on("last_day")
    told = pl.when(at_last > oldest).then(pl.lit(f"{oldest + 1}+")).otherwise(at_first.cast(pl.String))
    return pl.when(at_first.is_not_null()).then(told)


def _age_on(day: str) -> pl.Expr:
    """Whole years since the birth date."""
    on, born = pl.col(day).cast(pl.Date).dt, pl.col("birth_date").dt
    before_birthday = (on.month() * 100 + on.day()) < (born.month() * 100 + born.day())
    return on.year() - born.year() - before_birthday.cast(pl.Int32)
