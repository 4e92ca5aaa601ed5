"""Days and moments as files write them: ISO 8601 or the one format a mapping file states, never a guess."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?"
OFFSET = r"Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?"  # no clock is further from UTC
ISO = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:[T ]({CLOCK}) ?({OFFSET})?)?", re.IGNORECASE)
DAY_THEN_CLOCK = re.compile(rf"(.+?)(?:[T ]({CLOCK}) ?({OFFSET})?)?", re.IGNORECASE)

ADVICE = (
    (
        re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}(?![0-9]).*"),
        "has a two-digit year; write all four digits",
    ),
    (
        re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{4}.*"),
        (
            "may be day first or month first; write the year first (YYYY-MM-DD), "
            'or state dates = "%d/%m/%Y" in a mapping file'
        ),
    ),
    (
        re.compile(r"[0-9]{5}(\.[0-9]+)?"),
        "is a number, perhaps Excel's own for a date; format the column as a date",
    ),
)
OTHERWISE = "is not a date; write 2026-02-01, or 2026-02-01T09:30 with its time"


class MomentError(ValueError):
    """A cell that is not one day or one moment; its words say how to write it."""


class CameTwiceError(MomentError):
    """A local time that the clocks showed twice as they were put back; `moments` are both."""

    def __init__(self, zone: ZoneInfo, first: datetime, second: datetime) -> None:
        self.moments = first, second
        super().__init__(
            f"came twice in {zone.key}, as the clocks were put back; add the offset: "
            f"{first.isoformat()} was the first, {second.isoformat()} the second"
        )


class Written(NamedTuple):
    """A date as it stands in a cell, with the time of day and the offset from UTC if it has them."""

    day: date
    clock: time | None = None
    offset: str | None = None


@dataclass(frozen=True)
class Shift:
    """A time-point some days after a day 0, at a time of day if it is known."""

    days: int
    clock: time | None = None

    def of(self, day_0: date) -> str:
        """When it was, as ISO 8601; `MomentError` beyond the last day there is."""
        try:
            day = day_0 + timedelta(days=self.days)
        except OverflowError as overflow:
            raise MomentError("lies beyond any calendar") from overflow
        return day.isoformat() if self.clock is None else datetime.combine(day, self.clock).isoformat()


@dataclass(frozen=True)
class Calendar:
    """How the dates of a file are read: the zone of times without an offset, and a format or ISO 8601."""

    zone: ZoneInfo
    dates: str | None = None

    def moment(self, text: str) -> datetime | date:
        """The moment in UTC where a time is given, else the day; `MomentError` says why it is neither."""
        written = self._read(text)
        if written.clock is None:
            return written.day
        local = datetime.combine(written.day, written.clock)
        try:
            if written.offset:
                return datetime.fromisoformat(f"{local.isoformat()}{written.offset}").astimezone(UTC)
            return in_zone(local, self.zone).astimezone(UTC)
        except OverflowError as overflow:
            raise MomentError("lies beyond any calendar") from overflow

    def day(self, text: str) -> date:
        """The day as written; with an offset, the day it then was in the file's zone.

        Midnight elsewhere is how programs write a day that has no time: where it was another day here, which
        of the two is meant cannot be known.
        """
        written = self._read(text)
        if written.offset is None:
            return written.day
        moment = self.moment(text)
        day = moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment
        if day != written.day and written.clock == time():
            raise MomentError(
                f"may be {written.day}, or {day} as it then was in {self.zone.key}; write the day alone"
            )
        return day

    def shifted(self, text: str, shift: Shift) -> datetime | date:
        """The moment of a time-point, from the day 0 that is written."""
        return replace(self, dates=None).moment(shift.of(self.day(text)))

    def _read(self, text: str) -> Written:
        try:
            if self.dates is None:
                return self._iso(text)
            return self._formatted(text, self.dates)
        except MomentError:
            raise
        except ValueError as impossible:
            raise MomentError("is not a day of the calendar") from impossible

    def _iso(self, text: str) -> Written:
        found = ISO.fullmatch(text)
        if found is None:
            raise MomentError(next((words for shape, words in ADVICE if shape.fullmatch(text)), OTHERWISE))
        return Written(date.fromisoformat(found[1]), _clock(found[2]), found[3] and found[3].upper())

    def _formatted(self, text: str, dates: str) -> Written:
        """The stated format, and ISO 8601 (as Excel's dates become) where the two cannot be confused."""
        if ISO.fullmatch(text) and not dates.startswith("%Y"):
            return self._iso(text)
        has_clock = "%H" in dates or "%I" in dates
        found = DAY_THEN_CLOCK.fullmatch(text if text.isascii() else "")  # strptime takes any script's digits
        try:
            read = datetime.strptime(text if has_clock else found[1] if found else "", dates)  # noqa: DTZ007
        except ValueError:
            raise MomentError(f"is not a day written as {dates}") from None
        if has_clock or not found:
            return Written(read.date(), read.time())
        return Written(read.date(), _clock(found[2]), found[3] and found[3].upper())


def in_zone(local: datetime, zone: ZoneInfo, *, is_second: bool | None = None) -> datetime:
    """A naive local time in its zone; `MomentError` where the clocks skipped it.

    Where they showed it twice, somebody has to say which of the two it was, or `CameTwiceError` asks.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return first
    if before < after:
        raise MomentError(f"does not exist in {zone.key}: the clocks were put forward past it")
    if is_second is None:
        raise CameTwiceError(zone, first, second)
    return second if is_second else first


def _clock(text: str | None) -> time | None:
    if text is None:
        return None
    hour, _, rest = text.replace(",", ".").partition(":")
    try:
        return time.fromisoformat(f"{hour:0>2}:{rest}")
    except ValueError:
        raise MomentError("has no time of a day; times run from 00:00 to 23:59:59") from None
