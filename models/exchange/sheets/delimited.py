"""Text files with one row a line: comma, semicolon or tab, read strictly, every cell as text."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from models.exchange.sheets.encoding import SPOKEN, encoding_of, undecodable
from models.exchange.sheets.formulas import as_it_was
from models.exchange.sheets.sheet import REASON, Advance, Fault, Line, UnknownKindError, UnreadableFileError

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
LINES_BETWEEN_REPORTS = 4096
LONGEST_HEADER = 100_000
LONGEST_CELL = csv.field_size_limit()
"""Characters of a cell, which a quotation mark never closed would otherwise make of the rest of a file."""
LONGEST_SHOWN = 40


@dataclass(frozen=True)
class DelimitedSheet:
    """A CSV file whose encoding, delimiter and header are settled."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    worksheet: str = ""
    is_typed: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def described(self) -> str:
        """The encoding and the delimiter that were found."""
        return f"{SPOKEN.get(self.encoding, self.encoding)}, separated by {DELIMITERS[self.delimiter]}"

    def lines(self, advance: Advance) -> Iterator[Line]:
        """Every row below the header that is not blank; one of another width than the header carries a fault.

        A field too many would shift all that follow it (pandas silently shifts every column): such a row is
        refused, never bent to fit. What a rejects file kept from running as a formula is as it was. Raises
        `UnreadableFileError` at a byte that is no text.
        """
        with self.path.open("rb") as opened:
            try:
                yield from self._lines(opened, advance)
            except UnicodeError as undecoded:
                raise UnreadableFileError(self.name, *undecodable(self.path, self.encoding)) from undecoded
            advance(opened.tell())

    def _lines(self, opened: BinaryIO, advance: Advance) -> Iterator[Line]:
        text = TextIOWrapper(opened, encoding=self.encoding, newline="")
        width, was_rejected = len(self.header), self.header[-1] == REASON
        headed = False
        try:
            for count, (number, written, is_overlong) in enumerate(self._rows(text)):
                cells = [as_it_was(cell) for cell in written] if was_rejected else written
                if not any(cells):
                    pass
                elif not headed:
                    headed = any(cell.strip() for cell in cells)
                elif is_overlong:
                    yield Line(number, cells, self._overlong(cells))
                elif len(cells) == width and "\0" not in "".join(cells):
                    yield Line(number, cells)
                else:
                    yield Line(number, cells, self._fault(cells))
                if not count % LINES_BETWEEN_REPORTS:
                    advance(opened.tell())
        finally:
            text.detach()

    def _rows(self, text: TextIO) -> Iterator[tuple[int, list[str], bool]]:
        """Each row, the line it begins on, and whether a cell of it is longer than any may be."""
        latest = ""

        def lines() -> Iterator[str]:
            nonlocal latest
            for latest in text:  # noqa: UP028 - kept, for a row of it that cannot be read
                yield latest

        rows = csv.reader(lines(), delimiter=self.delimiter, strict=True)
        number = 1
        while True:
            try:
                for cells in rows:
                    yield number, cells, False
                    number = rows.line_num + 1
            except csv.Error as broken:
                cells = (
                    self._read_overlong(latest) if rows.line_num == number and _is_overlong(broken) else []
                )
                if not cells:
                    why = f"line {number}: {_in_words(broken)}; nothing of this file was read"
                    raise UnreadableFileError(self.name, why) from broken
                yield number, cells, True
                number = rows.line_num + 1
            else:
                return

    def _read_overlong(self, line: str) -> list[str]:
        """The cells of a row that ends with its line; none of one that may go on below."""
        csv.field_size_limit(len(line))
        try:
            return next(csv.reader([line], delimiter=self.delimiter, strict=True))
        except csv.Error:
            return []
        finally:
            csv.field_size_limit(LONGEST_CELL)

    def _overlong(self, cells: list[str]) -> Fault:
        place, cell = max(enumerate(cells), key=lambda placed: len(placed[1]))
        return Fault(
            self.header[place] if place < len(self.header) else "",
            f"{cell[:LONGEST_SHOWN]}…",
            f"holds {len(cell):,} characters; a cell may hold {LONGEST_CELL:,}",
        )

    def _fault(self, cells: list[str]) -> Fault:
        width = len(self.header)
        if len(cells) > width:
            return Fault(
                "",
                cells[width],
                f"the row has {len(cells)} fields, the header {width}: one too many shifts all",
            )
        if len(cells) < width:
            return Fault(self.header[len(cells)], "", f"the row has {len(cells)} fields, the header {width}")
        column, value = next(
            (name, cell) for name, cell in zip(self.header, cells, strict=True) if "\0" in cell
        )
        return Fault(column, value.replace("\0", "␀"), "holds a NUL byte, which no text has")


def open_delimited(path: Path, declared_encoding: str | None) -> DelimitedSheet:
    """Settle encoding, delimiter (the one that gives the most headers) and header of a text file.

    Raises `UnknownKindError` for one that is empty, or is no text in that encoding.
    """
    encoding = encoding_of(path, declared_encoding)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        try:
            line = _first_line(text)
        except UnicodeError as unmarked:  # UTF-16 that does not say which end comes first
            raise UnknownKindError(path.name, *undecodable(path, encoding)) from unmarked
        if not line:
            raise UnknownKindError(path.name, "is empty: no header and no rows")
        if "\ufffd" in line:
            raise UnknownKindError(path.name, *undecodable(path, encoding))
        if "\0" in line:
            raise UnknownKindError(path.name, "is not a text file; save it as “CSV UTF-8” or .xlsx")
        if len(line) > LONGEST_HEADER:
            longest = f"holds more than {LONGEST_HEADER:,} characters, which is the most a header may hold"
            raise UnknownKindError(
                path.name, f"the first line {longest}; leave out columns not to be imported"
            )
        headers = {sign: next(csv.reader([line], delimiter=sign)) for sign in DELIMITERS}
        delimiter = max(headers, key=lambda sign: len(headers[sign]))
    return DelimitedSheet(path, encoding, delimiter, tuple(headers[delimiter]))


def _first_line(text: TextIO) -> str:
    while line := text.readline(LONGEST_HEADER + 1):
        if line.strip("\r\n,;\t "):
            return line
    return ""


def _is_overlong(broken: csv.Error) -> bool:
    return "field larger" in str(broken)


def _in_words(broken: csv.Error) -> str:
    words = str(broken)
    if _is_overlong(broken):
        most = f"its cell holds more than {LONGEST_CELL:,} characters"
        return f"a quotation mark is opened and never closed, or {most}"
    if "unexpected end of data" in words:
        return "a quotation mark is opened and never closed"
    if "expected after" in words:
        return 'a quotation mark stands inside a quoted cell; inside, it is written twice ("")'
    return words
