"""Files written for a test, and what the import reads out of them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import SystemRandom
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from models.exchange.columns.kinds import Dialect
from models.exchange.columns.mapping import read_mapping
from models.exchange.columns.moments import Calendar
from models.exchange.columns.view import View
from models.exchange.deidentified.products import extract
from models.exchange.deidentified.rules import Product
from models.exchange.deidentified.writing import write_extract
from models.exchange.imports.checking import Checker
from models.exchange.imports.entries import Entry, EntryReader, Rejected, read_lines
from models.exchange.imports.plan import plan
from models.exchange.sheets.opening import open_file
from models.exchange.sheets.sheet import Line
from models.scales import all_scales
from models.store.record.read import Record, record
from models.tables.facts import Setting
from tests.support.canaries import record_canaries
from tests.support.extracts import Written, leaving, request_of

TODAY = date(2026, 2, 1)
ZONE = ZoneInfo("America/New_York")

WriteText = Callable[..., Path]
WriteBook = Callable[..., Path]
Read = Callable[..., list[Entry | Rejected]]


@pytest.fixture(name="text_file")
def _text_file(tmp_path: Path) -> WriteText:
    """Writes a text file: `text_file("scores.csv", "mrn,…")`, or bytes as they are."""

    def write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture(name="workbook")
def _workbook(tmp_path: Path) -> WriteBook:
    """Writes a workbook of one sheet; `after` may change it before it is saved."""

    def write(
        rows: Sequence[Sequence[Any]],
        name: str = "scores.xlsx",
        after: Callable[[Workbook], None] | None = None,
    ) -> Path:
        book = Workbook()
        for row in rows:
            book.active.append(list(row))
        if after:
            after(book)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture(name="archive")
def _archive(tmp_path: Path) -> Callable[..., Path]:
    """Writes a zip with the members given."""

    def write(name: str, members: dict[str, bytes]) -> Path:
        with ZipFile(tmp_path / name, "w", ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return tmp_path / name

    return write


@pytest.fixture(name="checker_of")
def _checker_of() -> Callable[..., Checker]:
    """The checker of a view, at a clinic in New York on 1 February 2026."""

    def make(view: View, *, is_typed: bool) -> Checker:
        scales = all_scales()
        zone = ZoneInfo(view.conventions.time_zone) if view.conventions.time_zone else ZONE
        dialect = Dialect(
            Calendar(zone, view.conventions.dates), view.conventions.decimal, is_typed=is_typed, scales=scales
        )
        return Checker(view, dialect, Setting(TODAY, ZONE, scales))

    return make


@pytest.fixture(name="read")
def _read(checker_of: Callable[..., Checker]) -> Read:
    """Everything the entries of a file come to, in order."""

    def read(path: Path, mapping: Path | None = None) -> list[Entry | Rejected]:
        found: list[Entry | Rejected] = []
        for reading in plan([path], read_mapping(mapping) if mapping else None).readings:
            readers = [
                EntryReader(checker_of(view, is_typed=reading.sheet.is_typed)) for view in reading.views
            ]
            entries, refused = read_lines(readers, list(reading.sheet.lines(lambda _: None)))
            found += sorted([*entries, *refused], key=lambda each: each.line.number)
        return found

    return read


@pytest.fixture(name="lines")
def _lines() -> Callable[[Path], list[Line]]:
    """Every line of the only sheet of a file."""
    return lambda path: list(open_file(path)[0].lines(lambda _: None))


@pytest.fixture(name="canaries")
def _canaries(sqlite_engine: Engine) -> Record:
    """The record of patients whose every identifier is unlike anything else."""
    return record(record_canaries(sqlite_engine))


@pytest.fixture(name="written")
def _written(canaries: Record, tmp_path: Path) -> Written:
    """Writes an extract of them into a new folder, with the operating system's own dice."""

    def write(product: Product, **choices: Any) -> Path:
        folder = tmp_path / f"extract-{len(list(tmp_path.iterdir()))}"
        made = extract(leaving(canaries), request_of(product, **choices), SystemRandom())
        write_extract(folder, made, canaries, None, year=2026)
        return folder

    return write
