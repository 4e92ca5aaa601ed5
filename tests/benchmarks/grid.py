"""How long does every way to count take over a million scores? Run: `python -m tests.benchmarks.grid`.

All specifications of the grid (outcomes × windows × strategies × gates) from frames in memory, by the
product's own derivation on Polars and by hand-written DuckDB SQL (`grid.sql`) on DuckDB's own in-memory
tables of the same rows: same run, alternating, every count asserted equal. Target: at most 1.0 ×.
"""

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import polars as pl

from models.outcomes.answers.specifications import counts
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand
from models.scales import all_scales
from tests.benchmarks.network import AS_OF_DAY, Network, network

COURSES, ASSESSMENTS = 100_000, 1_000_000
REPETITIONS = 9
TARGET = 1.0

SQL = (Path(__file__).parent / "grid.sql").read_text()
PHQ9 = all_scales()["phq9"]
AS_OF = date(1970, 1, 1) + timedelta(days=AS_OF_DAY)

Counts = dict[tuple[str, str, int], tuple[int, ...]]


def by_product(rows: Network) -> Counts:
    outcomes = derive_outcomes(rows, PHQ9, AS_OF)
    found = counts(outcomes, Estimand.of(PHQ9), PHQ9)
    return {
        (str(asked.outcome), str(asked.window), asked.baseline_at_least or 0): (
            *counted.tallies[asked.outcome],
        )[:6]
        for asked, counted in found
    }


def by_sql(connection: duckdb.DuckDBPyConnection) -> Counts:
    rows = connection.execute(SQL, {"as_of": AS_OF_DAY, "scale": "phq9"}).fetchall()
    return {(outcome, window, gate): tuple(map(int, sums)) for outcome, window, gate, *sums in rows}


def loaded(rows: Network) -> duckdb.DuckDBPyConnection:
    """DuckDB with the rows in tables of its own, before the clock starts."""
    connection = duckdb.connect()
    for name, frame in rows._asdict().items():
        connection.register("given", frame.to_arrow())
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608
        connection.unregister("given")
    return connection


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def told(name: str, times: list[float]) -> str:
    low, middle, high = (1000 * t for t in (min(times), median(times), max(times)))
    return f"{name:<8} median {middle:6.0f} ms   min {low:6.0f}   max {high:6.0f}"


def main() -> int:
    rows = network(COURSES, ASSESSMENTS)
    connection = loaded(rows)
    sizes = ", ".join(f"{frame.height:,} {name}" for name, frame in rows._asdict().items())
    print(f"{sizes}; {pl.thread_pool_size()} threads")
    ours, theirs = by_product(rows), by_sql(connection)
    assert ours == theirs, "the counts differ"
    print(f"{len(ours) * 6} specifications, every count equal")
    times: dict[str, list[float]] = {"product": [], "sql": []}
    for _ in range(REPETITIONS):
        times["product"].append(seconds(lambda: by_product(rows)))
        times["sql"].append(seconds(lambda: by_sql(connection)))
    for name, each in times.items():
        print(told(name, each))
    ratio = median(times["product"]) / median(times["sql"])
    print(f"ratio of medians {ratio:.2f} (target at most {TARGET})")
    return int(ratio > TARGET)


if __name__ == "__main__":
    sys.exit(main())
