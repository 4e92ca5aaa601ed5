"""Moments as they are read: one that can be; and for people, in the clinic's time with its zone."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from models.store.engine.asking import ask_first
from models.store.engine.lookup import current
from models.tables.columns import moment_of

_FIRST: Final = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LAST: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def when(happened_at: int) -> datetime:
    """The moment a row tells; one beyond any calendar, left by tampering, is the last that every zone has.

    So is one before any calendar the first.
    """
    try:
        return min(max(moment_of(happened_at), _FIRST), _LAST)
    except OverflowError:
        return _LAST if happened_at > 0 else _FIRST


def local(moment: datetime, zone: tzinfo) -> datetime:
    """A moment in a zone; the last there is, left by tampering, stays where it is."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def minute(moment: datetime, zone: tzinfo) -> str:
    """A moment to the minute: `2026-06-01 08:00 America/New_York`."""
    return f"{local(moment, zone):%Y-%m-%d %H:%M} {zone}"


def day(moment: datetime, zone: tzinfo) -> str:
    """The day on which a moment is: `2026-06-01 America/New_York`."""
    return f"{local(moment, zone):%Y-%m-%d} {zone}"


def zone_of(connection: Connection) -> tzinfo:
    """The clinic's zone for whoever looks for what is wrong: UTC where none that is known is named."""
    found = ask_first(connection, f"SELECT c.time_zone FROM clinic c WHERE {current('clinic')}")  # noqa: S608
    try:
        return UTC if found is None else ZoneInfo(str(found[0]))
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
