"""Moments as people read them: in the clinic's time, with the name of its zone."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from models.store.engine.asking import ask_first
from models.store.engine.lookup import current


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
