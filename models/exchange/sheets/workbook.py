"""Excel workbooks, through openpyxl's streaming reader: every worksheet a sheet, every cell as text."""

import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise, repeat
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from models.exchange.sheets.archive import check_archive
from models.exchange.sheets.excel_cells import CellError, cell_text
from models.exchange.sheets.sheet import Advance, Fault, Line, UnknownKindError, UnreadableFileError

MOST_LINES = 1_048_576
MOST_COLUMNS = 1_000
HEADER_WITHIN = 100
LONGEST_ROW = 1_000_000
ROW = re.compile(rb"<(?:\w+:)?row[ />]")
FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
NOT_COMPUTED = "is a formula without a computed value; open the file in Excel and save it again"
BROKEN = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    NotImplementedError,  # a part is packed in a way that Python cannot unpack
    OSError,
    ParseError,
    TypeError,
    ValueError,
    zlib.error,
)


@dataclass(frozen=True)
class WorkbookSheet:
    """One worksheet whose header has been found."""

    path: Path
    worksheet: str
    header_line: int
    header: tuple[str, ...]
    is_alone: bool
    calculates: bool
    is_hidden: bool = False
    is_typed: bool = True

    @property
    def name(self) -> str:
        """The file's name, with the worksheet's unless it is the only one."""
        return self.path.name if self.is_alone else f"{self.path.name}, sheet {self.worksheet}"

    @property
    def described(self) -> str:
        """That it is a worksheet, and whether whoever opens the workbook sees it."""
        return "Excel worksheet, hidden" if self.is_hidden else "Excel worksheet"

    def lines(self, advance: Advance) -> Iterator[Line]:
        """Every row below the header that is not blank; a cell that has no value of its own makes a fault."""
        with _refusals(self.path.name):
            values = _rows(self.path, self.worksheet, computed=True)
            formulas = _rows(self.path, self.worksheet, computed=False) if self.calculates else repeat(())
            for number, (cells, written) in enumerate(zip(values, formulas), start=1):  # noqa: B905 - no end
                if number > self.header_line and any(cell.value is not None for cell in (*cells, *written)):
                    yield self._line(number, cells, written)
        advance(self.path.stat().st_size)

    def _line(self, number: int, cells: tuple[Any, ...], written: tuple[Any, ...]) -> Line:
        width, texts, fault = len(self.header), list[str](), None
        for column, cell in zip(self.header, cells, strict=False):  # a row ends with its last cell
            try:
                texts.append(cell_text(cell))
            except CellError as wrong:
                texts.append(str(cell.value))
                fault = fault or Fault(column, str(cell.value), str(wrong))
        texts += [""] * (width - len(texts))
        for place, cell in enumerate(cells[width:], start=width + 1):
            if cell.value is not None and str(cell.value).strip():
                where = f"stands in column {place:,}, which has no header; name the column, or clear the cell"
                fault = fault or Fault("", str(cell.value), where)
        for index, cell in enumerate(written[:width]):
            if cell.data_type == "f" and cells[index].value is None:
                texts[index] = str(cell.value)
                fault = fault or Fault(self.header[index], str(cell.value), NOT_COMPUTED)
        return Line(number, texts, fault)


def open_workbook(path: Path) -> list[WorkbookSheet]:
    """The worksheets of a workbook that hold anything, after its zip has been looked at from outside.

    Raises `UnknownKindError` where none does, and what `check_archive` raises.
    """
    check_archive(path)
    with _refusals(path.name):
        calculates = _calculates(path)
        with _open(path, computed=True) as workbook:
            states = {sheet.title: sheet.sheet_state for sheet in workbook.worksheets}
    found = ((name, _header(path, name)) for name in states)
    filled = [(name, *header) for name, header in found if header is not None]
    if not filled:
        raise UnknownKindError(path.name, "is empty: no header and no rows")
    alone = len(filled) == 1
    return [
        WorkbookSheet(path, name, line, header, alone, calculates, is_hidden=states[name] != "visible")
        for name, line, header in filled
    ]


def _calculates(path: Path) -> bool:
    """Whether there is any formula; refuses a row longer than any table's, which would be held whole."""
    calculates = False
    with ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            rows = [found.start() for found in ROW.finditer(content)]
            if any(end - start > LONGEST_ROW for start, end in pairwise([*rows, len(content)])):
                raise UnreadableFileError(
                    path.name, "has a row longer than any table's; save the sheet as CSV UTF-8"
                )
            calculates = calculates or FORMULA.search(content) is not None
    return calculates


def _header(path: Path, worksheet: str) -> tuple[int, tuple[str, ...]] | None:
    first_rows = islice(_rows(path, worksheet, computed=True), HEADER_WITHIN)
    for number, cells in enumerate(first_rows, start=1):
        last = max((index for index, cell in enumerate(cells, start=1) if cell.value is not None), default=0)
        if last > MOST_COLUMNS:
            why = f"has {last:,} columns, more than the {MOST_COLUMNS:,} allowed"
            raise UnreadableFileError(path.name, f"{why}; leave out columns not to be imported")
        if last:
            return number, tuple("" if cell.value is None else str(cell.value) for cell in cells[:last])
    return None


def _rows(path: Path, worksheet: str, *, computed: bool) -> Iterator[tuple[Any, ...]]:
    with _refusals(path.name), _open(path, computed=computed) as workbook:
        sheet = workbook[worksheet]
        sheet.reset_dimensions()  # what a file declares about its size may be wrong, or a trap
        rows = sheet.iter_rows()
        for _ in range(MOST_LINES):
            with _quiet():
                row = next(rows, None)
            if row is None:
                return
            yield row
        if next(rows, None) is not None:
            raise UnreadableFileError(
                path.name, f"a worksheet has at most {MOST_LINES:,} rows; this one claims more"
            )


@contextmanager
def _open(path: Path, *, computed: bool) -> Iterator[Any]:
    with path.open("rb") as opened:  # ours to close, whatever openpyxl meets in it
        with _quiet():
            workbook = load_workbook(opened, read_only=True, data_only=computed, keep_links=False)
        yield workbook


@contextmanager
def _quiet() -> Iterator[None]:
    """Openpyxl warns of fonts and extensions it leaves out; a table of scores needs none of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    try:
        yield
    except BROKEN as broken:
        raise UnreadableFileError(
            name, "is a damaged workbook; open it in Excel and save it again"
        ) from broken
