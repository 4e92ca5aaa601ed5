"""A program, or its server, that is killed while it saves: what was acknowledged stands, and nothing half.

The same as `python -m tests.benchmarks.kill_nine`, with few kills.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.store.engine.database import writing
from models.store.record import write
from tests.benchmarks.kill_nine import Kill, Tally, kill_the_program, kill_the_server, killed
from tests.support.builders import BY, NOW
from tests.support.databases import Databases, connected
from tests.support.postgres import NoServerError, Server, own_server
from tests.support.saving import Said, Standing, lost, nth_facts, standing, started


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    try:
        with own_server() as made:
            yield made
    except NoServerError as error:  # on CI a failure, as of every thorough test that is skipped
        pytest.skip(f"PostgreSQL: {error}")


@pytest.fixture(scope="module")
def databases(server: Server) -> Databases:
    return Databases(server.url)


def after(url: str, kills: int, kill: Kill) -> Tally:
    started(url)
    tally = killed(url, kills, kill)
    assert len(tally.said.saved) > kills  # they did save
    return tally


def test_a_killed_program_loses_nothing_on_sqlite(tmp_path: Path) -> None:
    tally = after(f"sqlite:///{tmp_path}/record.db", 3, kill_the_program)
    assert (tally.lost, tally.damage, tally.untrue) == (set(), set(), {})


@pytest.mark.thorough
@pytest.mark.postgres
def test_a_killed_program_loses_nothing_on_postgresql(databases: Databases) -> None:
    tally = after(databases.new(), 2, kill_the_program)
    assert (tally.lost, tally.damage, tally.untrue) == (set(), set(), {})


@pytest.mark.thorough
@pytest.mark.postgres
def test_a_killed_server_loses_nothing_and_nobody_is_told_what_is_not_so(
    server: Server, databases: Databases
) -> None:
    tally = after(databases.new(), 1, kill_the_server(server))
    assert (tally.lost, tally.damage, tally.untrue) == (set(), set(), {})


def test_a_lost_score_and_half_a_score_are_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    started(url)
    with connected(url) as engine:
        for number in range(3):
            write.record_assessment(engine, nth_facts(number), by=BY, at=NOW)
        assert standing(engine) == Standing({0: 1, 1: 2, 2: 3}, [])
        with writing(engine) as connection:
            connection.exec_driver_sql("DROP TRIGGER item_score_no_delete")
            connection.exec_driver_sql("DROP TRIGGER safety_alert_no_delete")
            connection.exec_driver_sql("DELETE FROM item_score WHERE assessment_id = 2 AND item = 9")
            connection.exec_driver_sql("DELETE FROM safety_alert WHERE assessment_id = 3")
        stored = standing(engine)

    assert lost(Said({2: 3, 7: 4}, set(), {}), stored) == [7]
    assert [line.split(" has ")[0] for line in stored.damage] == ["half written: 1", "half written: 2"]
