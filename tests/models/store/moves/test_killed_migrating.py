"""Killed while it brings a record to this version, a program leaves all of it, as it was or migrated."""

from models.store.engine.database import writing
from models.store.moves.migrate import newest, start
from models.store.trail.audit_check import verify
from models.tables.columns import moment_number
from tests.models.store.moves.test_migrating import RECORDED_THEN, at_revision, revision_of
from tests.support.builders import NOW, after
from tests.support.databases import connected
from tests.support.filled import in_columns_of, rows_of
from tests.support.programs import Program, dies_in

OLDEST = "0001"
SCORES = 10_000
MORE_SCORES = f"""
    WITH RECURSIVE nth(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM nth WHERE n < {SCORES})
    INSERT INTO assessment
    SELECT n, n, {moment_number(NOW)}, 'Dr Roe', NULL, false, NULL, NULL,
        1, 'phq9', '1', NULL, 10000 + n, NULL, 14, NULL, 'complete', n - n / 28 * 28, 0
    FROM nth
"""  # noqa: S608


def migrates(url: str, killed_after: float) -> None:
    with connected(url) as engine:
        dies_in(killed_after)
        start(engine, at=after(1))


def came_to_its_end(url: str, *, killed_after: float) -> bool:
    return Program(migrates, url, killed_after).ended() == 0


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
