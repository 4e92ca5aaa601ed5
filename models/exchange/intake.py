"""An import from its files to the record: all that may be stored is, in one transaction, or nothing is."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Engine

from models.exchange.desk import Desk
from models.exchange.plan import Plan
from models.exchange.reading import Batch, Place, read_batches
from models.exchange.receipt import Receipt
from models.exchange.rejects import Rejects
from models.store.filling import filling
from models.store.space import refuse_many

BATCHES_READ_FIRST: Final = 10
"""A hundred thousand lines are read before the record is locked, so that nobody's save waits for a slow file.
A larger import is read on while it is stored: it must not need more memory for being larger."""

FILLED_IN: Final = "filled in by an import"


class Recorder(NamedTuple):
    """Who imports, and the moment it is recorded at."""

    by: str
    at: datetime


class Pace(NamedTuple):
    """How far an import has come."""

    bytes_read: int = 0
    rows_read: int = 0
    rows_stored: int = 0


def import_plan(
    engine: Engine,
    planned: Plan,
    place: Place,
    recorder: Recorder,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Callable[[Pace], object] = lambda _: None,
) -> Receipt:
    """Read every file of a plan and store what is new; with `dry_run` the record stays as it is.

    Raises `RejectsError` when the rejects would replace something else, `UnreadableFileError` when a file
    turns out broken on the way, `NoRoomError` when the disk is nearly full, another `StoreError` when the
    record cannot be written; in each case nothing is stored.
    """
    if not dry_run:
        refuse_many(engine)
    sheets = [reading.sheet for reading in planned.readings]
    kept = Rejects(rejects, [sheet.name for sheet in sheets], [sheet.path for sheet in sheets if dry_run])
    receipt = Receipt(planned, dry_run)
    pace = Pace()

    def watched(batches: Iterator[Batch]) -> Iterator[Batch]:
        nonlocal pace
        for batch in batches:
            pace = pace._replace(bytes_read=batch.bytes_read, rows_read=pace.rows_read + len(batch.entries))
            progress(pace)
            yield batch

    with _collecting_seldom(), kept:
        batches = watched(read_batches(planned, place))
        ready = chain(list(islice(batches, BATCHES_READ_FIRST)), batches)
        with filling(
            engine, place.setting, by=recorder.by, at=recorder.at, why=FILLED_IN, dry_run=dry_run
        ) as load:
            desk = Desk(load, receipt, kept)
            for batch in ready:
                desk.take(batch)
                pace = pace._replace(rows_stored=pace.rows_stored + len(batch.entries))
                progress(pace)
        receipt.rejects = kept.finish()
    return receipt


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Rows in hand are no garbage; looking through them again and again took as long as reading them."""
    thresholds = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
