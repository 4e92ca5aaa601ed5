"""Thirty-two people who save at once: `python -m tests.benchmarks.writers [SECONDS]`.

For a minute 32 threads save PHQ-9s of nine items as fast as they can, on SQLite and on a PostgreSQL server
of its own that syncs every commit. Every acknowledged save must stand, whole, and none may be refused. In
turn with them, every few seconds, 32 threads commit a row of two numbers each through the bare driver, in
the same order of turns: the target is a p99 of at most 3 times theirs. Exit 1 on a lost write or an error.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import count
from math import ceil
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, make_url

from models.store import sqlite, write
from models.store.errors import StoreError
from models.store.locks import FairLock
from tests.support.builders import BY, NOW
from tests.support.databases import Databases, connected
from tests.support.postgres import own_server
from tests.support.saving import Said, lost, nth_facts, standing, started

WRITERS: Final = 32
SECONDS: Final = 60.0
SLICE: Final = 3.0
"""Seconds of saves, then as many of bare commits, and so on: what else the machine does meets both."""
TARGET: Final = 3.0

Action = Callable[[], object]


def timed(actions: Sequence[Action], seconds: float) -> list[float]:
    """How long each call took, in seconds, when everybody calls their own again and again for so long."""
    until = perf_counter() + seconds

    def work(action: Action) -> list[float]:
        took = []
        while (began := perf_counter()) < until:
            action()
            took.append(perf_counter() - began)
        return took

    with ThreadPoolExecutor(len(actions)) as pool:
        return [each for took in pool.map(work, actions) for each in took]


class Savers:
    """People who save into one record, what they were told, and how often it was an error."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.said = Said({}, set(), {})
        self._numbers = count()

    def save(self) -> None:
        number = next(self._numbers)
        try:
            saved = write.record_assessment(self.engine, nth_facts(number), by=BY, at=NOW)
        except StoreError as error:
            self.said.refused[number] = str(error)
        else:
            self.said.saved[number] = saved.id


class Committer:
    """Someone who commits a row of two numbers through the driver when it is their turn."""

    def __init__(self, connection: Any, lock: FairLock, insert: str, numbers: Iterator[int]) -> None:
        self._connection, self._lock, self._insert, self._numbers = connection, lock, insert, numbers

    def commit(self) -> None:
        with self._lock.held(patience=60):
            self._connection.execute("BEGIN")
            self._connection.execute(self._insert, (next(self._numbers), 14))
            self._connection.execute("COMMIT")


def committers(stack: ExitStack, url: str) -> list[Committer]:
    """Their connections to a database of their own, set up as the product's are."""
    lite = url.startswith("sqlite")
    connections = [
        stack.enter_context(
            closing(sqlite.connect(make_url(url)) if lite else psycopg.connect(url, autocommit=True))
        )
        for _ in range(WRITERS)
    ]
    connections[0].execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, total INTEGER NOT NULL)")
    lock, numbers = FairLock(), count()
    insert = f"INSERT INTO bare VALUES ({'?, ?' if lite else '%s, %s'})"  # noqa: S608
    return [Committer(connection, lock, insert, numbers) for connection in connections]


def measured(name: str, url: str, bare_url: str, seconds: float) -> bool:
    """Print what so many seconds of saves came to; whether every one of them stands."""
    started(url)
    saves: list[float] = []
    commits: list[float] = []
    with ExitStack() as stack:
        engine = stack.enter_context(connected(url))
        people, bare = Savers(engine), committers(stack, bare_url)
        for _ in range(ceil(seconds / SLICE)):
            saves += timed([people.save] * WRITERS, SLICE)
            commits += timed([one.commit for one in bare], SLICE)
        stored = standing(engine)
    gone = lost(people.said, stored)
    print(f"{name}: {len(saves):,} saves of {WRITERS} writers, {len(gone)} lost, ", end="")
    print(f"{len(stored.damage)} half written, {len(people.said.refused)} errors")
    for words in [*stored.damage[:5], *list(people.said.refused.values())[:5]]:
        print(f"  {words}")
    told("half", median(saves), median(commits))
    told("99 of 100", quantiles(saves, n=100)[98], quantiles(commits, n=100)[98])
    return not (gone or stored.damage or people.said.refused)


def told(share: str, save: float, commit: float) -> None:
    ratio = save / commit
    print(
        f"  {share} within {1000 * save:.1f} ms beside {1000 * commit:.1f} ms of a bare commit: {ratio:.2f}",
        flush=True,
    )


def main(seconds: float) -> int:
    with tempfile.TemporaryDirectory() as folder:
        lite = [f"sqlite:///{folder}/{name}.db" for name in ("record", "bare")]
        held = [measured("SQLite", *lite, seconds)]
    with own_server() as server:
        databases = Databases(server.url)
        held.append(measured("PostgreSQL", databases.new(), databases.new(), seconds))
    print(f"Target of 99 in 100: {TARGET:g}")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if sys.argv[1:] else SECONDS))
