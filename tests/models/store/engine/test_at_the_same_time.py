"""Many people at once: one row of a double click, one winner of two corrections, everybody's turn comes."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from models.store.engine import locks, sqlite
from models.store.engine.asking import tell
from models.store.engine.database import driver_of, open_engine, reading, writing
from models.store.engine.errors import BusyError, SupersededError
from models.store.engine.locks import PATIENCE, FairLock
from models.store.record import read, write
from tests.support.builders import BY, NOW, after, phq9_facts, record_patient, score_facts
from tests.support.databases import Databases, connected
from tests.support.programs import Program


def at_once(action: Callable[[int], Any], people: int = 16) -> list[Any]:
    """What each of so many people gets who do it at the same time; their error, if it is one."""
    ready = threading.Barrier(people)

    def act(number: int) -> Any:
        ready.wait()
        try:
            return action(number)
        except Exception as error:  # noqa: BLE001 - the error is the answer
            return error

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(act, range(people)))


def test_a_form_saved_sixteen_times_at_once_is_one_assessment(engine: Engine) -> None:
    patient = record_patient(engine)
    facts = phq9_facts(patient, item_9=2)
    saved = at_once(lambda _: write.record_assessment(engine, facts, by=BY, at=NOW, save_key="form-1"))

    assert [one.already for one in saved].count(False) == 1
    assert len({one.id for one in saved}) == 1
    assert len({one.alert for one in saved}) == 1
    assert len(read.open_alerts(engine)) == 1


def test_of_sixteen_corrections_at_once_one_wins_and_the_others_are_told(engine: Engine) -> None:
    patient = record_patient(engine)
    first = write.record_assessment(engine, score_facts(patient, 27), by=BY, at=NOW)
    outcomes = at_once(
        lambda number: write.correct_assessment(
            engine, first.id, score_facts(patient, number), by=f"Dr {number}", at=NOW, why="typo"
        )
    )

    (winner,) = (number for number, one in enumerate(outcomes) if not isinstance(one, Exception))
    told = [one for one in outcomes if isinstance(one, SupersededError)]
    assert len(told) == 15
    assert {one.by for one in told} == {f"Dr {winner}"}
    assert read.record(engine).assessments["total"].to_list() == [winner]


def test_different_scores_at_once_are_all_stored_in_the_order_of_their_ids(engine: Engine) -> None:
    patient = record_patient(engine)
    saved = at_once(
        lambda day: write.record_assessment(engine, score_facts(patient, day, day=day), by=BY, at=NOW)
    )

    assert sorted(one.id for one in saved) == list(range(1, 17))
    moments = [version.recorded_at for version in read.patient_history(engine, patient)]
    assert moments == sorted(moments)


def test_a_reader_sees_one_moment_while_others_write(engine: Engine) -> None:
    patient = record_patient(engine)
    with reading(engine) as connection:
        count = "SELECT count(*) FROM assessment"
        before = connection.exec_driver_sql(count).scalar_one()
        write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW)
        assert connection.exec_driver_sql(count).scalar_one() == before
    assert read.record(engine).assessments.height == 1


def test_whoever_waits_too_long_is_told_that_nothing_was_saved(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PATIENCE == 10
    patient = record_patient(engine)
    monkeypatch.setattr("models.store.engine.database.PATIENCE", 0.1)
    with writing(engine), ThreadPoolExecutor(1) as pool:
        other = pool.submit(write.record_assessment, engine, score_facts(patient, 14), by=BY, at=NOW)
        with pytest.raises(BusyError, match="busy, nothing was saved, try again"):
            other.result(timeout=60)

    assert not write.record_assessment(engine, score_facts(patient, 14), by=BY, at=NOW).already


def test_another_program_that_holds_the_record_makes_us_busy_and_no_more(
    engine: Engine, record_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = record_patient(engine)
    monkeypatch.setitem(sqlite.SETTINGS, "busy_timeout", "50")
    monkeypatch.setattr("models.store.engine.database.PATIENCE", 0.1)
    with connected(record_url) as impatient:
        with closing(another_program_that_writes(record_url)) as other:
            with pytest.raises(BusyError):
                write.record_assessment(impatient, score_facts(patient, 14), by=BY, at=NOW)
            assert read.record(impatient).patients.height == 1
            other.execute("COMMIT")
        assert not write.record_assessment(impatient, score_facts(patient, 14), by=BY, at=NOW).already


def test_nobody_waits_longer_for_another_program_than_for_their_turn(sqlite_engine: Engine) -> None:
    with reading(sqlite_engine) as connection:
        (waits,) = driver_of(connection).execute("PRAGMA busy_timeout").fetchone()
    assert waits == 1000 * PATIENCE


def another_program_that_writes(url: str) -> Any:
    """Its connection, in the middle of a transaction."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        other = sqlite.opened(sqlite.file_of(address))
        other.execute("BEGIN IMMEDIATE")
    else:
        other = psycopg.connect(url, autocommit=True)
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(7070)")
    return other


def test_a_lock_is_given_in_the_order_in_which_it_was_asked_for() -> None:
    lock, order, asked = FairLock(), [], []

    def ask(number: int) -> None:
        with lock.held(patience=9):
            order.append(number)

    with lock.held(patience=9):
        for number in range(8):
            thread = threading.Thread(target=ask, args=(number,))
            asked.append(thread)
            thread.start()
            while len(lock._waiting) <= number:
                threading.Event().wait(0.001)
    for thread in asked:
        thread.join()

    assert order == list(range(8))


def test_whoever_gives_up_waiting_holds_up_nobody() -> None:
    lock = FairLock()
    with lock.held(patience=9):
        for _ in range(2):
            with pytest.raises(BusyError), lock.held(patience=0.01):
                pytest.fail("the lock was given twice")
    with lock.held(patience=0):
        assert locks.lock_of("one") is locks.lock_of("one")


def saves(url: str, days: range) -> None:
    engine = open_engine(url)
    for day in days:
        write.record_assessment(engine, score_facts(1, 14, day=day), by=BY, at=after(1))


def test_several_programs_that_save_at_once_lose_nothing(record_url: str) -> None:
    with connected(record_url) as engine:
        record_patient(engine)
        others = [Program(saves, record_url, range(first, first + 15)) for first in (0, 15, 30)]
        assert [other.ended() for other in others] == [0, 0, 0]
        assert read.record(engine).assessments["row_id"].to_list() == list(range(1, 46))


def test_what_another_program_stored_is_noticed_and_read(record_url: str) -> None:
    with connected(record_url) as engine:
        record_patient(engine)
        seen, version = read.record(engine), read.data_version(engine)
        assert read.data_version(engine) == version

        assert Program(saves, record_url, range(1)).ended() == 0

        assert read.data_version(engine) != version
        assert read.catch_up(engine, seen).assessments["total"].to_list() == [14]


@pytest.mark.postgres
def test_a_server_is_busy_in_whatever_language_it_says_so(postgres: Databases) -> None:
    waited_too_long = "RAISE 'Zeit zum Warten auf Sperre abgelaufen' USING ERRCODE = 'lock_not_available'"
    with connected(postgres.started()) as engine, pytest.raises(BusyError), writing(engine) as connection:
        tell(connection, f"DO $$ BEGIN {waited_too_long}; END $$")
