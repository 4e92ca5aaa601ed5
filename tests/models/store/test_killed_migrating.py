"""Killed while it brings a record to this version, a program leaves all of it, as it was or migrated."""

import subprocess
import sys
import time

from models.store.audit_check import verify
from models.store.database import writing
from models.store.migrate import newest, start
from models.tables.columns import moment_number
from tests.models.store.test_migrating import RECORDED_THEN, at_revision, revision_of
from tests.support.builders import NOW, after
from tests.support.databases import connected
from tests.support.filled import in_columns_of, rows_of

OLDEST = "0001"
SCORES = 10_000
MORE_SCORES = f"""
    WITH RECURSIVE nth(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM nth WHERE n < {SCORES})
    INSERT INTO assessment
    SELECT n, n, {moment_number(NOW)}, 'Dr Roe', NULL, false, NULL, NULL,
        1, 'phq9', '1', NULL, 10000 + n, NULL, 14, NULL, 'complete', n - n / 28 * 28, 0
    FROM nth
"""  # noqa: S608
MIGRATES = """
import sys
from models.store.migrate import start
from tests.support.builders import after
from tests.support.databases import connected
with connected(sys.argv[1]) as engine:
    print("ready", flush=True)
    sys.stdin.readline()
    start(engine, at=after(1))
    print("done", flush=True)
"""


def came_to_its_end(url: str, *, killed_after: float) -> bool:
    command = [sys.executable, "-c", MIGRATES, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        program.stdin.write(b"\n")
        program.stdin.flush()
        time.sleep(killed_after)
        program.kill()
        return program.stdout.read() == b"done\n"


def test_killed_at_any_moment_it_has_migrated_all_of_the_record_or_nothing(database_url: str) -> None:
    with connected(database_url) as engine:
        with writing(engine) as connection:
            at_revision(connection, OLDEST)
            for row in RECORDED_THEN:
                connection.exec_driver_sql(f"INSERT INTO {row}")
            connection.exec_driver_sql(MORE_SCORES)
        before = rows_of(engine)
        engine.dispose()
        assert len(before["assessment"]) == SCORES
        cut_short = 0
        for seconds in (0.05, 0.15, 0.5):
            done = came_to_its_end(database_url, killed_after=seconds)
            found = revision_of(engine)
            assert found in ({newest()} if done else {OLDEST, newest()})
            assert in_columns_of(before, engine) == before
            engine.dispose()
            cut_short += found == OLDEST
            if found == newest():
                break
        assert cut_short
        start(engine, at=after(2))
        assert in_columns_of(before, engine) == before
        assert verify(engine).findings == []
