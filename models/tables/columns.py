"""How a day and a moment are kept: as whole numbers, the same on every engine.

A day is the number of days since 1970-01-01, a moment the number of UTC microseconds since then. Both sort as
they happened, compare exactly, and a million of them are read without parsing a single text.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import REAL, BigInteger, Boolean, CheckConstraint, Float, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY: Final = EPOCH.date()
MICROSECOND: Final = timedelta(microseconds=1)


def moment_number(moment: datetime) -> int:
    """A moment as UTC microseconds since 1970; `ValueError` for one without a zone, nobody's moment."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone")
    return (moment - EPOCH) // MICROSECOND


def day_number(day: date) -> int:
    """A day as days since 1970-01-01."""
    return day.toordinal() - EPOCH_DAY.toordinal()


def moment_of(number: int) -> datetime:
    """The moment a number of microseconds stands for, in UTC."""
    return EPOCH + number * MICROSECOND


def day_of(number: int) -> date:
    """The day a number of days stands for."""
    return date.fromordinal(number + EPOCH_DAY.toordinal())


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC microseconds since 1970."""

    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Into the database."""
        return None if value is None else moment_number(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Out of it, in UTC."""
        return None if value is None else moment_of(value)


class Day(TypeDecorator[date]):
    """A date, kept as days since 1970-01-01."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Into the database."""
        return None if value is None else day_number(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """Out of it."""
        return None if value is None else day_of(value)


class Flag(TypeDecorator[bool]):
    """Yes or no; a strict SQLite table knows it as 1 or 0."""

    impl = Boolean().with_variant(Integer(), "sqlite")
    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bool | None:  # noqa: ARG002
        """Out of the database."""
        return None if value is None else bool(value)


class Quantity(TypeDecorator[float]):
    """A measured quantity (mg, kg) in double precision."""

    impl = Float(53).with_variant(REAL(), "sqlite")
    cache_ok = True


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """CHECK that a column holds one of these words (or nothing, where it may be empty).

    Not with IN: for a list of more than two SQLite builds an index anew for every row it checks.
    """
    return CheckConstraint(" OR ".join(f"{column} = '{word}'" for word in words), name=column)


def between(column: str, low: float, high: float) -> CheckConstraint:
    """CHECK that a column's number lies between two bounds, both allowed."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=column)


def either(moment: str, day: str) -> CheckConstraint:
    """CHECK that a time is known (a moment) or is not (a day): exactly one of the two stands."""
    return CheckConstraint(f"({moment} IS NULL) <> ({day} IS NULL)", name="moment_or_day")


def not_blank(column: str) -> CheckConstraint:
    """CHECK that a text says something."""
    return CheckConstraint(f"{column} <> ''", name=f"{column}_said")
