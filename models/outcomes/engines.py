"""One derivation for every engine: pandas, Polars (eager or lazy) and DuckDB relations."""

from typing import Any, cast

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


def renumbered(frame: Frame) -> Frame:
    """Rows counted from 0 again where an engine labels them: after a filter pandas misplaces values else."""
    return nw.maybe_reset_index(frame) if isinstance(frame, nw.DataFrame) else frame


def computed(frame: Any) -> Frame:
    """A derived frame held in memory once, so that what is asked of it often is not derived each time."""
    given = nw.from_native(frame)
    if isinstance(given, nw.LazyFrame):
        given = given.collect(backend="polars")
    return opened(given.to_native())


def position(*, within: str, by: list[str], counting: str) -> nw.Expr:
    """1, 2, 3 … inside each group. `counting` is a column without nulls that is neither group nor order.

    (On pandas Narwhals counts in place: counting the column that orders the rows would lose their order.)
    """
    return nw.col(counting).cum_count().over(within, order_by=by).cast(nw.Int64)


def rows_of(frame: Frame) -> list[dict[str, Any]]:
    """A small frame as plain rows."""
    return frame.lazy().collect(backend="polars").rows(named=True)
