"""A hostile file brought into a record, held against what a dictionary says must come of every row."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from models.exchange.imports.intake import Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.exchange.imports.receipt import Receipt
from models.scales import all_scales
from models.tables.facts import Setting
from tests.support.builders import BY, NOW
from tests.support.hostile import File
from tests.support.plain_cells import LONGEST, WORDS, UnreadableError, cell
from tests.support.plain_record import PlainRecord
from tests.support.plain_rules import TODAY, faults, scale, scale_called

UTC_ZONE: Final = ZoneInfo("UTC")
OUTCOMES: Final = ("new", "completed", "already_there", "conflicting", "rejected")


@dataclass
class Expected:
    """What must come of a file: the outcome of every row by its line, and why a rejected one is."""

    outcomes: dict[int, str] = field(default_factory=dict)
    rows: dict[int, list[str]] = field(default_factory=dict)
    unread: dict[int, set[str]] = field(default_factory=dict)
    wrong: dict[int, set[str]] = field(default_factory=dict)
    made: int = 0

    def lines(self, outcome: str) -> set[int]:
        return {line for line, came in self.outcomes.items() if came == outcome}


def expected(file: File, record: PlainRecord, zone: ZoneInfo) -> Expected:
    """Bring every row into the dictionary, and say what came of it."""
    told = Expected()
    before = {key for key in record if key[0] == "patients"}
    for number, cells in enumerate(file.rows):
        if not any(cells):
            continue
        line = file.line_of(number)
        told.rows[line], told.outcomes[line] = cells, "rejected"
        if len(cells) != len(file.fields) or "\0" in "".join(cells):
            continue
        row, told.unread[line] = read_row(file.table, dict(zip(file.fields, cells, strict=True)), zone)
        told.wrong[line] = faults(file.table, row)
        if not told.unread[line] | told.wrong[line]:
            told.outcomes[line] = record.bring(file.table, row)
    if file.table != "patients":
        told.made = sum(key[0] == "patients" and key not in before for key in record)
    return told


def read_row(table: str, texts: Mapping[str, str], zone: ZoneInfo) -> tuple[dict[str, Any], set[str]]:
    """The values of a row's texts, and the fields that have none."""
    row: dict[str, Any] = {}
    unread: set[str] = set()
    asked = scale_called(texts["scale"].strip()) if table == "assessments" else None
    for name, text in texts.items():
        decimals = scale(asked).get("decimals", 0) if asked and name == "total" else 0
        try:
            row[name] = asked if name == "scale" else cell(name, text, zone, decimals)
        except UnreadableError:
            unread.add(name)
    if asked is not None:
        row["items"] = _items(row, scale(asked))
    elif table == "assessments":  # without its scale nothing is known of what an assessment says
        return row, unread & {"mrn", "assessed_at"} | {"scale"}
    return row, unread


def _items(row: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[int, Any] | None:
    given = {int(name[5:]): answer for name, answer in row.items() if name.startswith("item_")}
    known = {item["number"] for item in asked.get("items", ())}
    answered = any(answer is not None for answer in given.values())
    return {n: each for n, each in given.items() if each is not None or n in known} if answered else None


def bring(engine: Engine, file: File, folder: Path, zone: ZoneInfo = UTC_ZONE, at: datetime = NOW) -> Receipt:
    """Import the file; its rejects go to `rejects.csv` in the folder."""
    path, rejects = folder / "hostile.csv", folder / "rejects.csv"
    path.write_bytes(file.content())
    rejects.unlink(missing_ok=True)
    place = Place(Setting(TODAY, UTC_ZONE, all_scales()), UTC_ZONE, zone)
    return import_plan(engine, plan([path]), place, Recorder(BY, at, reads_patients=True), rejects=rejects)


def check(file: File, told: Expected, receipt: Receipt, folder: Path) -> None:
    """Every row came to what it must, exactly once, and each that was not taken says why."""
    counts, expected_counts = vars(receipt.counts[file.table]), Counter(told.outcomes.values())
    assert counts.pop("read") == len(told.outcomes)
    assert counts == {outcome: expected_counts[outcome] for outcome in OUTCOMES}
    if file.table != "patients":
        assert receipt.counts["patients"].new == told.made
    refused: dict[int, list[Any]] = {}
    for rejection in receipt.rejections:
        refused.setdefault(rejection.line, []).append(rejection)
    assert refused.keys() == told.lines("rejected")
    assert {found.line for found in receipt.contradictions} == told.lines("conflicting")
    for line, reasons in refused.items():
        _says_why(file, told, line, reasons)
    _keeps_rejects(file, told, folder / "rejects.csv")


def _says_why(file: File, told: Expected, line: int, reasons: list[Any]) -> None:
    """Each reason names a column and the value that stood there, and no unreadable cell is passed over."""
    cells, named = told.rows[line], set()
    for said in reasons:
        assert said.reason.strip()
        if len(cells) == len(file.fields) and "\0" not in "".join(cells) and said.column in file.headers:
            place = file.headers.index(said.column)
            named.add(file.fields[place])
            from_store = line not in told.wrong or not (told.unread[line] | told.wrong[line])
            assert said.value == cells[place] or from_store
        elif not said.column:
            assert len(cells) > len(file.fields)
        else:  # answers that are missing are named together, also those the file has no column for
            fields = dict(zip(file.headers, file.fields, strict=True))
            columns = said.column.split(", ")
            named |= {fields.get(each, "items" if each.startswith("item_") else each) for each in columns}
    if line in told.unread:
        asked_later = WORDS.keys() | LONGEST.keys()  # what a text may say, once everything is read
        assert told.unread[line] - asked_later <= named
        why = told.unread[line] | told.wrong[line]
        assert not why or why & named, (why, reasons)


def _keeps_rejects(file: File, told: Expected, path: Path) -> None:
    """The rejects file holds every rejected row as it came, and no other."""
    refused = [told.rows[line] for line in sorted(told.lines("rejected"))]
    if not refused:
        assert not path.exists()
        return
    with path.open(encoding="utf-8-sig", newline="") as text:
        header, *kept = [[_bared(cell) for cell in row] for row in csv.reader(text, strict=True)]
    assert header == [*file.headers, "reason"]
    assert sorted(row[:-1] for row in kept) == sorted(refused)
    assert all(row[-1] for row in kept)


def _bared(text: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    rest = text.removeprefix("'").lstrip("' ")
    runs = rest[:1] and rest[0] in "=+-@\t\r\n|%\0"
    return text[1:] if text.startswith("'") and runs else text
