"""Thirty-two people who save at once: `python -m tests.benchmarks.writers [SECONDS]`.

For a minute 32 threads save PHQ-9s of nine items as fast as they can, on SQLite and on a PostgreSQL server
of its own that syncs every commit. Every acknowledged save must stand, whole, and none may be refused. In
turn with them, every few seconds, 32 threads commit through the bare driver in the same order of turns: a row
of two numbers each, and the rows of a save each, neither of them made or held against anything. The target is
a p99 of at most 3 times that of a bare commit. Exit 1 on a lost write or an error.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import count
from math import ceil
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, make_url

from models.store.engine import sqlite
from models.store.engine.errors import StoreError
from models.store.engine.locks import FairLock
from models.store.record import write
from models.tables import Assessment
from tests.support.builders import BY, NOW
from tests.support.databases import Databases, connected
from tests.support.postgres import own_server
from tests.support.saving import Said, lost, nth_facts, standing, started

WRITERS: Final = 32
SECONDS: Final = 60.0
SLICE: Final = 3.0
"""Seconds of saves, then as many of bare commits, and so on: what else the machine does meets both."""
TARGET: Final = 3.0
KEYS: Final = {
    "assessment": "id",
    "item_score": "assessment_id",
    "safety_alert": "assessment_id",
    "audit_event": "id",
}
"""The tables a save writes, and the column that numbers its rows, which is their first."""
ASSESSED_AT: Final = list(Assessment.model_fields).index("assessed_at")

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


Statement = tuple[str, Sequence[Any]]


class Committer:
    """Someone who commits through the driver when it is their turn."""

    def __init__(
        self, connection: Any, lock: FairLock, statements: Callable[[], Sequence[Statement]]
    ) -> None:
        self._connection, self._lock, self._statements = connection, lock, statements

    def commit(self) -> None:
        with self._lock.held(patience=60):
            self._connection.execute("BEGIN")
            for sql, values in self._statements():
                self._connection.execute(sql, values)
            self._connection.execute("COMMIT")


class SmallRow:
    """A row of two numbers, in a database of its own."""

    def __init__(self, connection: Any, mark: str) -> None:
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, total INTEGER NOT NULL)")
        self._sql, self._numbers = f"INSERT INTO bare VALUES ({mark}, {mark})", count()  # noqa: S608

    def __call__(self) -> Sequence[Statement]:
        return [(self._sql, (next(self._numbers), 14))]


class SameRows:
    """The rows of the one save that a record holds, again and again under other numbers, a minute apart."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._rows = {table: self._newest(connection, table, key) for table, key in KEYS.items()}
        self._sql = {table: _insert(table, rows, mark) for table, rows in self._rows.items()}
        self._numbers = count(1)

    def __call__(self) -> Sequence[Statement]:
        nth = next(self._numbers)
        return [(sql, self._values(table, nth)) for table, sql in self._sql.items()]

    def _values(self, table: str, nth: int) -> list[Any]:
        rows = [(row[0] + nth, *row[1:]) for row in self._rows[table]]
        if table == "assessment":
            ((new, _, *rest),) = rows
            rest[ASSESSED_AT - 2] += 60_000_000 * nth
            rows = [(new, new, *rest)]
        return [value for row in rows for value in row]

    @staticmethod
    def _newest(connection: Any, table: str, key: str) -> list[tuple[Any, ...]]:
        newest = f"SELECT * FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})"  # noqa: S608
        return [tuple(row) for row in connection.execute(newest).fetchall()]


def _insert(table: str, rows: Sequence[Sequence[Any]], mark: str) -> str:
    places = ", ".join(f"({', '.join(mark for _ in row)})" for row in rows)
    return f"INSERT INTO {table} VALUES {places}"  # noqa: S608


def committers(stack: ExitStack, url: str, made: Callable[[Any, str], Callable[[], Any]]) -> list[Committer]:
    """Their connections to a database of their own, set up as the product's are."""
    lite = url.startswith("sqlite")
    connections = [
        stack.enter_context(
            closing(sqlite.connect(make_url(url)) if lite else psycopg.connect(url, autocommit=True))
        )
        for _ in range(WRITERS)
    ]
    lock, statements = FairLock(), made(connections[0], "?" if lite else "%s")
    return [Committer(connection, lock, statements) for connection in connections]


def measured(name: str, url: str, small_url: str, same_url: str, seconds: float) -> bool:
    """Print what so many seconds of saves came to; whether every one of them stands."""
    started(url)
    started(same_url)
    saves: list[float] = []
    commits: dict[str, list[float]] = {}
    with ExitStack() as stack:
        engine = stack.enter_context(connected(url))
        Savers(stack.enter_context(connected(same_url))).save()
        people = Savers(engine)
        bare = {
            "a bare commit": committers(stack, small_url, SmallRow),
            "one of the same rows": committers(stack, same_url, SameRows),
        }
        for _ in range(ceil(seconds / SLICE)):
            saves += timed([people.save] * WRITERS, SLICE)
            for of_what, those in bare.items():
                commits.setdefault(of_what, []).extend(timed([one.commit for one in those], SLICE))
        stored = standing(engine)
    gone = lost(people.said, stored)
    print(f"{name}: {len(saves):,} saves of {WRITERS} writers, {len(gone)} lost, ", end="")
    print(f"{len(stored.damage)} half written, {len(people.said.refused)} errors")
    for words in [*stored.damage[:5], *list(people.said.refused.values())[:5]]:
        print(f"  {words}")
    for of_what, took in commits.items():
        told("half", median(saves), median(took), of_what)
        told("99 of 100", quantiles(saves, n=100)[98], quantiles(took, n=100)[98], of_what)
    return not (gone or stored.damage or people.said.refused)


def told(share: str, save: float, commit: float, of_what: str) -> None:
    ratio = save / commit
    print(
        f"  {share} within {1000 * save:.1f} ms beside {1000 * commit:.1f} ms of {of_what}: {ratio:.2f}",
        flush=True,
    )


def main(seconds: float) -> int:
    with tempfile.TemporaryDirectory() as folder:
        lite = [f"sqlite:///{folder}/{name}.db" for name in ("record", "small", "same")]
        held = [measured("SQLite", *lite, seconds)]
    with own_server() as server:
        databases = Databases(server.url)
        held.append(measured("PostgreSQL", *(databases.new() for _ in range(3)), seconds))
    print(f"Target of 99 in 100: {TARGET:g}")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if sys.argv[1:] else SECONDS))
