"""What an import tells of single rows: wrong, contradicting, unheard, or early."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

MOST_LISTED: Final = 1000
"""Of a million rejected rows the first thousand are listed; all are counted and stand in the rejects file."""


class Rejection(NamedTuple):
    """One thing wrong in one row; `patient_id` is whose record makes it wrong, if one does."""

    file: str
    line: int
    column: str
    value: str
    reason: str
    patient_id: int | None = None

    def __str__(self) -> str:
        """Where, and why."""
        return f"{self.where}: {self.reason}"

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {name: value for name, value in self._asdict().items() if name != "patient_id"}

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


class Place(NamedTuple):
    """Where a row stands, and the patient number in it: `None` where it is none, or may not be told."""

    file: str
    line: int
    mrn: str | None = None

    def __str__(self) -> str:
        """For people."""
        whose = "" if self.mrn is None else f": patient {self.mrn}"
        return f"{self.file}, line {self.line}{whose}"


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


CONFLICTS_READ: Final = "conflicts of an import"
"""What the audit trail calls it when contradictions are shown, or what is refused by what is recorded."""


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
        """Where, and what differs; not what the file says where nothing is recorded."""
        differences = "; ".join(
            f"{_titled(name)} is recorded as {_plain(stored)}, the file says {_plain(self.given[name])}"
            for name, stored in self.stored.items()
            if stored is not None
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


def patients_shown(shown: Iterable[Rejection | Contradiction | EarlyInfusion]) -> set[int]:
    """Whose record is told by these."""
    return {each.patient_id for each in shown if each.patient_id is not None}


def _titled(name: str) -> str:
    """A column by its name; `item 3`, whose column the file may call otherwise."""
    return name.replace("_", " ") if name.startswith("item_") else name


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else value
