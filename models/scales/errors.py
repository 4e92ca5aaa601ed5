"""What can be wrong with a score, with a scale's file, or with asking for a scale.

ScoreError          a number the scale cannot give
  ItemError           an answer off its item's range, or to no item of the scale
  TotalError          a total off the scale
ScaleFileError      a TOML file that cannot be used
UnknownScaleError   an id that no file describes
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


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


class Problem(NamedTuple):
    """One thing wrong in a scale's file: in which field, what stands there, and what is allowed."""

    field: str
    value: object
    allowed: str

    def __str__(self) -> str:
        """The problem as a line a person can mend the file by."""
        return f"{self.field}: {self.allowed}; got {self.value!r}"


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
