"""A sheet: one rectangle of text under a header, whether a delimited file or a worksheet held it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

REASON: Final = "reason"
"""The last column of a rejects file: ours, so nobody needs to be told that it was left out."""


class UnreadableFileError(Exception):
    """A file that cannot be read as a table; its words say why and what to do about it.

    `strange` are some of its words as Windows-1252 would write them, where only the encoding is in doubt.
    """

    def __init__(self, name: str, why: str, strange: Sequence[str] = ()) -> None:
        self.name, self.why, self.strange = name, why, tuple(strange)
        super().__init__(f"{name}: {why}")


class UnknownKindError(UnreadableFileError):
    """A file that can be opened and is of no kind the import knows."""


class Fault(NamedTuple):
    """Why a row cannot be stored: the column as the file names it, the value that stood there, the reason."""

    column: str
    value: str
    reason: str


class Line(NamedTuple):
    """One row as it came: the line it starts on, its cells as text, and a fault if it could not be read."""

    number: int
    cells: list[str]
    fault: Fault | None = None


Advance = Callable[[int], None]
"""Told the bytes of the file read so far."""


class Sheet(Protocol):
    """What every reader gives: a header, and lines that hold as many cells as the header unless at fault."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def worksheet(self) -> str:
        """The worksheet's name; empty for a text file."""

    @property
    def name(self) -> str:
        """The file's name, and the worksheet's where there are several."""

    @property
    def described(self) -> str:
        """How it was read, for people: `UTF-8, separated by semicolons`."""

    @property
    def is_typed(self) -> bool:
        """Whether its cells carried types of their own before they became text."""

    @property
    def header(self) -> tuple[str, ...]:
        """The headers as they came."""

    def lines(self, advance: Advance) -> Iterator[Line]:
        """Every row below the header that is not blank, from the start of the file each time."""
