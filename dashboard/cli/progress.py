"""How far an import has come, on standard error, where somebody looks and there is time to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from models.exchange.imports.intake import Pace
from models.exchange.imports.plan import Plan

SLOW: Final = 500_000
"""Bytes from which an import takes long enough to be watched."""


@contextmanager
def progress_of(planned: Plan) -> Iterator[Callable[[Pace], object]]:
    """A bar for reading and one for storing; what is handed back moves them."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=planned.size < SLOW or not console.is_terminal) as bars:
        reading = bars.add_task("reading", total=planned.size)
        storing = bars.add_task("storing", total=None)

        def show(pace: Pace) -> None:
            bars.update(reading, completed=pace.bytes_read)
            bars.update(
                storing,
                completed=pace.rows_stored,
                total=pace.rows_read,
                description=f"storing {pace.rows_stored:,}",
            )

        yield show
