"""What an extract costs: `python -m tests.benchmarks.extract [PATIENTS]`.

The record of an invented clinic (of 100,000 patients by default: about a million assessments) as each
product, to frames and to files; and how long a table of 4 by 3 counts takes to be made safe.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from statistics import median
from time import perf_counter

import numpy as np

from models.exchange.deidentified.products import extract
from models.exchange.deidentified.request import Request
from models.exchange.deidentified.rules import Product
from models.exchange.deidentified.writing import write_extract
from models.exchange.leaving.part2 import permitted
from models.exchange.leaving.suppression import suppress
from models.store.engine.database import open_engine
from models.store.moves.migrate import start
from models.store.record import read
from seed.clinic import invent, write

NOW = datetime.now(UTC)
TABLES = 200


def products(patients: int, folder: Path) -> None:
    engine = open_engine(f"sqlite:///{folder}/clinic.db")
    start(engine, at=NOW)
    write(engine, invent(patients, 70, NOW.date()), NOW)
    frames = read.record(engine)
    print(f"{patients:,} patients, {len(frames.assessments):,} assessments")
    for product in Product:
        request = Request(product, "1" if product is Product.LIMITED else None)
        began = perf_counter()
        made = extract(permitted(frames, NOW.date()), request, SystemRandom())
        extracted = perf_counter()
        write_extract(folder / product, made, frames, None, year=NOW.year)
        print(f"{product:12} frames {extracted - began:5.2f} s   files {perf_counter() - extracted:5.2f} s")


def tables() -> None:
    dice = np.random.default_rng(7)
    times = []
    for counts in dice.poisson(dice.gamma(1.2, 25, size=(TABLES, 4, 3))).tolist():
        began = perf_counter()
        suppress(counts)
        times.append(1000 * (perf_counter() - began))
    print(f"a table of 4 by 3, of {TABLES}: median {median(times):.0f} ms, slowest {max(times):.0f} ms")


if __name__ == "__main__":
    tables()
    with tempfile.TemporaryDirectory() as temporary:
        products(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, Path(temporary))
