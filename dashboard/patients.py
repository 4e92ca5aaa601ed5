"""Patients as plain values: who they are, and one patient's whole record, cut out of the clinic's frames."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any, Final, NamedTuple, Self

import polars as pl

from models.outcomes.derivation.courses import assign_courses
from models.outcomes.question.windows import COURSE_GAP_DAYS
from models.store.record.read import Record
from models.tables.facts import match_key

EPOCH: Final = date(1970, 1, 1)


class Person(NamedTuple):
    """Who somebody is. Only the clinic's number is always known; `also` are those of merged records.

    `part2` says that any of their records falls under 42 CFR Part 2.
    """

    patient_id: int
    mrn: str
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    sex: str | None
    also: str | None = None
    part2: bool = False

    @property
    def numbers(self) -> str:
        """Every number: "1043", or "1043, also 2077"."""
        return f"{self.mrn}, also {self.also}" if self.also else self.mrn

    @property
    def full_name(self) -> str:
        """As one addresses somebody, "Ruth Adler", or the number of somebody without a name."""
        return " ".join(filter(None, (self.given_name, self.family_name))) or f"No. {self.mrn}"

    @property
    def listed(self) -> str:
        """As in a list, "Adler, Ruth", or the number."""
        return ", ".join(filter(None, (self.family_name, self.given_name))) or f"No. {self.mrn}"


class Course(NamedTuple):
    """A course, recorded or derived from its infusions (then with a negative id)."""

    course_id: int
    started_on: date
    number: int | None
    indication: str
    planned_infusions: int | None
    failed_trials_episode: int | None
    failed_trials_lifetime: int | None
    clinician: str | None
    site: str | None
    ended_on: date | None
    end_reason: str | None

    @property
    def is_recorded(self) -> bool:
        """Whether somebody wrote it down; otherwise its infusions alone say that it was."""
        return self.course_id > 0


class Infusion(NamedTuple):
    """One administration, with its course and its number in it."""

    infusion_id: int
    course_id: int
    number: int
    day: date
    clock: time | None
    route: str | None
    dose_mg: float | None
    weight_kg: float | None
    minutes: int | None
    clinician: str | None


class Assessment(NamedTuple):
    """One score as it stands now; `row_id` is the version a correction replaces."""

    assessment_id: int
    row_id: int
    scale: str
    day: date
    clock: time | None
    timing: str | None
    recall_days: int
    mode: str | None
    status: str
    total: int
    suicide_item: int | None


@dataclass(frozen=True)
class PatientRecord:
    """Everything of one patient that stands now, oldest first."""

    person: Person
    courses: tuple[Course, ...]
    infusions: tuple[Infusion, ...]
    assessments: tuple[Assessment, ...]

    @classmethod
    def cut(cls, record: Record, patient_id: int) -> Self | None:
        """One patient's part of the record; `None` for somebody who is not in it."""
        mine = part_of(record, patient_id)
        people = people_of(mine.patients)
        if not people:
            return None
        assigned = assign_courses(mine.courses, mine.infusions)
        return cls(
            people[0],
            tuple(_course(row) for row in _ordered(assigned.courses, "started_day")),
            tuple(_infusion(row) for row in _ordered(assigned.infusions, "day", "second", "infusion_id")),
            tuple(_assessment(row) for row in _ordered(mine.assessments, "day", "second", "row_id")),
        )

    def of_scale(self, scale_id: str) -> tuple[Assessment, ...]:
        """The scores on one scale."""
        return tuple(one for one in self.assessments if one.scale == scale_id)

    def of_course(self, course_id: int) -> tuple[Infusion, ...]:
        """The infusions of one course."""
        return tuple(one for one in self.infusions if one.course_id == course_id)

    def course_on(self, day: date) -> Course | None:
        """The course an infusion of that day would continue: the latest begun by then."""
        begun = [course for course in self.courses if course.started_on <= day]
        return begun[-1] if begun else None

    def seems_over(self, course: Course, day: date) -> bool:
        """Whether a course has ended by that day, or paused for longer than courses do."""
        if course.ended_on is not None and course.ended_on <= day:
            return True
        given = [infusion.day for infusion in self.of_course(course.course_id) if infusion.day <= day]
        return bool(given) and (day - given[-1]).days > COURSE_GAP_DAYS

    @property
    def last_weight_kg(self) -> float | None:
        """The weight at the last infusion that has one."""
        return next((one.weight_kg for one in reversed(self.infusions) if one.weight_kg is not None), None)


def part_of(record: Record, patient_id: int) -> Record:
    """The rows of one patient."""
    mine = pl.col("patient_id") == patient_id
    return replace(
        record,
        patients=record.patients.filter(mine),
        courses=record.courses.filter(mine),
        infusions=record.infusions.filter(mine),
        assessments=record.assessments.filter(mine),
    )


def people_of(patients: pl.DataFrame) -> list[Person]:
    """The people of some rows."""
    return [Person(*row) for row in patients.select(Person._fields).iter_rows()]


def search(patients: pl.DataFrame) -> pl.Series:
    """What each patient is found by: names and number, as `folded` writes them."""
    text = pl.concat_str("family_name", "given_name", "family_name", "mrn", separator=" ", ignore_nulls=True)
    return patients.select(text.map_elements(folded, return_dtype=pl.String)).to_series()


def folded(text: str) -> str:
    """Text as it is searched: matched like everything else, and "Zoë" is found by "zoe"."""
    decomposed = unicodedata.normalize("NFKD", match_key(text))
    return " ".join(
        "".join(char for char in decomposed if not unicodedata.combining(char)).replace(",", " ").split()
    )


def fitting(record: Record, texts: pl.Series, typed: str) -> pl.DataFrame:
    """The people of whom every word typed stands in a text, by name; `texts` are everyone's.

    Somebody is found by the name and number of a merged record as well.
    """
    fits = pl.Series([True]).new_from_index(0, record.everyone.height)
    for word in folded(typed).split():
        fits &= texts.str.contains(word, literal=True)
    whose = record.everyone.filter(fits).select(pl.col("patient_id").replace(dict(record.links)))
    found = record.patients.join(whose, on="patient_id", how="semi")
    return found.sort("family_name", "given_name", "mrn", nulls_last=True)


def alike(record: Record) -> dict[int, list[str]]:
    """Of everybody whose number reads like another person's: those other numbers."""
    mrn = pl.col("mrn")
    strange = mrn.str.len_bytes() != mrn.str.len_chars()
    keys = pl.when(strange).then(mrn.map_elements(match_key, return_dtype=pl.String))
    keyed = record.everyone.select("patient_id", "mrn", key=keys.otherwise(mrn.str.to_lowercase()))
    twice = keyed.filter(pl.col("key").is_duplicated()).group_by("key", maintain_order=True).agg(pl.all())
    found: dict[int, list[str]] = {}
    for _, ids, numbers in twice.iter_rows():
        whose = [record.links.get(each, each) for each in ids]
        for person in set(whose):
            others = [number for other, number in zip(whose, numbers, strict=True) if other != person]
            if others:
                found[person] = others
    return found


def day_of(number: int) -> date:
    """The date of a day counted from 1970."""
    return EPOCH + timedelta(days=number)


def _clock(second: int | None) -> time | None:
    return None if second is None else time(second // 3600, second // 60 % 60, second % 60)


def _ordered(frame: pl.DataFrame, *by: str) -> list[dict[str, Any]]:
    return frame.sort(by, nulls_last=False).rows(named=True)


def _course(row: dict[str, Any]) -> Course:
    ended = row["ended_day"]
    dated = {
        **row,
        "number": row["course_number"],
        "started_on": day_of(row["started_day"]),
        "ended_on": None if ended is None else day_of(ended),
    }
    return Course(*(dated[field] for field in Course._fields))


def _infusion(row: dict[str, Any]) -> Infusion:
    dated = {**row, "day": day_of(row["day"]), "clock": _clock(row["second"])}
    return Infusion(*(dated[field] for field in Infusion._fields))


def _assessment(row: dict[str, Any]) -> Assessment:
    dated = {**row, "day": day_of(row["day"]), "clock": _clock(row["second"])}
    return Assessment(*(dated[field] for field in Assessment._fields))


class Names(NamedTuple):
    """Names the record knows, to be offered in forms and, of courses, in filters."""

    clinicians: list[str]
    leaders: list[str]
    sites: list[str]


def names_of(record: Record) -> Names:
    """Everybody who gave an infusion or led a course, who led one, and every site."""
    leaders, sites = record.courses["clinician"], record.courses["site"]
    clinicians = pl.concat([leaders, record.infusions["clinician"]])
    return Names(*(names.drop_nulls().unique().sort().to_list() for names in (clinicians, leaders, sites)))
