"""A program that is killed in the middle: what it said was saved is there, and nothing is half there."""

import signal
import subprocess
import sys

from sqlalchemy import Engine, text

from models.store.database import is_sqlite, reading
from tests.support.builders import record_patient
from tests.support.databases import connected

SAVES_UNTIL_KILLED = """
import sys
from itertools import count
from models.store import write
from models.store.database import open_engine
from tests.support.builders import BY, NOW, moment, phq9_facts
engine = open_engine(sys.argv[1])
for number in count():
    when = moment(number // 24, number % 24)
    saved = write.record_assessment(engine, phq9_facts(1, item_9=1, assessed_at=when), by=BY, at=NOW)
    print(saved.id, flush=True)
"""


def test_a_killed_program_loses_nothing_that_it_said_was_saved(record_url: str) -> None:
    with connected(record_url) as engine:
        record_patient(engine)
        program = subprocess.Popen(
            [sys.executable, "-c", SAVES_UNTIL_KILLED, record_url], stdout=subprocess.PIPE, text=True
        )
        assert program.stdout is not None
        said = [int(program.stdout.readline()) for _ in range(25)]
        program.send_signal(signal.SIGKILL)
        said += [int(line) for line in program.stdout.read().splitlines() if line]
        program.wait()
        program.stdout.close()

        assert said == list(range(1, len(said) + 1))
        stored = whole_assessments(engine)
        assert len(said) <= stored <= len(said) + 1


def whole_assessments(engine: Engine) -> int:
    """How many assessments there are, each with its nine answers and its alert."""
    with reading(engine) as connection:
        counts = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
            for table in ("assessment", "item_score", "safety_alert")
        }
        if is_sqlite(engine):
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
    assert counts["item_score"] == 9 * counts["assessment"]
    assert counts["safety_alert"] == counts["assessment"]
    return int(counts["assessment"])
