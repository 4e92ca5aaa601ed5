"""The readers of files others send, each with what must hold of any bytes whatever, and bytes to begin with.

Each takes the bytes and is silent if they are read, or refused by an error of the product's own. Anything
else that is raised, and rows that were taken otherwise than they read, are findings.
"""

import contextlib
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import typer

from dashboard.cli.answering import STATUS
from dashboard.cli.claim.verifying import verify
from models.access.key_sheet import SheetError, read, written
from models.exchange.columns.layout import LAYOUTS
from models.exchange.columns.mapping import MappingError, read_mapping
from models.exchange.imports.entries import Entry
from models.exchange.imports.plan import Plan, Reading, plan
from models.exchange.imports.reading import Batch, Place, read_batches
from models.exchange.sheets.sheet import Line, UnreadableFileError
from models.scales import all_scales
from models.scales.errors import ScaleFileError
from models.scales.reading import read_scale
from models.scales.scoring import check_total, score_items
from models.store.moves.migrate import start
from models.tables.facts import Setting
from tests.support.brought import read_row
from tests.support.builders import NOW
from tests.support.databases import connected
from tests.support.plain_files import decoded, plain_rows, plain_sheet, same_cell
from tests.support.plain_record import WHEN
from tests.support.plain_rules import TODAY, faults
from tests.support.seeds import SEEDS, SHEETS

NEW_YORK: Final = ZoneInfo("America/New_York")
PLACE: Final = Place(Setting(TODAY, ZoneInfo("UTC"), all_scales()), ZoneInfo("UTC"), NEW_YORK)
REFUSALS: Final = (UnreadableFileError, MappingError)


class Reader(NamedTuple):
    """What is done with any bytes, and the bytes a search begins with."""

    take: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


_HELD: Final = tempfile.TemporaryDirectory(prefix="seventy-readers-")
FOLDER: Final = Path(_HELD.name)


def a_text_file(content: bytes) -> None:
    """Every row is taken as it reads, refused, or the file is."""
    path = _file("sent.csv", content)
    with contextlib.suppress(*REFUSALS):
        planned = plan([path])
        (reading,) = planned.readings or (None,)
        lines = list(_lines(planned))
        if reading is None:
            return
        rows = plain_rows(decoded(content), reading.sheet.described, header=reading.sheet.header)
        assert [line.cells for line in lines] == rows, "rows were taken otherwise than they stand"
        for batch in read_batches(planned, PLACE):
            _as_it_reads(batch)


def a_workbook(content: bytes) -> None:
    """The same of a workbook; where its own XML says plainly what a cell holds, that was taken."""
    path = _file("sent.xlsx", content)
    with contextlib.suppress(*REFUSALS):
        planned = plan([path])
        list(read_batches(planned, PLACE))
        said = plain_sheet(content)
        for reading in planned.readings:
            for line in reading.sheet.lines(lambda _: None) if said else ():
                for place, text in enumerate(line.cells):
                    cell = said.get((line.number, place))
                    assert line.fault or cell is None or same_cell(cell, text), (cell, text)


def a_mapping(content: bytes) -> None:
    """A mapping is read or refused, and what it makes of a sheet likewise."""
    path = _file("sent.toml", content)
    with contextlib.suppress(*REFUSALS):
        mapping = read_mapping(path)
        list(read_batches(plan([_file(name, sheet) for name, sheet in SHEETS.items()], mapping), PLACE))


def a_scale(content: bytes) -> None:
    """A scale is refused, or its highest and lowest answers come to a total on its range."""
    with contextlib.suppress(ScaleFileError):
        scale = read_scale("sent.toml", content)
        for bound in ("low", "high") if scale.form_items else ():
            items = {item.number: getattr(item, bound) for item in scale.items}
            total = score_items(scale, items).total
            assert total is not None, "all items were answered"
            check_total(scale, total)


def a_statement(content: bytes) -> None:
    """A statement is confirmed, denied or refused; nothing of the record holds this one up."""
    path = _file("sent.html", content)
    with (
        connected(_record()) as engine,
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.suppress(typer.Exit, *(kind for kind, _ in STATUS)),
    ):
        verify(path, engine)


def a_key_sheet(content: bytes) -> None:
    """A typed sheet is a key, or two, that come back from their own sheet, or no key."""
    with contextlib.suppress(SheetError):
        keys = read(content.decode("utf-8", "replace"))
        trail = (keys[1], "1111-1111") if keys[1:] else None
        assert read(written(keys[0], clinic="A clinic", fingerprint="0000-0000", trail=trail)) == keys


def _as_it_reads(batch: Batch) -> None:
    reading = batch.reading
    (view,) = reading.views
    for entry in batch.entries:
        row, unread = _plainly(reading, view.columns, entry.line)
        assert not unread | faults(reading.table, row), (entry.line, unread)
        _same(reading.table, entry, row)
    for rejected in batch.rejected:
        assert rejected.faults
        if rejected.line.fault is None:
            row, unread = _plainly(reading, view.columns, rejected.line)
            assert unread | faults(reading.table, row), (rejected.line, rejected.faults)


def _plainly(reading: Reading, columns: Any, line: Line) -> tuple[dict[str, Any], set[str]]:
    row, unread = read_row(
        reading.table, {name: line.cells[place] for name, place in columns.items()}, NEW_YORK
    )
    heading = reading.sheet.header[columns["mrn"]]
    again = _letters(line.cells[columns["mrn"]]) == _letters(heading)  # files put one below the other
    return row, unread | ({"mrn"} if again else set())


def _letters(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()


def _same(table: str, entry: Entry, row: dict[str, Any]) -> None:
    """The facts of a row are its values."""
    apart = {"mrn", "scale", LAYOUTS[table].moment, *(name for name in row if name.startswith("item_"))}
    assert entry.mrn == row["mrn"]
    if LAYOUTS[table].moment:
        assert entry.moment == row[WHEN[table]]
    defaults = {"indication": "depression", "confirmed": False}
    for name in row.keys() - apart:
        value = defaults.get(name) if row[name] is None else row[name]
        assert getattr(entry.facts, name) == value, (name, entry.line)


def _lines(planned: Plan) -> Iterator[Line]:
    for reading in planned.readings:
        yield from reading.sheet.lines(lambda _: None)


def _file(name: str, content: bytes) -> Path:
    path = FOLDER / name
    path.write_bytes(content)
    return path


def _record() -> str:
    """An empty record, made once."""
    path = FOLDER / "record.db"
    if not path.exists():
        os.environ["SEVENTY_PLAIN"] = "1"
        with connected(f"sqlite:///{path}") as engine:
            start(engine, at=NOW)
    return f"sqlite:///{path}"


READERS: Final[dict[str, Reader]] = {
    "csv": Reader(a_text_file, SEEDS["csv"]),
    "xlsx": Reader(a_workbook, SEEDS["xlsx"]),
    "mapping": Reader(a_mapping, SEEDS["mapping"]),
    "scale": Reader(a_scale, SEEDS["scale"]),
    "statement": Reader(a_statement, SEEDS["statement"]),
    "sheet": Reader(a_key_sheet, SEEDS["sheet"]),
}
