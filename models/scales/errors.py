"""What can be wrong with a scale's file, or with asking for a scale."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing wrong: in which field, what stands there, and what is allowed."""

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
        super().__init__(f"No scale is called {scale_id!r}; known are {', '.join(self.known)}.")
