"""One clinic read through every door: the command line, its pages, and the files they hand out."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest
import streamlit as st
from sqlalchemy import Engine

from dashboard import data
from dashboard.components.pages import Page
from dashboard.components.role import Role
from dashboard.components.unseen_card import IMPUTE
from models.scales import all_scales
from tests.support.command import seventy
from tests.support.databases import connected
from tests.support.pages import opened, ran, said, turned_to
from tests.support.written import Pen

OPENED: Final = (
    *("how-counted", "certainty", "parts", "mix", "roll", "locks", IMPUTE),
    "numbers-The numbers behind these charts",
    "numbers-The numbers behind this chart",
    "numbers-Every published rate of this outcome",
)
"""What is folded away on the pages, or switched off, until somebody asks for it."""

ENDINGS: Final = ("txt", "html", "json")
NUMBERS: Final = ("count", "of", "ratio", "low", "high")

Document = dict[str, Any]


@dataclass(frozen=True)
class Pages:
    """The Claim page with everything open: its words, its tables, the odds its slider stands at.

    `files` are all that can be downloaded there and from the managers' pages, by name; `ways` is the title of
    the page Every way to count.
    """

    words: str
    tables: Sequence[pd.DataFrame]
    odds: float
    ways: str
    files: Mapping[str, bytes]

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
        return list(csv.DictReader(io.StringIO(self.file(name).decode())))


@dataclass(frozen=True)
class Clinic:
    """What one record says at every door, of its locked question on one day."""

    name: str
    claim: Document
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
        lines = self.pages.lines("seventy-2")
        return {line["row"]: numbers_of(line) for line in lines if line["figure"] == figure}

    def roll(self) -> pd.DataFrame:
        """The Claim page's list of courses, as a spreadsheet reads it."""
        return pd.read_csv(io.BytesIO(self.pages.file("seventy-courses")))


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


def read_clinic(name: str, db: str, as_of: date, folder: Path) -> Clinic:
    """Everything one record says; the pages are read first, for a look at the answer is counted."""
    with connected(db) as engine:
        pages = _read_pages(engine, as_of)
    day = ("--as-of", as_of.isoformat())
    statements = {}
    for ending in ENDINGS:
        path = folder / f"{name}.{ending}"
        assert seventy("claim", *day, "--statement", path, db=db).status == 0
        assert seventy("check", "--verify", path, db=db).out == "confirmed\n"
        statements[ending] = path.read_text(encoding="utf-8")
    claim = seventy("claim", *day, "--json", db=db).document
    asked = (*_options(claim["answer"]["question"]), *day, "--claim", str(claim["advertised"]["rate"]))
    check, grid = (seventy(command, *asked, "--json", db=db).document for command in ("check", "grid"))
    return Clinic(name, claim, check, grid, statements, pages)


def _options(question: Mapping[str, Any]) -> Iterator[str]:
    """A question's document as the options of `check` and `grid`."""
    for part, value in question.items():
        if part == "first_course":
            yield "--first-course" if value else "--all-courses"
        elif value is not None:
            yield from (
                f"--{part.replace('_', '-')}",
                ",".join(value) if isinstance(value, list) else str(value),
            )


def _read_pages(engine: Engine, as_of: date) -> Pages:
    files: dict[str, bytes] = {}

    def kept(label: str, content: Any, file_name: str, *_: object, **__: object) -> bool:
        made = content() if callable(content) else content
        files[file_name] = made.encode() if isinstance(made, str) else made
        return False

    noon = datetime.combine(as_of, time(12), UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "now", lambda: noon)
        patch.setattr(data._Door, "engine", None)
        patch.setattr(st, "download_button", kept)
        data.open_door(engine, all_scales())
        page = opened(Page.CLAIM, role=Role.MANAGER)
        for key in OPENED:
            page.session_state[key] = True
        ran(page)
        words, tables, odds = plain(said(page)), [each.value for each in page.table], page.slider[0].value
        every = turned_to(Page.WAYS, page)
        for key in OPENED:
            every.session_state[key] = True
        title = plain(ran(every).title[0].value)
        turned_to(Page.WORDS, page)
        st.cache_resource.clear()
    return Pages(words, tables, float(odds), title, files)
