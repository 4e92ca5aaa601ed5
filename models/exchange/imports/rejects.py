"""The rejects file: rows as they came, with the reason in a last column, to be mended and imported again.

What a spreadsheet would run as a formula stands behind an apostrophe, which is taken off when it is imported.
"""

import csv
import os
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Self, TextIO

from models.exchange.sheets.delimited import LONGEST_HEADER
from models.exchange.sheets.formulas import inert
from models.exchange.sheets.sheet import REASON, Line, Sheet

OURS_ALONE: Final = 0o600
"""Rejected rows are patients' rows."""


class RejectsError(Exception):
    """A file that rejected rows may not replace: which, and why."""

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"--rejects {path}: {why}; name another file")


class Begun(NamedTuple):
    """A file being written, not yet under its name."""

    path: Path
    text: TextIO


class Rejects:
    """Collects rejected rows, a file for each sheet they came from: their headers differ.

    The rows of a single sheet stand in the file asked for, those of several in files named after both. Each
    takes its name when everything has been read, so that a mended rejects file can be imported into itself.
    Only an earlier rejects file is ever replaced: anything else that bears one of the names, be it the record
    itself, a mapping or a clinic's export, raises `RejectsError` before a row is read.
    """

    def __init__(self, path: Path | None, sheet_names: Iterable[str] = (), keep: Iterable[Path] = ()) -> None:
        self._asked = path
        self._begun: dict[str, Begun] = {}
        if path is not None:
            for name in (path, *(_named_after(path, sheet) for sheet in sheet_names)):
                _refuse_loss(name, keep)

    def add(self, sheet: Sheet, line: Line, reasons: Sequence[str]) -> None:
        """A row, and everything wrong in it."""
        if self._asked is None:
            return
        if sheet.name not in self._begun:
            self._begun[sheet.name] = _begin(self._asked, len(self._begun))
            self._write(sheet, [*(name for name in sheet.header if name != REASON), REASON])
        cells = [cell for name, cell in zip(sheet.header, line.cells, strict=False) if name != REASON]
        self._write(sheet, [*cells, *line.cells[len(sheet.header) :], "; ".join(reasons)])

    def finish(self) -> list[Path]:
        """Give the files their names."""
        named = []
        for sheet_name, begun in self._begun.items():
            begun.text.close()
            path = self._name(sheet_name)
            named.append(begun.path.replace(path))
        self._begun.clear()
        return named

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind of an import that came to nothing."""
        for begun in self._begun.values():
            begun.text.close()
            with suppress(OSError):
                begun.path.unlink()
        self._begun.clear()

    def _write(self, sheet: Sheet, cells: Sequence[str]) -> None:
        csv.writer(self._begun[sheet.name].text).writerow([inert(cell) for cell in cells])

    def _name(self, sheet_name: str) -> Path:
        asked = self._asked or Path()
        return asked if len(self._begun) == 1 else _named_after(asked, sheet_name)


def _named_after(asked: Path, sheet_name: str) -> Path:
    return asked.with_name(f"{asked.stem}-{re.sub(r'[^0-9A-Za-z]+', '-', sheet_name)}{asked.suffix}")


def _refuse_loss(path: Path, keep: Iterable[Path]) -> None:
    """Refuse a name under which something stands that is no rejects file, or that is to be kept."""
    if not os.path.lexists(path):
        return
    if not path.is_file():
        raise RejectsError(path, "is there already and is no file")
    if any(one.exists() and path.samefile(one) for one in keep):
        raise RejectsError(path, "is one of the files to be read, which a dry run leaves as they are")
    if not _is_rejects_file(path):
        raise RejectsError(path, "is there already and holds something other than rejected rows")


def _is_rejects_file(path: Path) -> bool:
    """Whether a file begins as ours do: a byte-order mark, and a header whose last column is the reason."""
    with path.open("rb") as opened:
        start = opened.read(LONGEST_HEADER)
    if not start.startswith(BOM_UTF8):
        return False
    try:
        header = next(csv.reader([start.decode("utf-8-sig", errors="replace").split("\n")[0]]), [""])
    except csv.Error:
        return False
    return header[-1:] == [REASON]


def _begin(asked: Path, number: int) -> Begun:
    """A new file beside the one asked for; with a byte-order mark, without which Excel misreads UTF-8."""
    path = asked.with_name(f".{asked.name}.{number}.unfinished")
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS_ALONE)
    return Begun(path, os.fdopen(descriptor, "w", encoding="utf-8-sig", newline=""))
