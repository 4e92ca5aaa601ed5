"""A program that saves PHQ-9s and says which, and the check of what it said against what is stored.

`python -m tests.support.saving URL [--first N] [--saves N] [--threads N] [--synchronous FULL]` prints a line
for each save when it is acknowledged: its number, the row's id, and `1` when it had been stored before. A
save that is refused prints `no`, its number and the words, and ends its thread.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from threading import Thread
from typing import Final, NamedTuple

from sqlalchemy import Engine, text

from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, open_engine, reading
from models.store.engine.errors import StoreError
from models.store.moves.migrate import start
from models.store.record import write
from models.store.record.bulk import loading
from models.tables.columns import moment_number
from models.tables.facts import AssessmentFacts
from tests.support.builders import BY, NOW, SETTING, patient_facts
from tests.support.databases import connected, put_key

FIRST: Final = datetime(2020, 1, 1, tzinfo=UTC)
PATIENTS: Final = 1000
"""Scores go round so many patients, whose entity ids are 1, 2, 3 …: some dozens each, as in a clinic."""


def nth_facts(number: int) -> AssessmentFacts:
    """The so-manieth PHQ-9: at a minute of its own, every answer from 1 to 3, and so with an alert."""
    values = {
        "patient_id": number % PATIENTS + 1,
        "scale": "phq9",
        "assessed_at": FIRST + timedelta(minutes=number),
        "items": {item: (number // item) % 3 + 1 for item in range(1, 10)},
    }
    return AssessmentFacts.check(values, SETTING)


def started(url: str) -> None:
    """A record with the patients these scores are of."""
    put_key()
    with connected(url) as engine:
        start(engine, at=NOW)
        with loading(engine, by=BY, at=NOW) as load:
            load.patients([patient_facts(f"A{number}") for number in range(PATIENTS)])


def program(url: str, **options: object) -> list[str]:
    """The command that saves into a record."""
    given = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return [sys.executable, "-m", "tests.support.saving", url, *given]


class Standing(NamedTuple):
    """What a record holds: the row id of each stored number, and what is wrong with it in words."""

    ids: dict[int, int]
    damage: list[str]


def standing(engine: Engine) -> Standing:
    """Every assessment with its answers, alert and total held against what was to be saved."""
    damage: list[str] = []
    with reading(engine) as connection:
        if is_sqlite(engine):
            checked = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            damage += [f"integrity: {line}" for line in checked if line != "ok"]
            dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            damage += [f"foreign key: {row}" for row in dangling]
        rows = connection.execute(text(_WHOLE)).all()
    ids: dict[int, int] = {}
    for row_id, at, answers, points, total, alerts in rows:
        number = (at - moment_number(FIRST)) // 60_000_000
        if (answers, points, alerts) != (9, total, 1):
            damage.append(f"half written: {number} has {answers} answers of {points} and {alerts} alerts")
        if number in ids:
            damage.append(f"twice: {number}")
        ids[number] = row_id
    return Standing(ids, damage)


_WHOLE: Final = """
SELECT a.id, a.assessed_at, count(i.item), coalesce(sum(i.score), 0), a.total,
       (SELECT count(*) FROM safety_alert s WHERE s.assessment_id = a.id)
FROM assessment a LEFT JOIN item_score i ON i.assessment_id = a.id GROUP BY a.id, a.assessed_at, a.total
"""


class Said(NamedTuple):
    """What it printed: the id of each acknowledged number, which stood already, the words of a refusal."""

    saved: dict[int, int]
    already: set[int]
    refused: dict[int, str]


def heard(lines: Iterable[str]) -> Said:
    """Its lines, without a last one that the end of the program cut short."""
    said = Said({}, set(), {})
    for line in lines:
        words = line.split(maxsplit=2)
        if not line.endswith("\n") or len(words) < 3:
            continue
        if words[0] == "no":
            said.refused[int(words[1])] = words[2].strip()
            continue
        said.saved[int(words[0])] = int(words[1])
        if words[2].strip() == "1":
            said.already.add(int(words[0]))
    return said


def lost(said: Said, stored: Standing) -> list[int]:
    """The acknowledged numbers that are not stored under the id that was told."""
    return [number for number, row_id in said.saved.items() if stored.ids.get(number) != row_id]


def save(engine: Engine, numbers: Iterable[int]) -> None:
    """Save these one after the other, and say each in one system call when it is acknowledged."""
    for number in numbers:
        try:
            saved = write.record_assessment(engine, nth_facts(number), by=BY, at=NOW)
        except StoreError as error:
            os.write(1, f"no {number} {' '.join(str(error).split())}\n".encode())
            return
        os.write(1, f"{number} {saved.id} {int(saved.already)}\n".encode())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--saves", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--synchronous", default=sqlite.SETTINGS["synchronous"])
    given = parser.parse_args()
    sqlite.SETTINGS["synchronous"] = given.synchronous
    engine = open_engine(given.url)
    threads = [
        Thread(target=save, args=(engine, islice(count(given.first + nth, given.threads), given.saves)))
        for nth in range(given.threads)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()


if __name__ == "__main__":
    main()
