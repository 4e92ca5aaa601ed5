"""An extract as a folder of CSV files, with its manifest: all of it, or nothing."""

import json
import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import polars as pl

from models.exchange.deidentified.manifest import in_words, manifest
from models.exchange.deidentified.people import Frames
from models.exchange.deidentified.products import Extract
from models.exchange.deidentified.request import FolderError
from models.exchange.deidentified.summary import Summary

OURS_ALONE: Final = 0o600
FORMULA: Final = r"^([=+\-@\t\r\n\x00])"
"""A text that begins so is a command to a spreadsheet (ASVS 1.2.10); with `'` before it, it is a text."""


def write_extract(
    folder: Path, made: Extract, frames: Frames, table: Summary | None, *, year: int
) -> dict[str, Any]:
    """Write it and hand back its manifest; a folder that is there already is never written into.

    The files take their place together, when all are written. Only who made them may read them. When they
    were changed last, which an archive tells, is the second day of the year, which is of it in every zone.
    """
    if folder.exists() or folder.is_symlink():
        raise FolderError(folder, "is there already; name another folder")
    files = {f"{name}.csv": as_csv(frame) for name, frame in made.frames.items()}
    if table is not None and table.frame is not None:
        files["summary.csv"] = as_csv(table.frame)
    document = manifest(made, frames, files, table, year=year)
    told = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    beside = {"manifest.json": told.encode(), "README.txt": in_words(document).encode()}
    try:
        _write_together(folder, {**files, **beside}, datetime(year, 1, 2, tzinfo=UTC).timestamp())
    except OSError as refused:
        raise FolderError(folder, f"cannot be written: {refused.strerror}") from None
    return document


def as_csv(frame: pl.DataFrame) -> bytes:
    """A frame as UTF-8 CSV with every cell quoted, and no text a spreadsheet would take for a formula."""
    harmless = pl.col(pl.String).str.replace(FORMULA, "'${1}")
    return frame.with_columns(harmless).write_csv(quote_style="always", time_format="%H:%M:%S").encode()


def _write_together(folder: Path, files: Mapping[str, bytes], changed: float) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in files.items():
            path = unfinished / name
            path.touch(mode=OURS_ALONE)
            path.write_bytes(content)
            os.utime(path, (changed, changed))
        os.utime(unfinished, (changed, changed))
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
