"""How fast a million validated assessments come from a CSV file into SQLite.

`python -m tests.benchmarks.import_ [--rows 1000000]`

The whole way is timed as the command goes it: the file opened and read, every row checked by the record's
rules, patients made, and all of it committed to the disk. Beside it, in the same run, the same rows go
by bare `executemany` into the same tables with their indexes, checks and triggers, and into tables without.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlcipher3 import dbapi2 as sqlite

from models.exchange.imports.intake import Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.scales import all_scales
from models.store.engine.database import open_engine
from models.store.engine.sqlite import SETTINGS
from models.store.moves.migrate import start
from models.tables.facts import Setting

NOW = datetime(2026, 7, 1, tzinfo=UTC)
PER_PATIENT = 10


def write_totals(path: Path, rows: int) -> None:
    """PHQ-9 totals, ten a patient, each at a minute of its own."""
    dice = random.Random(70)  # noqa: S311 - the same file every time
    first = datetime(2020, 1, 1, 8)  # noqa: DTZ001 - as files write it
    with path.open("w", encoding="utf-8") as text:
        text.write("mrn,scale,assessed_at,total\n")
        for number in range(rows):
            patient, visit = divmod(number, PER_PATIENT)
            at = first + timedelta(days=patient % 1500 + 7 * visit, minutes=patient % 500)
            text.write(f"P{patient:07d},phq9,{at.isoformat(timespec='minutes')},{dice.randrange(28)}\n")


def write_items(path: Path, rows: int) -> None:
    """The same visits item by item."""
    dice = random.Random(70)  # noqa: S311 - the same file every time
    first = datetime(2020, 1, 1, 8)  # noqa: DTZ001 - as files write it
    with path.open("w", encoding="utf-8") as text:
        text.write("mrn,scale,assessed_at," + ",".join(f"item_{item}" for item in range(1, 10)) + "\n")
        for number in range(rows):
            patient, visit = divmod(number, PER_PATIENT)
            at = first + timedelta(days=patient % 1500 + 7 * visit, minutes=patient % 500)
            answers = ",".join(str(dice.randrange(4)) for _ in range(9))
            text.write(f"P{patient:07d},phq9,{at.isoformat(timespec='minutes')},{answers}\n")


class Took(NamedTuple):
    """Seconds on the clock, and of them those of the processor: on a busy machine they lie far apart."""

    clock: float
    processor: float

    @classmethod
    def of(cls, work: Callable[[], object]) -> "Took":
        """How long something takes."""
        began = time.perf_counter(), time.process_time()
        work()
        return cls(time.perf_counter() - began[0], time.process_time() - began[1])


def imported(path: Path, db: Path) -> Took:
    """From the closed file to the committed record."""
    engine = open_engine(f"sqlite:///{db}", audit_key=b"benchmark")
    start(engine, at=NOW)
    zone = ZoneInfo("UTC")
    place = Place(Setting(date(2026, 7, 1), zone, all_scales()), zone)

    def import_all() -> None:
        assert import_plan(
            engine, plan([path]), place, Recorder("benchmark", NOW, reads_patients=True)
        ).is_clean

    took = Took.of(import_all)
    engine.dispose()
    return took


def inserted(stored: Path, copy: Path, *, bare: bool) -> Took:
    """`executemany` of the same rows, in one transaction, committed to the disk."""
    source = sqlite.connect(stored)
    target = sqlite.connect(copy, isolation_level=None)
    for name, value in SETTINGS.items():
        target.execute(f"PRAGMA {name}={value}").fetchall()
    tables = ("clinic", "patient", "assessment", "item_score", "safety_alert")
    columns = {table: [row[1] for row in source.execute(f"PRAGMA table_info({table})")] for table in tables}
    if bare:
        for table, names in columns.items():
            target.execute(f"CREATE TABLE {table} ({', '.join(names)})")
    else:
        shapes = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'alembic_version'"
        for (shape,) in source.execute(shapes):
            target.execute(shape)
    rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608

    def insert_all() -> None:
        target.execute("BEGIN IMMEDIATE")
        for table, names in columns.items():
            marks = ", ".join("?" for _ in names)
            target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])  # noqa: S608
        target.execute("COMMIT")

    return Took.of(insert_all)


def main() -> None:
    """Time both kinds of file and say the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--kind", choices=("totals", "items"), action="append")
    chosen = options.parse_args()
    for kind in chosen.kind or ("totals", "items"):
        with tempfile.TemporaryDirectory() as folder:
            path, db = Path(folder) / f"{kind}.csv", Path(folder) / "clinic.db"
            {"totals": write_totals, "items": write_items}[kind](path, chosen.rows)
            size = path.stat().st_size / 1e6
            took = imported(path, db)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            same = inserted(db, Path(folder) / "same.db", bare=False)
            bare = inserted(db, Path(folder) / "bare.db", bare=True)
        per_clock, per_processor = chosen.rows / took.clock, chosen.rows / took.processor
        sys.stdout.write(
            f"{kind}: {chosen.rows:,} rows, {size:,.0f} MB, peak memory {peak:,.0f} MB\n"
            f"  on the clock {took.clock:.1f} s = {per_clock:,.0f} rows/s; "
            f"{took.clock / same.clock:.2f} x executemany ({same.clock:.1f} s)\n"
            f"  of processor {took.processor:.1f} s = {per_processor:,.0f} rows/s; "
            f"{took.processor / same.processor:.2f} x executemany ({same.processor:.1f} s), "
            f"{took.processor / bare.processor:.2f} x into bare tables ({bare.processor:.1f} s)\n"
        )


if __name__ == "__main__":
    main()
