"""Every file of a plan, read once from its first line to its last, in batches that can be stored."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from models.exchange.columns.conventions import zone_named
from models.exchange.columns.kinds import Dialect
from models.exchange.columns.moments import Calendar
from models.exchange.columns.view import View
from models.exchange.imports.checking import Checker
from models.exchange.imports.entries import Entry, EntryReader, Rejected, read_lines
from models.exchange.imports.plan import Plan, Reading
from models.exchange.sheets.limits import Limits
from models.tables.facts import Setting

LINES_AT_ONCE: Final = 10_000


class Batch(NamedTuple):
    """Some lines of a reading: what may be stored, what may not, and how far into all files they reach."""

    reading: Reading
    entries: list[Entry]
    rejected: list[Rejected]
    bytes_read: int


class Place(NamedTuple):
    """Where files are read: the clinic's setting, and the zone someone named for times without one."""

    setting: Setting
    clinic_zone: ZoneInfo
    named_zone: ZoneInfo | None = None

    def zone(self, view: View) -> ZoneInfo:
        """The zone of naive times: the one named, else the mapping file's, else the clinic's."""
        declared = view.conventions.time_zone
        return self.named_zone or (zone_named(declared) if declared else self.clinic_zone)


def read_batches(planned: Plan, place: Place) -> Iterator[Batch]:
    """The batches of all readings, in the plan's order."""
    before = 0
    for reading in planned.readings:
        readers = [EntryReader(_checker(view, reading, place)) for view in reading.views]
        yield from _batches_of(reading, readers, before, planned.limits)
        before += reading.size


def _batches_of(
    reading: Reading, readers: list[EntryReader], before: int, limits: Limits | None
) -> Iterator[Batch]:
    position, count = 0, 0

    def advance(bytes_read: int) -> None:
        nonlocal position
        position = bytes_read

    lines = reading.sheet.lines(advance)
    while some := list(islice(lines, LINES_AT_ONCE)):
        count += len(some)
        if limits is not None:
            limits.refuse_rows(reading.sheet.name, count)
        entries, rejected = read_lines(readers, some)
        yield Batch(reading, entries, rejected, before + position)


def _checker(view: View, reading: Reading, place: Place) -> Checker:
    calendar = Calendar(place.zone(view), view.conventions.dates)
    dialect = Dialect(calendar, view.conventions.decimal, reading.sheet.is_typed, place.setting.scales)
    return Checker(view, dialect, place.setting)
