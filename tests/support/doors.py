"""One clinic read through every door: the command line, its pages, and the files they hand out."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pandas as pd

from models.outcomes.question.vocabulary import Missing, Outcome, WindowName
from tests.support.written import Pen

ENDINGS: Final = ("txt", "html", "json")
NUMBERS: Final = ("count", "of", "ratio", "low", "high")

Document = dict[str, Any]

EXPLORED: Final = (
    {"outcome": Outcome.REMISSION, "window": WindowName.D7, "missing": Missing.OBSERVED},
    {"outcome": Outcome.RESPONSE, "window": WindowName.END_OF_INDUCTION, "missing": Missing.LAST_CARRIED},
    {"outcome": Outcome.REMISSION, "window": WindowName.M3, "missing": Missing.BEST_CASE},
    {
        "outcome": Outcome.RESPONSE,
        "window": WindowName.D7,
        "missing": Missing.OBSERVED,
        "baseline_at_least": None,
    },
)
"""Other questions, asked on the page after the locked one and with `seventy claim`."""


class Drawn(NamedTuple):
    """A figure as it reached the browser: what a screen reader says of it, and its dots, trace by trace."""

    said: str
    x: Sequence[float]
    y: Sequence[float]

    @classmethod
    def of(cls, proto: Any) -> tuple[str, "Drawn"]:
        """The figure under the name it was drawn by."""
        marked = [trace for trace in json.loads(proto.spec)["data"] if trace.get("mode") == "markers"]
        x, y = ([number for trace in marked for number in trace[axis]] for axis in "xy")
        return re.sub(r"^.*?-[0-9a-f]{32}-|-light$", "", proto.id), cls(plain(proto.alt), x, y)


@dataclass(frozen=True)
class Pages:
    """The Claim page with everything open: its title, words and tables, the odds its slider stands at.

    `files` are all that can be downloaded there and from the managers' pages, by name; `ways` is the title of
    the page Every way to count; `explored` has the Claim page's file for each other question (`EXPLORED`).
    """

    title: str
    words: str
    tables: Sequence[pd.DataFrame]
    odds: float
    ways: str
    figures: Mapping[str, Drawn]
    files: Mapping[str, bytes]
    explored: Sequence[bytes]

    def table(self, named: str) -> pd.DataFrame:
        """The one table whose first column is so called, as people read it."""
        (found,) = (each for each in self.tables if each.columns[0] == named)
        return found.map(plain).rename(columns=plain)

    def column(self, named: str, value: str) -> list[str]:
        """One column of it."""
        return list(self.table(named)[value])

    def file(self, name: str) -> bytes:
        """The one file whose name begins so."""
        (found,) = (content for key, content in self.files.items() if key.startswith(name))
        return found

    def lines(self, name: str) -> list[dict[str, str]]:
        """A file's rows, every cell as it is written."""
        return lines_of(self.file(name))


@dataclass(frozen=True)
class Clinic:
    """What one record says at every door, of its locked question on one day; `told` is without `--json`.

    `explored` is what `seventy claim` says of each other question (`EXPLORED`).
    """

    name: str
    told: str
    claim: Document
    explored: Sequence[Document]
    check: Document
    grid: Sequence[Document]
    statements: Mapping[str, str]
    pages: Pages

    @property
    def answer(self) -> Document:
        """The answer of `seventy claim`."""
        return dict(self.claim["answer"])

    @property
    def pen(self) -> Pen:
        """How the Claim page writes: whole per cent, or with a decimal where one would cross the claim."""
        shares = re.findall(r"(?:\.(\d+))? %", " ".join(self.pages.column("Counting", "Rate")))
        return Pen(self.answer["claim"]["rate"], max(map(len, shares), default=0))

    def asked(self, **parts: object) -> Document:
        """The one of the grid's answers to the locked question with these parts."""
        question = {**self.answer["question"], **parts}
        (found,) = (each for each in self.grid if each["question"] == question)
        return found

    def exported(self, figure: str) -> dict[str, Document]:
        """The numbers of one figure in the Claim page's file, by row: no digit of them is lost in reading."""
        return figure_in(self.pages.lines("seventy-2"), figure)

    def roll(self) -> pd.DataFrame:
        """The Claim page's list of courses, as a spreadsheet reads it."""
        return pd.read_csv(io.BytesIO(self.pages.file("seventy-courses")))


def lines_of(file: bytes) -> list[dict[str, str]]:
    """A CSV file's rows, every cell as it is written."""
    return list(csv.DictReader(io.StringIO(file.decode())))


def figure_in(lines: Sequence[Mapping[str, str]], figure: str) -> dict[str, Document]:
    """The numbers of one figure by row, from the file of the Claim page."""
    return {line["row"]: numbers_of(line) for line in lines if line["figure"] == figure}


def numbers_of(line: Mapping[str, str]) -> Document:
    """A line's numbers in the interface's names."""
    count, of, *ratios = (line[name] for name in NUMBERS)
    numbers = [None if cell == "" else float(cell) for cell in ratios]
    counts = [None if cell == "" else int(cell) for cell in (count, of)]
    names = ("numerator", "denominator", "ratio", "low", "high")
    return dict(zip(names, [*counts, *numbers], strict=True))


def rate_in(document: Mapping[str, Any]) -> Document:
    """The rate within a document of the command line."""
    return {name: document[name] for name in ("numerator", "denominator", "ratio", "low", "high")}


def plain(text: object) -> str:
    """Text of the screen, with ordinary spaces and without what keeps markdown from being read."""
    return str(text).replace("\u00a0", " ").replace("\\", "")
