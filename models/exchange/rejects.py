"""The rejects file: rows as they came, with the reason in a last column, to be mended and imported again."""

import csv
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Self, TextIO

from models.exchange.plan import REASON
from models.exchange.sheet import Line, Sheet

OURS_ALONE: Final = 0o600
"""Rejected rows are patients' rows."""


class Begun(NamedTuple):
    """A file being written, not yet under its name."""

    path: Path
    text: TextIO


class Rejects:
    """Collects rejected rows, a file for each sheet they came from: their headers differ.

    The rows of a single sheet stand in the file asked for, those of several in files named after both. Each
    takes its name when everything has been read, so that a mended rejects file can be imported into itself.
    """

    def __init__(self, path: Path | None) -> None:
        self._asked = path
        self._begun: dict[str, Begun] = {}

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
        csv.writer(self._begun[sheet.name].text).writerow(cells)

    def _name(self, sheet_name: str) -> Path:
        asked = self._asked or Path()
        if len(self._begun) == 1:
            return asked
        return asked.with_name(f"{asked.stem}-{re.sub(r'[^0-9A-Za-z]+', '-', sheet_name)}{asked.suffix}")


def _begin(asked: Path, number: int) -> Begun:
    """A new file beside the one asked for; with a byte-order mark, without which Excel misreads UTF-8."""
    path = asked.with_name(f".{asked.name}.{number}.unfinished")
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS_ALONE)
    return Begun(path, os.fdopen(descriptor, "w", encoding="utf-8-sig", newline=""))
