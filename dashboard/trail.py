"""The audit trail on its way out: as a file for a spreadsheet, as JSON, as lines of a table."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from io import StringIO
from typing import Any, Final

from sqlalchemy import Engine

from models.exchange.sheets.formulas import inert
from models.store.accounts.account_events import CREDENTIALS, FOUND
from models.store.audit.events import Event, told_in
from models.store.engine.clocks import local
from models.store.trail.anchors import REPLACED
from models.store.trail.entries import Entry, Wanted, entries
from models.store.trail.erased_events import ERASED

HEADER: Final = Entry._fields
LINE: Final = ("No.", "When", "Who", "Did", "To", "Patient", "From", "What")
SHOWN: Final = 120
"""Characters of a detail on a line."""
UNSAID: Final = frozenset({"before", "after", "rows", "left", "events", "ids", CREDENTIALS, FOUND, REPLACED})
"""What is compared column by column, and what only a check reads: digests, and the events of an erasure."""


def taken(engine: Engine, wanted: Wanted) -> tuple[list[Entry], Event]:
    """The events wanted, the oldest first, and what is to be written down when they are taken away."""
    found = entries(engine, wanted)[::-1]
    filters = {name: value for name, value in wanted._asdict().items() if value is not None}
    detail = {"events": len(found), **filters}
    return found, Event("export_audit", patient_id=wanted.patient_id, detail=detail)


def as_csv(found: Sequence[Entry]) -> str:
    """A CSV with all cells in quotes, in which no cell is a formula."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for entry in found:
        cells = (*entry[:1], entry.at.isoformat(), *entry[2:])
        writer.writerow(["" if cell is None else inert(str(cell)) for cell in cells])
    return text.getvalue()


def as_documents(found: Sequence[Entry]) -> list[dict[str, Any]]:
    """The same for programs: the detail is read, the moment an ISO text in UTC."""
    return [
        {**entry._asdict(), "at": entry.at.isoformat(), "detail": as_kept(entry.detail)} for entry in found
    ]


def as_kept(detail: str) -> dict[str, Any] | str:
    """What an event tells, or its text as it stands where that was tampered with and is no JSON any more."""
    told = told_in(detail)
    return told if told or detail == "{}" else detail


def line_of(entry: Entry, zone: tzinfo) -> tuple[object, ...]:
    """An event as a line under `LINE`, in the clinic's time."""
    return (
        entry.number,
        f"{local(entry.at, zone):%Y-%m-%d %H:%M:%S}",
        entry.by,
        entry.action.replace("_", " "),
        entry.subject or "",
        "" if entry.patient_id is None else str(entry.patient_id),
        entry.address or "",
        said(entry.detail),
    )


def said(detail: str) -> str:
    """The beginning of what an event tells, without digests: of a correction only what changed, and why."""
    told = as_kept(detail)
    words = told if isinstance(told, str) else "; ".join(_words(detail, told))
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"


def _words(detail: str, told: dict[str, Any]) -> Iterator[str]:
    changed = bool(told.get("before") and told.get("after"))
    for name, before, after in compared(detail):
        if before != after:
            now = _word(before if after is None else after)
            yield f"{name} {_word(before)} → {_word(after)}" if changed else f"{name} {now}"
    yield from (f"{name.replace('_', ' ')}: {_word(value)}" for name, value in _beside(told).items())


def compared(detail: str) -> list[tuple[str, Any, Any]]:
    """What was changed, by name: before and after; of what is new or was withdrawn one is `None`."""
    told = told_in(detail)
    before, after = _columns(told.get("before")), _columns(told.get("after"))
    return [(name, before.get(name), after.get(name)) for name in dict.fromkeys([*before, *after])]


def day_begins(day: date, zone: tzinfo) -> datetime:
    """The moment a day begins at the clinic."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days(first: date | None, last: date | None, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From the beginning of one day to the end of another, as `since` and `until`."""
    return (
        None if first is None else day_begins(first, zone),
        None if last is None else day_begins(last + timedelta(days=1), zone),
    )


def _beside(told: dict[str, Any]) -> dict[str, Any]:
    beside = {name: value for name, value in told.items() if name not in UNSAID}
    if ERASED in beside:
        beside[ERASED] = f"what it told, by erasure {beside[ERASED]}"
    return beside


def _columns(side: Any) -> dict[str, Any]:
    """Everything on one side of a change, answers item by item; of one tampered with, what makes sense."""
    columns: dict[str, Any] = {}
    subjects = side.values() if isinstance(side, dict) else ()
    for subject in subjects:
        for name, value in subject.items() if isinstance(subject, dict) else ():
            items = value if name == "items" and isinstance(value, dict) else {}
            columns |= {f"item {item}": score for item, score in items.items()}
            columns |= {} if items else {name.replace("_", " "): value}
    return columns


def _word(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
