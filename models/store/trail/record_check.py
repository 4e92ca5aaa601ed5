"""Whether the record holds what the audit trail says was written: every row counted into its digest again."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.store.audit.events import told_in
from models.store.audit.key import key_of
from models.store.rows.digests import SHAPES, TABLES, Shape, Span, checks_of, digest, settled, span_of
from models.store.rows.kinds import Row
from models.store.rows.marks import Located, is_keyed, located

_AT_ONCE: Final = 20_000
"""Rows looked at in one go."""

LOWEST: Final = 1 - 2**63
"""Below every id there can be: what somebody else put before the first is looked at as well."""


class Told(NamedTuple):
    """A span and the event that tells of it."""

    span: Span
    event: int


class Differing(NamedTuple):
    """Rows that are not as they were written; without `told` no event tells of them.

    `first` and `last` are ids (of the assessment, for its answers and its alert), `rows` how many stand.
    `missing` are the runs of ids, from one to another, of rows that do not, where the ids tell. `changed` are
    the ids of rows that were changed, where marks tell; unless `exactly`, some of these were, or others
    between them; unless it is `proven`, these are only the likely ones.
    """

    table: str
    first: int
    last: int
    rows: int
    told: Told | None
    missing: Sequence[tuple[int, int]] = ()
    changed: Sequence[int] = ()
    exactly: bool = True
    proven: bool = True


def told_by(event: int, detail: str) -> Iterator[Told]:
    """The digests an event holds; of one that was tampered with, those that still make sense.

    Those of an erasure (`left`) stand for what an earlier event told, of which rows are gone.
    """
    if '"rows":' not in detail and '"left":' not in detail:
        return
    told = told_in(detail)
    try:
        rows = [(event, *each) for each in told.get("rows") or ()]
        spans = [(origin, Span(*span)) for origin, *span in (*rows, *(told.get("left") or ()))]
    except (ValueError, TypeError):
        return
    for origin, span in spans:
        numbers = origin, span.first, span.last, span.rows, span.width
        texts = isinstance(span.table, str) and isinstance(span.marks, str)
        if texts and span.table in SHAPES and all(type(one) is int for one in numbers):
            yield Told(span, origin)


def rows_in(connection: Connection, span: Span) -> Sequence[Row]:
    """The rows that stand in a span now."""
    return _between(connection, span.table, span.first - 1, span.last)


def holds(span: Span, rows: Sequence[Row]) -> bool:
    """Whether these are the rows that a span tells of; in columns that came after it they say nothing."""
    told = (len(rows), digest(rows, span.width)) == (span.rows, span.sha256)
    return told and not any(any(row[span.width :]) for row in rows)


def differing(
    connection: Connection, table: str, told: Sequence[Told], unknown_until: int = 0
) -> Iterator[Differing]:
    """What a table holds otherwise than these spans say, or beyond them.

    With what key an event up to `unknown_until` was sealed nobody knows.
    """
    shape, after = SHAPES[table], LOWEST
    for some in _batches(sorted(told, key=lambda one: one.span.first)):
        last = max(one.span.last for one in some)
        rows = _between(connection, table, after, last)
        ids = [row[0] for row in rows]
        place = 0
        for one in some:
            start = bisect_left(ids, one.span.first, place)
            stop = bisect_right(ids, one.span.last, start)
            yield from _untold(table, ids[place:start])
            if not holds(one.span, rows[start:stop]):
                missing = _missing(one.span, ids[start:stop])
                known = one.event > unknown_until
                which = _changed(connection, one.span, rows[start:stop], key_known=known)
                changed = [ids[start + place] for place in which.places]
                span = table, one.span.first, one.span.last, stop - start
                yield Differing(*span, one, missing, changed, which.exactly, which.proven)
            place = max(place, stop)
        yield from _untold(table, ids[place:])
        after = max(after, last)
    key = shape.key[0]
    sql = f"SELECT {key} FROM {table} WHERE {key} > {after} ORDER BY {key}"  # noqa: S608
    yield from _untold(table, [row[0] for row in connection.exec_driver_sql(sql)])


def standing(connection: Connection) -> Iterator[Span]:
    """Spans of everything that stands, for a trail that begins after it."""
    for table in TABLES:
        key = SHAPES[table].key[0]
        after = LOWEST
        while True:
            sql = f"SELECT {key} FROM {table} WHERE {key} > {after} ORDER BY {key} LIMIT {_AT_ONCE}"  # noqa: S608
            ids = connection.exec_driver_sql(sql).scalars().all()
            if not ids:
                break
            rows = _between(connection, table, after, ids[-1])
            yield span_of(table, rows, len(SHAPES[table].columns), key_of(connection))
            after = ids[-1]


def _between(connection: Connection, table: str, after: int, last: int) -> Sequence[Row]:
    shape = SHAPES[table]
    key = shape.key[0]
    listed, order = ", ".join(_columns(shape)), ", ".join(shape.key)
    sql = f"SELECT {listed} FROM {table} WHERE {key} > {after} AND {key} <= {last} ORDER BY {order}"  # noqa: S608
    return settled(shape, [tuple(row) for row in connection.exec_driver_sql(sql)])


def _columns(shape: Shape) -> Iterator[str]:
    """What to select: a flag as a number, whatever the engine."""
    for place, column in enumerate(shape.columns):
        yield f"CAST({column} AS INTEGER)" if place in shape.flags else column


def _batches(told: Sequence[Told]) -> Iterator[Sequence[Told]]:
    """Spans whose rows are read together."""
    some: list[Told] = []
    rows = 0
    for one in told:
        some.append(one)
        rows += one.span.rows
        if rows >= _AT_ONCE:
            yield some
            some, rows = [], 0
    if some:
        yield some


def _missing(span: Span, ids: Sequence[int]) -> list[tuple[int, int]]:
    """The gaps in the ids of a span that had none."""
    if SHAPES[span.table].key != ("id",) or span.rows != span.last - span.first + 1:
        return []
    around = (span.first - 1, *ids, span.last + 1)
    return [(before + 1, after - 1) for before, after in pairwise(around) if after > before + 1]


def _changed(connection: Connection, span: Span, rows: Sequence[Row], *, key_known: bool) -> Located:
    """The places of the rows that were changed, where as many stand as were written and marks tell."""
    nowhere = Located([], exactly=True)
    if not span.marks or len(rows) != span.rows or (is_keyed(span.marks) and not key_known):
        return nowhere
    key = key_of(connection) if is_keyed(span.marks) else None
    return located(span.marks, checks_of(rows, span.width, key)) or nowhere


def _untold(table: str, ids: Sequence[int]) -> Iterator[Differing]:
    """Rows of which no event tells, those with neighbouring ids together."""
    start = 0
    for place in range(1, len(ids) + 1):
        if place == len(ids) or ids[place] > ids[place - 1] + 1:
            yield Differing(table, ids[start], ids[place - 1], place - start, None)
            start = place
