"""What rows hold, in one hash: told by the audit trail as they are written, and counted again to check it.

A digest is SHA-256 over the rows as JSON arrays in the order of their ids, the same on every engine: moments
and days as their numbers, yes and no as 1 and 0. It covers the first `width` columns, so that a column that a
later revision puts after them leaves it as it was; there, rows of before stand empty.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from pydantic_core import to_json
from sqlalchemy import Float, Table

from models.store.rows.kinds import Row
from models.store.rows.marks import FEWEST, checks, marks_of
from models.tables import Recorded
from models.tables.columns import Flag, Quantity

TABLES: Final = (
    "clinic",
    "patient",
    "course",
    "infusion",
    "assessment",
    "item_score",
    "safety_alert",
    "claim",
    "claim_lock",
    "claim_look",
    "merged_patient",
    "erasure",
    "kept_scale",
)
"""What is recorded and never changed."""

_ROWS: Final = 20_000
"""From how many rows on a span is not continued."""


class Shape(NamedTuple):
    """A table's columns in order, its key, and the places of those that drivers hand over differently."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    flags: tuple[int, ...]
    quantities: tuple[int, ...]

    @classmethod
    def of(cls, table: Table) -> "Shape":
        """The shape of a table."""
        columns = tuple(table.columns)
        return cls(
            tuple(column.name for column in columns),
            tuple(column.name for column in table.primary_key.columns),
            tuple(place for place, column in enumerate(columns) if isinstance(column.type, Flag)),
            tuple(place for place, column in enumerate(columns) if isinstance(column.type, Quantity | Float)),
        )


SHAPES: Final = {name: Shape.of(Recorded.metadata.tables[name]) for name in TABLES}


class Span(NamedTuple):
    """Rows of a table from one id to another, how many, how many columns, and their digest.

    With `marks` (`models.store.rows.marks`) it can also be said which of many were changed.
    """

    table: str
    first: int
    last: int
    rows: int
    width: int
    sha256: str
    marks: str = ""

    def told(self) -> tuple[object, ...]:
        """As an event tells it."""
        return tuple(self) if self.marks else tuple(self)[:-1]


class Written:
    """What one transaction has written so far, as spans of rows that follow one another."""

    def __init__(self) -> None:
        self.key: bytes | None = None
        """The key of the trail, with which marks are made: without it there are none."""
        self._spans: list[Span] = []
        self._open: dict[str, _Growing] = {}

    def __bool__(self) -> bool:
        return bool(self._spans or self._open)

    def note(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Rows just inserted, whole, in the order of their ids."""
        shape = SHAPES.get(table)
        if shape is None or not rows:
            return
        if tuple(columns) != shape.columns:
            raise ValueError(f"{table} is written with its columns in order {shape.columns}; got {columns}")
        growing = self._open.get(table)
        if growing is not None and growing.count < _ROWS and rows[0][0] > growing.last:
            growing.add(shape, rows)
            return
        if growing is not None:
            self._spans.append(growing.span(table))
        self._open[table] = _Growing(shape, rows, self.key)

    def drain(self) -> list[Span]:
        """The spans noted since the last time, which are then told."""
        spans = [*self._spans, *(growing.span(table) for table, growing in self._open.items())]
        self._spans, self._open = [], {}
        return sorted(spans, key=lambda span: (TABLES.index(span.table), span.first))


class _Growing:
    """A span that may still be continued."""

    def __init__(self, shape: Shape, rows: Sequence[Row], key: bytes | None) -> None:
        self.first, self.count, self._width, self._key = rows[0][0], 0, len(shape.columns), key
        self._hash, self._parts = hashlib.sha256(), list[bytes]()
        self.add(shape, rows)

    def add(self, shape: Shape, rows: Sequence[Row]) -> None:
        stored = settled(shape, rows)
        written = _written_out(stored)
        self._hash.update(written)
        if self._key is not None:
            self._parts += _parted(written, stored)
        self.last = rows[-1][0]
        self.count += len(rows)

    def span(self, table: str) -> Span:
        marks = marks_of(checks(self._parts, self._key)) if len(self._parts) >= FEWEST else ""
        return Span(table, self.first, self.last, self.count, self._width, self._hash.hexdigest(), marks)


def span_of(table: str, rows: Sequence[Row], width: int, key: bytes) -> Span:
    """The span of settled rows that stand, over their first `width` columns."""
    marks = marks_of(checks_of(rows, width, key))
    return Span(table, rows[0][0], rows[-1][0], len(rows), width, digest(rows, width), marks)


def checks_of(rows: Sequence[Row], width: int, key: bytes | None) -> list[int]:
    """A number for each of settled rows, over their first `width` columns: what marks are made of."""
    some = _first(rows, width)
    return checks(_parted(_written_out(some), some), key)


def digest(rows: Sequence[Row], width: int) -> str:
    """The digest of settled rows, over their first `width` columns."""
    return hashlib.sha256(_written_out(_first(rows, width))).hexdigest()


def _first(rows: Sequence[Row], width: int) -> Sequence[Row]:
    return rows if not rows or len(rows[0]) == width else [row[:width] for row in rows]


def settled(shape: Shape, rows: Sequence[Row]) -> Sequence[Row]:
    """Rows with yes and no as 1 and 0 and quantities as floats; already so, they are left alone."""
    ints, floats = shape.flags, shape.quantities
    if not rows or not (_any_of(bool, rows[0], ints) or floats):
        return rows
    return [_settled(row, ints, floats) for row in rows]


def _settled(row: Row, ints: tuple[int, ...], floats: tuple[int, ...]) -> Row:
    values: list[Any] = list(row)
    for place in ints:
        values[place] = int(values[place])
    for place in floats:
        if values[place] is not None:
            values[place] = float(values[place])
    return tuple(values)


def _any_of(kind: type, row: Row, places: tuple[int, ...]) -> bool:
    return any(isinstance(row[place], kind) for place in places)


def _written_out(rows: Sequence[Row]) -> bytes:
    """Rows one after another, however they are parcelled up."""
    return to_json(rows)[1:-1] + b"," if rows else b""


def _parted(written: bytes, rows: Sequence[Row]) -> Sequence[bytes]:
    """Each row as it was written out; apart, if a text in one of them looks like the end of a row."""
    parts = written[1:-2].split(b"],[")
    return parts if len(parts) == len(rows) else [to_json(row)[1:-1] for row in rows]
