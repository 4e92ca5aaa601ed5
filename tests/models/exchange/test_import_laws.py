"""Whatever a file holds, it is read or refused in words; however long, it is read in the same memory."""

import tracemalloc
from collections import deque
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place, read_batches
from models.exchange.sheets.sheet import UnreadableFileError
from models.scales import all_scales
from models.tables.facts import Setting

PLACE = Place(Setting(date(2026, 7, 1), ZoneInfo("UTC"), all_scales()), ZoneInfo("UTC"))
MEGABYTE = 1_000_000
HEADER = "mrn,scale,assessed_at,total\n"
PIECES = [
    '"',
    "'",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\0",
    "mrn",
    "scale",
    "phq9",
    "9",
    "é",
    "\u202e",
    "\ufeff",
    " ",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def everything_in(path: Path) -> None:
    """Every batch of a file, kept by nobody; a refusal is an answer, anything else is an error."""
    try:
        deque(read_batches(plan([path]), PLACE), maxlen=0)
    except UnreadableFileError as refused:
        if len(str(refused)) < len("x.csv: in words"):
            raise


@pytest.fixture(name="path", scope="module")
def _path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file, written anew for each example."""
    return tmp_path_factory.mktemp("laws") / "file.csv"


@given(
    content=st.binary(max_size=300) | TEXTS.map(str.encode) | TEXTS.map(lambda text: text.encode("utf-16"))
)
def test_any_bytes_are_read_or_refused_in_words(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    everything_in(path)


@given(rows=TEXTS)
def test_any_rows_under_a_known_header_are_read_or_refused_in_words(path: Path, rows: str) -> None:
    path.write_text(HEADER + rows, newline="")
    everything_in(path)


def parts_of_a_workbook() -> dict[str, bytes]:
    book, content = Workbook(), BytesIO()
    book.active.append(["mrn", "scale", "assessed_at", "total"])
    for number in range(5):
        book.active.append([number, "phq9", date(2026, 1, 2), number])
    book.save(content)
    with ZipFile(content) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = parts_of_a_workbook()


@settings(deadline=None)
@given(st.data())
def test_a_workbook_damaged_anywhere_is_read_or_refused_in_words(path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(PARTS)))
    content = bytearray(PARTS[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=3))
    damaged = path.with_suffix(".xlsx")
    with ZipFile(damaged, "w", ZIP_DEFLATED) as archive:
        for part, whole in PARTS.items():
            archive.writestr(part, bytes(content) if part == name else whole)
    everything_in(damaged)


def test_a_file_three_times_as_long_is_read_in_the_same_memory(tmp_path: Path) -> None:
    peaks = []
    for rows in (25_000, 75_000):
        path = tmp_path / f"{rows}.csv"
        with path.open("w") as text:
            text.write(HEADER)
            text.writelines(
                f"P{row % 3000},phq9,2025-{1 + row % 12:02d}-03,{row % 30}\n" for row in range(rows)
            )
        tracemalloc.start()
        everything_in(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]
    assert peaks[1] < 30 * MEGABYTE
