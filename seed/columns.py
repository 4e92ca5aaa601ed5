"""Drawn numbers as columns of the record: words, dates, and moments by the clinic's own clock."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from seed.arrays import Flags, Ints

EPOCH: Final = date(1970, 1, 1)
MINUTES_A_DAY: Final = 24 * 60
MICROSECONDS_A_MINUTE: Final = 60_000_000


def words(listed: Iterable[str], places: Ints) -> pl.Series:
    """Places in a list of words as the words."""
    return pl.Series(np.array(list(listed), dtype=object)[places], dtype=pl.String)


def known(values: pl.Series, where: Flags) -> pl.Series:
    """The values where they are known, nothing elsewhere."""
    return values.scatter(np.flatnonzero(~where), None)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def dates(days: Ints) -> pl.Series:
    """Day numbers as dates."""
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def moments(days: Ints, minutes: Ints, zone: ZoneInfo) -> pl.Series:
    """Day numbers and minutes of the local day as UTC moments.

    The offset is that of the day's noon: nobody is treated in the hours in which clocks change.
    """
    met, place = np.unique(days, return_inverse=True)
    ahead = np.array([_minutes_ahead_of_utc(int(day), zone) for day in met], dtype=np.int64)
    utc = days * MINUTES_A_DAY + minutes - ahead[place]
    return pl.Series(utc * MICROSECONDS_A_MINUTE).cast(pl.Datetime("us", "UTC"))


def _minutes_ahead_of_utc(day: int, zone: ZoneInfo) -> int:
    noon = datetime.combine(EPOCH + timedelta(days=day), time(12), zone)
    return (noon.utcoffset() or timedelta()) // timedelta(minutes=1)
