"""A server that goes away in the middle of a save: what is said of the save is true."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from models.store.engine.asking import ask
from models.store.engine.database import reading, writing
from models.store.engine.errors import StoreError, UnsureError
from models.store.record import read, write
from tests.support.builders import BY, NOW, phq9_facts, record_patient
from tests.support.databases import Databases, connected

pytestmark = pytest.mark.postgres


@pytest.fixture
def engine(postgres: Databases) -> Iterator[Engine]:
    with connected(postgres.started()) as opened:
        yield opened


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "not stored"])
def test_a_server_lost_while_it_commits_leaves_it_open_and_saving_again_is_safe(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, *, stored: bool
) -> None:
    facts = phq9_facts(record_patient(engine), item_9=1)

    def commit_and_be_gone(connection: Any) -> None:
        if stored:
            connection.commit()
        connection.driver_connection.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr(engine.dialect, "do_commit", commit_and_be_gone)
        with pytest.raises(UnsureError, match="it may be saved or not"):
            write.record_assessment(engine, facts, by=BY, at=NOW)

    assert write.record_assessment(engine, facts, by=BY, at=NOW).already is stored
    assert read.record(engine).assessments.height == 1
    assert len(read.open_alerts(engine)) == 1


def test_a_server_lost_before_it_commits_has_saved_nothing_and_that_is_said(engine: Engine) -> None:
    def lose_it() -> None:
        with writing(engine) as connection:
            end_sessions(engine)
            ask(connection, "SELECT 1")

    with pytest.raises(StoreError, match="nothing was saved"):
        lose_it()

    record_patient(engine)
    assert read.record(engine).patients.height == 1


def test_after_the_server_came_back_one_question_fails_and_the_next_is_answered(engine: Engine) -> None:
    record_patient(engine)
    with reading(engine) as one, reading(engine) as other:  # two sessions, kept for later
        assert ask(one, "SELECT 1") == ask(other, "SELECT 1")
    end_sessions(engine)

    with pytest.raises(StoreError):
        read.record(engine)
    assert read.record(engine).patients.height == 1
    assert read.record(engine).patients.height == 1


def end_sessions(engine: Engine) -> None:
    """End every session of the database, as a server does that goes away."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
