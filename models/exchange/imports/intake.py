"""An import from its files to the record: all that may be stored is, in one transaction, or nothing is."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from hashlib import file_digest
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine

from models.exchange.imports.desk import Desk
from models.exchange.imports.plan import Plan
from models.exchange.imports.reading import Batch, Place, read_batches
from models.exchange.imports.receipt import Before, Receipt, Result, counts_told
from models.exchange.imports.rejects import Rejects
from models.store.audit.events import Event, note
from models.store.engine.errors import StoreError
from models.store.health.space import refuse_many
from models.store.record.filling import Filling, filling
from models.store.trail.imports import confirmed_as, last_of_file

BATCHES_READ_FIRST: Final = 10
"""A hundred thousand lines are read before the record is locked, so that nobody's save waits for a slow file.
A larger import is read on while it is stored: it must not need more memory for being larger."""

FILLED_IN: Final = "filled in by an import"
COMPARED: Final = "files compared with the record"
"""What the trail calls a dry run of somebody who may not read patients: how many rows agree tells a guess."""

TAMPERED: Final = (
    "This was stored already, and the event that tells of it was changed behind the program's back: `seventy "
    "verify` names it. Nothing was saved; choose the files anew to see what of them is in the record."
)


class Agreed(NamedTuple):
    """What somebody saw of an import and confirmed, under a key that is good for one."""

    key: str
    result: Result


class Recorder(NamedTuple):
    """Who imports, and the moment it is recorded at.

    Unless they are one who `reads_patients`, they are not told what is recorded of one. What was `agreed` is
    stored as it was seen or not at all.
    """

    by: str
    at: datetime
    reads_patients: bool
    agreed: Agreed | None = None


class ChangedError(Exception):
    """The record, or the files, are no longer what they were when somebody agreed; nothing was stored."""


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

    Confirmed twice, it is stored once, and the second answers what the first did. A dry run of somebody who
    may not read patients is told to the trail.

    Raises `ChangedError` when something else would come of it than was agreed to, `RejectsError` when the
    rejects would replace something else, `UnreadableFileError` when a file turns out broken on the way,
    `NoRoomError` when the disk is nearly full, another `StoreError` when the record cannot be written; in
    each case nothing is stored.
    """
    if not dry_run:
        refuse_many(engine)
    sheets = [reading.sheet for reading in planned.readings]
    kept = Rejects(rejects, [sheet.name for sheet in sheets], [sheet.path for sheet in sheets if dry_run])
    receipt = Receipt(planned, dry_run)
    files = {path: _sha256(path) for path in dict.fromkeys(sheet.path for sheet in sheets)}
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
        with (
            suppress(_StoredBefore),
            filling(
                engine, place.setting, by=recorder.by, at=recorder.at, why=FILLED_IN, dry_run=dry_run
            ) as load,
        ):
            _refuse_twice(load, recorder, receipt)
            earlier = {path: last_of_file(load.connection, sha256) for path, sha256 in files.items()}
            desk = Desk(load, receipt, kept, tells_recorded=recorder.reads_patients)
            for batch in ready:
                desk.take(batch)
                pace = pace._replace(rows_stored=pace.rows_stored + len(batch.entries))
                progress(pace)
            receipt.before = [
                Before(path.name, found.at.astimezone(place.clinic_zone), found.by, receipt.new[path])
                for path, found in earlier.items()
                if found is not None
            ]
            receipt.alerts = load.raised()
            if recorder.agreed is not None and recorder.agreed.result != receipt.result:
                raise ChangedError
            load.detail.update(_told(files, receipt, recorder))
        receipt.rejects = kept.finish()
    if dry_run and not recorder.reads_patients:
        note(engine, Event("read", COMPARED, detail=_compared(receipt)), by=recorder.by, at=recorder.at)
    return receipt


class _StoredBefore(Exception):  # noqa: N818 - nothing is wrong
    """What was confirmed is stored already."""


def _refuse_twice(load: Filling, recorder: Recorder, receipt: Receipt) -> None:
    """Answer what the first of two confirmations did, and undo the second."""
    done = recorder.agreed and confirmed_as(load.connection, recorder.agreed.key)
    if done:
        try:
            receipt.counts = counts_told(done.detail["tables"])
            receipt.alerts = int(done.detail["alerts"])
            receipt.early_rows = int(done.detail.get("early_infusions", 0))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            raise StoreError(TAMPERED) from None
        raise _StoredBefore


def _told(files: Mapping[Path, str], receipt: Receipt, recorder: Recorder) -> Mapping[str, Any]:
    """What the event of an import tells: its files by what they hold, and what became of their rows."""
    return {
        "files": [{"name": path.name, "sha256": sha256} for path, sha256 in files.items()],
        "alerts": receipt.alerts,
        "unheard_suicide_answers": receipt.unheard.count,
        "early_infusions": receipt.early_rows,
        **_compared(receipt),
        **({"confirmation": recorder.agreed.key} if recorder.agreed else {}),
    }


def _compared(receipt: Receipt) -> Mapping[str, Any]:
    return {"tables": {table: asdict(count) for table, count in receipt.counts.items()}}


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Rows in hand are no garbage; looking through them again and again took as long as reading them."""
    thresholds = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
