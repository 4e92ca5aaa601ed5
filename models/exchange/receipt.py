"""What an import says when it is done: how many rows of each table came to what, and every reason why not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.exchange.layout import LAYOUTS
from models.exchange.plan import Plan, Skipped

MOST_LISTED: Final = 1000
"""Of a million rejected rows the first thousand are listed; all are counted and stand in the rejects file."""


@dataclass
class Count:
    """What became of the rows of one table. A patient made of a number elsewhere is new, and not read."""

    read: int = 0
    new: int = 0
    completed: int = 0
    already_there: int = 0
    conflicting: int = 0
    rejected: int = 0


class Rejection(NamedTuple):
    """One thing wrong in one row."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Where, and why."""
        return f"{self.where}: {self.reason}"

    @property
    def where(self) -> str:
        """In which file, line and column."""
        return f"{self.file}, {self._place}"

    @property
    def in_file(self) -> str:
        """Where and why, once the file is named."""
        return f"{self._place}: {self.reason}"

    @property
    def _place(self) -> str:
        return f"line {self.line}, {self.column}" if self.column else f"line {self.line}"


class Before(NamedTuple):
    """A file whose very bytes were imported before: when, in the clinic's time, by whom; new now."""

    file: str
    at: datetime
    by: str
    new: int

    def __str__(self) -> str:
        """What came of bringing it again."""
        return (
            f"{self.file}: this file was imported on {self.at:%Y-%m-%d} at {self.at:%H:%M} by {self.by}: "
            f"{self.new} new"
        )

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {**self._asdict(), "at": self.at.isoformat()}


class Place(NamedTuple):
    """Where a row stands."""

    file: str
    line: int

    def __str__(self) -> str:
        """For people."""
        return f"{self.file}, line {self.line}"


@dataclass
class Unheard:
    """The answers about suicide above 0 in rows that are not stored, and so alert nobody."""

    count: int = 0
    places: list[Place] = field(default_factory=list)

    def add(self, place: Place, answers: int) -> None:
        """Count those of a row, and list it; of a great many rows only the first."""
        self.count += answers
        if answers and len(self.places) < MOST_LISTED:
            self.places.append(place)

    def __str__(self) -> str:
        """What has to be known of them first."""
        stand = "1 answer about suicide above 0 stands in a row"
        if self.count > 1:
            stand = f"{self.count:,} answers about suicide above 0 stand in rows"
        return (
            f"{stand} that cannot be stored. Nobody was alerted, because nothing of it is stored, "
            "and nobody watches this in real time."
        )

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {"count": self.count, "rows": [place._asdict() for place in self.places]}


class Outcome(NamedTuple):
    """What comes of an import, row by row as far as rows are listed: two that are equal store the same."""

    counts: Mapping[str, Count]
    rejections: Sequence[Rejection]
    contradictions: Sequence["Contradiction"]
    early: Sequence["EarlyInfusion"]
    early_rows: int
    alerts: int
    unheard: Unheard


CONFLICTS_READ: Final = "conflicts of an import"
"""What the audit trail calls it when contradictions are shown, or the days courses start on."""


class Contradiction(NamedTuple):
    """A row that says otherwise than what is recorded for the same key.

    `patient_id` is whose it is, `None` of a patient whom the import makes.
    """

    file: str
    line: int
    table: str
    mrn: str
    stored: Mapping[str, Any]
    given: Mapping[str, Any]
    patient_id: int | None

    def __str__(self) -> str:
        """Where, and what differs."""
        differences = ", ".join(
            f"{name} is recorded as {_plain(stored)}, the file says {_plain(self.given[name])}"
            for name, stored in self.stored.items()
        )
        return f"{self.file}, line {self.line}: patient {self.mrn}: {differences}"

    def as_json(self) -> dict[str, Any]:
        """The contradiction by field."""
        fields = {
            name: {"stored": _plain(stored), "given": _plain(self.given[name])}
            for name, stored in self.stored.items()
        }
        return {"file": self.file, "line": self.line, "table": self.table, "mrn": self.mrn, "fields": fields}


class EarlyInfusion(NamedTuple):
    """A new infusion before every recorded course of its patient; a form asks whether that is right.

    `first_course_on` is `None` for whoever may not be told, `patient_id` of a patient whom the import makes.
    """

    file: str
    line: int
    mrn: str
    given_on: date
    first_course_on: date | None
    patient_id: int | None

    def __str__(self) -> str:
        """Where, and how early."""
        first = "" if self.first_course_on is None else f", which starts on {self.first_course_on}"
        return (
            f"{self.file}, line {self.line}: patient {self.mrn}: "
            f"given on {self.given_on}, before the first course{first}"
        )

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {name: _plain(value) for name, value in self._asdict().items() if name != "patient_id"}


EARLY_OPENS: Final = (
    "Taken all the same, in a course of its own before the recorded ones, which may then be the one that is "
    "counted. Where a day is mistyped, correct it."
)


def are_early(number: int) -> str:
    """`2 infusions are before every course of their patients`."""
    if number == 1:
        return "1 infusion is before every course of its patient"
    return f"{number:,} infusions are before every course of their patients"


def patients_shown(shown: Iterable[Contradiction | EarlyInfusion]) -> set[int]:
    """Whose record is told by these."""
    return {each.patient_id for each in shown if each.patient_id is not None}


@dataclass
class Receipt:
    """An import as it went.

    `rows` counts those read of each sheet, `new` those a file added. `rejects` are the files written,
    `before` the files that had been imported already, `alerts` the answers about suicide that raised one,
    `unheard` those in rows not stored; `early_rows` counts the infusions of which the first are `early`.
    """

    plan: Plan
    dry_run: bool
    counts: dict[str, Count] = field(default_factory=lambda: {table: Count() for table in LAYOUTS})
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    early: list[EarlyInfusion] = field(default_factory=list)
    early_rows: int = 0
    rejects: list[Path] = field(default_factory=list)
    new: Counter[Path] = field(default_factory=Counter)
    before: list[Before] = field(default_factory=list)
    alerts: int = 0
    unheard: Unheard = field(default_factory=Unheard)

    @property
    def outcome(self) -> Outcome:
        """What came of it."""
        return Outcome(
            self.counts,
            self.rejections,
            self.contradictions,
            self.early,
            self.early_rows,
            self.alerts,
            self.unheard,
        )

    def reject(self, rejection: Rejection) -> None:
        """List a rejection, of a great many only the first."""
        if len(self.rejections) < MOST_LISTED:
            self.rejections.append(rejection)

    def contradict(self, contradiction: Contradiction) -> None:
        """List a contradiction, of a great many only the first."""
        if len(self.contradictions) < MOST_LISTED:
            self.contradictions.append(contradiction)

    def question(self, early: EarlyInfusion) -> None:
        """Count an infusion before every course and list it, of a great many only the first."""
        self.early_rows += 1
        if len(self.early) < MOST_LISTED:
            self.early.append(early)

    @property
    def is_clean(self) -> bool:
        """Whether every row there was is now in the record, or would be."""
        damaged = any(skipped.is_damaged for skipped in self.plan.skipped)
        return not damaged and not any(count.rejected or count.conflicting for count in self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """The document `seventy import --json` prints."""
        return {
            "dry_run": self.dry_run,
            "tables": {table: asdict(count) for table, count in self.counts.items()},
            "files": [
                {
                    "file": reading.sheet.name,
                    "table": reading.table,
                    "read_as": reading.sheet.described,
                    "rows": self.rows[reading.sheet.name, reading.table],
                    "left_out": list(reading.left_out),
                }
                for reading in self.plan.readings
            ],
            "skipped": [_named(skipped) for skipped in self.plan.skipped if not skipped.is_damaged],
            "damaged": [_named(skipped) for skipped in self.plan.skipped if skipped.is_damaged],
            "rejections": [rejection._asdict() for rejection in self.rejections],
            "conflicts": [contradiction.as_json() for contradiction in self.contradictions],
            "early_infusions": {
                "count": self.early_rows,
                "listed": [early.as_json() for early in self.early],
            },
            "rejects_files": [str(path) for path in self.rejects],
            "imported_before": [before.as_json() for before in self.before],
            "alerts": self.alerts,
            "unheard_suicide_answers": self.unheard.as_json(),
        }


def _named(skipped: Skipped) -> dict[str, str]:
    return {"name": skipped.name, "why": skipped.why}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
