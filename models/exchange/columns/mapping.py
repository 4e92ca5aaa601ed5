"""A mapping file: how foreign headers, words and wide files are read, said once and refused where unclear."""

import tomllib
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from models.exchange.columns.conventions import Conventions, Encoding, Part, Word
from models.exchange.columns.layout import LAYOUTS, Layout
from models.exchange.columns.moments import MomentError, Shift
from models.scales.errors import written


class MappingError(ValueError):
    """A mapping file that cannot be used; its words name the file and everything wrong in it."""

    def __init__(self, file: str, problems: list[str]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))


class Places(Part):
    """Where fields stand, what is the same in every row, and the time of day where only days are known."""

    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, Word] = Field(default_factory=dict)
    time_of_day: time | None = None


class TimePoint(Places):
    """One time-point of a wide file: what belongs to it alone, and how many days after day 0 it was."""

    day: int | None = None


class Section(Conventions, Places):
    """How one table is read out of every sheet that has the headers named here."""

    reads: Literal["patients", "courses", "infusions", "assessments"]
    file: str = "*"
    sheet: str = "*"
    values: dict[str, dict[str, Word]] = Field(default_factory=dict)
    day_0: date | None = None
    day_0_column: str | None = None
    time_points: tuple[TimePoint, ...] = ()

    @property
    def layout(self) -> Layout:
        """The table it reads."""
        return LAYOUTS[self.reads]

    @property
    def points(self) -> tuple[TimePoint, ...]:
        """Its time-points; a file with a row an entry has a single one, with nothing of its own."""
        return self.time_points or (TimePoint(),)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [*self._unknown_columns(), *self._unclear_days()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_columns(self) -> Iterator[str]:
        parts: tuple[Places, ...] = (self, *self.time_points)
        named = {name for part in parts for name in (*part.columns, *part.constants)} | set(self.values)
        for name in sorted(named):
            if self.layout.field(name) != name:
                yield f"{name} is not a column of {self.reads}; those are {', '.join(self.layout.columns)}"
        for point in self.points:
            for name in sorted({*self.columns, *point.columns} & {*self.constants, *point.constants}):
                yield f"{name} is given both as a column and as a constant"

    def _unclear_days(self) -> Iterator[str]:
        shifted = [point for point in self.time_points if point.day is not None]
        moment = self.layout.moment
        if self.time_points and moment is None:
            yield f"{self.reads} have no time-points; only infusions and assessments do"
        if shifted and (self.day_0 is None) == (self.day_0_column is None):
            yield "a time-point with a day needs day_0 (one for all rows) or day_0_column, not both"
        for point in shifted:
            yield from self._beyond(point)
            if moment in {*self.columns, *self.constants, *point.columns, *point.constants}:
                yield f"day {point.day} says when it was, and so does {moment}; one of them is enough"

    def _beyond(self, point: TimePoint) -> Iterator[str]:
        if point.day is not None and self.day_0 is not None:
            try:
                Shift(point.day).of(self.day_0)
            except MomentError as beyond:
                yield f"day {point.day} after {self.day_0} {beyond}"


class Mapping(Conventions):
    """A whole mapping file; what it says at the top holds for every section that does not say otherwise."""

    encoding: Encoding | None = None
    table: tuple[Section, ...]

    def sections(self) -> tuple[Section, ...]:
        """The sections, each with the conventions that hold for it."""
        common = self.model_dump(include=set(Conventions.model_fields), exclude_none=True)
        return tuple(
            section.model_copy(update={k: v for k, v in common.items() if getattr(section, k) is None})
            for section in self.table
        )


_ALLOWED: Final = {
    "string": "text in quotes",
    "int": "a whole number",
    "date": "a day such as 2025-01-06",
    "time": "a time such as 09:00:00",
    "tuple": "a list in [ ]",
    "dict": "a table of its own",
    "model": "a table of its own",
    "literal": "one of {expected}",
}
"""What may stand there, by what pydantic's errors begin with."""


def read_mapping(path: Path) -> Mapping:
    """The mapping a TOML file holds; `MappingError` with everything wrong in it."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as wrong:
        raise MappingError(path.name, [_in_words(detail) for detail in wrong.errors()]) from wrong
    except (ValueError, RecursionError) as broken:  # also of numbers too long and arrays too deep
        raise MappingError(path.name, [f"is not TOML in UTF-8: {broken}"]) from broken


def _in_words(detail: Any) -> str:
    place = [part + 1 if isinstance(part, int) else part for part in detail["loc"]]
    where = ".".join(str(part) for part in place) or "the file"
    match detail["type"]:
        case "missing":
            return f"{where} is missing"
        case "extra_forbidden":
            return f"{where} is no key of a mapping file"
        case "value_error":
            return f"{where}: {detail['ctx']['error']}"
        case kind:
            allowed = _ALLOWED.get(kind.partition("_")[0], "something else")
            return f"{where}: {allowed.format(**detail.get('ctx', {}))}; got {written(detail['input'])}"
