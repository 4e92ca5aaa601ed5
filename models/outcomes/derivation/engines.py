"""One derivation for every engine: pandas, Polars (eager or lazy) and DuckDB relations."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

import narwhals as nw

Frame = nw.LazyFrame[Any]
"""Frames are typed as lazy ones: of pandas, which is not, only methods are used that it shares with them."""


def opened(frame: Any) -> Frame:
    """Any native frame as Narwhals sees it, lazy where its engine can put off the work."""
    given = nw.from_native(frame)
    if isinstance(given, nw.DataFrame) and not given.implementation.is_pandas_like():
        return given.lazy()
    return cast("Frame", given)


def as_given(frame: Frame, *, like: Any) -> Any:
    """The native frame again, computed if the one it was made from was."""
    eager = isinstance(nw.from_native(like), nw.DataFrame)
    return (frame.lazy().collect() if eager else frame).to_native()


def eagerly(frame: Any) -> Frame:
    """Any native frame as Narwhals sees it, as it is: rows of an eager one can be put in order once."""
    return cast("Frame", nw.from_native(frame))


class InOrder(NamedTuple):
    """Rows in the order of a column, and a way to look at neighbouring rows in that order.

    Eager rows are sorted once, and neighbours are then simply neighbours. Lazy rows have no order: there
    every look at a neighbour says which order it means, and the engine sorts.
    """

    rows: Frame
    look: Callable[[nw.Expr], nw.Expr]

    def last_known(self, expression: nw.Expr) -> nw.Expr:
        """The latest value that is not null, up to each row."""
        return self.look(expression.fill_null(strategy="forward"))

    def next_known(self, expression: nw.Expr) -> nw.Expr:
        """The earliest value that is not null, from each row on."""
        return self.look(expression.fill_null(strategy="backward"))

    def since(self, new: str, rising: str) -> nw.Expr:
        """What a column that never falls was at the latest row that is `new`."""
        return self.look(nw.when(nw.col(new)).then(nw.col(rising)).otherwise(0).cum_max())

    def with_columns(self, *expressions: nw.Expr, **named: nw.Expr) -> "InOrder":
        """The same rows with more columns."""
        return self._replace(rows=self.rows.with_columns(*expressions, **named))

    def filter(self, condition: nw.Expr) -> "InOrder":
        """Some of the rows, still in order."""
        return self._replace(rows=_renumbered(self.rows.filter(condition)))


def in_order(frame: Frame, column: str) -> InOrder:
    """The rows of a frame in the order of a column of different whole numbers."""
    if isinstance(frame, nw.DataFrame):
        return InOrder(_renumbered(frame.sort(column)), lambda expression: expression)
    return InOrder(frame, lambda expression: expression.over(order_by=column))


def _renumbered(frame: Frame) -> Frame:
    # pandas labels rows and would match values by label
    return nw.maybe_reset_index(frame) if isinstance(frame, nw.DataFrame) else frame


def computed(frame: Any, columns: Sequence[str] | None = None) -> Frame:
    """A frame, or some of its columns, in memory: what is asked of it often is then computed once."""
    given = nw.from_native(frame)
    if columns is not None:
        given = given.select(columns)
    if isinstance(given, nw.LazyFrame):
        given = given.collect(backend="polars")
    return opened(given.to_native())


def in_polars(frame: Frame, columns: Sequence[str]) -> Frame:
    """Some columns of a frame of any engine, computed and handed to Polars."""
    return opened(frame.lazy().select(*columns).collect(backend="polars").to_native())


def rows_of(frame: Frame) -> list[dict[str, Any]]:
    """A small frame as plain rows."""
    return frame.lazy().collect(backend="polars").rows(named=True)
