"""What can be wrong with a score, with a scale's file, or with asking for a scale.

ScoreError          a number the scale cannot give
  ItemError           an answer off its item's range, or to no item of the scale
  TotalError          a total off the scale
ScaleFileError      a TOML file that cannot be used
UnknownScaleError   an id that no file describes
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Final, NamedTuple

_LONGEST: Final = 80


class ScoreError(ValueError):
    """A number the scale cannot give: in which field, what was given, and what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        self.value = value
        self.allowed = allowed
        super().__init__(f"{allowed}; got {value}")


class ItemError(ScoreError):
    """An answer off its item's range, or to an item the scale does not have."""


class TotalError(ScoreError):
    """A total off the scale."""


def written(value: object) -> str:
    """A value as a TOML file has it, cut where it is long."""
    match value:
        case bool():
            text = str(value).lower()
        case date() | time():
            text = value.isoformat()
        case Mapping():
            text = f"{{ {', '.join(f'{name} = {written(each)}' for name, each in value.items())} }}"
        case list() | tuple():
            text = f"[{', '.join(written(each) for each in value)}]"
        case _:
            text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


class Problem(NamedTuple):
    """One thing wrong in a scale's file: in which field, what stands there, and what is allowed."""

    field: str
    value: object
    allowed: str

    def __str__(self) -> str:
        """The problem as a line a person can mend the file by; what is not there at all is `None`."""
        got = "" if self.value is None else f"; got {written(self.value)}"
        return f"{self.field}: {self.allowed}{got}"


class ScaleFileError(ValueError):
    """A scale's TOML file cannot be used; names the file and everything found wrong in it."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


class UnknownScaleError(LookupError):
    """A scale was asked for that no file describes."""

    def __init__(self, scale_id: str, known: Iterable[str]) -> None:
        self.scale_id = scale_id
        self.known = tuple(known)
        super().__init__(f"No scale is called {scale_id!r}; known are {', '.join(self.known)}")
