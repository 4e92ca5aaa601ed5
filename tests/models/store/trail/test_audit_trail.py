"""One event for everything done, in its own transaction, sealed onto the one before, whoever else writes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from models.access.keys import Keys, key_file
from models.store.audit import inserting
from models.store.audit.events import Event, carried, coming_from, note
from models.store.audit.inserting import insert
from models.store.engine import asking
from models.store.engine.database import driver_of, open_engine, writing
from models.store.engine.errors import RefusedError, StoreError
from models.store.moves.migrate import start
from models.store.record import write
from models.store.record.bulk import loading
from models.store.record.filling import filling
from models.store.record.read import record
from models.store.trail.audit_check import verify
from models.tables.columns import moment_number
from models.tables.facts import ClinicFacts
from tests.models.store.engine.test_at_the_same_time import at_once
from tests.support.builders import (
    BY,
    NOW,
    SETTING,
    after,
    course_facts,
    infusion_facts,
    patient_facts,
    phq9_facts,
    record_patient,
    score_facts,
)
from tests.support.databases import Databases, connected
from tests.support.every_write import (
    TOLD,
    WHY,
    WRITES,
    one_of_everything,
    settings_and_a_change,
)
from tests.support.programs import Program
from tests.support.tampering import events


@pytest.fixture(name="recorded")
def _recorded(engine: Engine) -> Engine:
    return one_of_everything(engine)


def detail(row: Any) -> dict[str, Any]:
    found = json.loads(row.detail)
    assert isinstance(found, dict)
    return found


def test_every_way_into_the_record_is_among_those_tried_here() -> None:
    assert {*WRITES, "Saved"} == set(write.__all__)


@pytest.mark.parametrize("name", WRITES)
def test_every_way_into_the_record_leaves_exactly_one_event(recorded: Engine, name: str) -> None:
    way, action, subject = WRITES[name]
    earlier = len(events(recorded))
    way(recorded)
    way_again = () if name.startswith(("void", "correct", "undo")) else (way,)
    for again in way_again:  # as after a double click: it is there already, and nothing was done
        again(recorded)

    (event,) = events(recorded)[earlier:]
    assert (event.action, event.subject) == (action, subject)
    assert event.happened_by == ("seventy" if name == "note_look" else BY)
    assert verify(recorded).findings == []


def test_a_correction_tells_what_was_before_and_what_is_after(recorded: Engine) -> None:
    write.correct_assessment(recorded, 1, phq9_facts(1, item_9=3), **TOLD, why="typo")
    event = events(recorded)[-1]
    told = detail(event)

    assert event.patient_id == 1
    assert told["reason"] == "typo"
    assert told["before"]["assessment 2"]["items"]["9"] == 1
    assert told["after"]["assessment 2"]["items"]["9"] == 3
    assert told["after"]["assessment 2"]["total"] == 11
    assert [span[:4] for span in told["rows"]] == [
        ["assessment", 2, 2, 1],
        ["item_score", 2, 2, 9],
        ["safety_alert", 2, 2, 1],
    ]


def test_what_is_new_had_nothing_before_and_what_is_withdrawn_has_nothing_after(recorded: Engine) -> None:
    write.open_course(recorded, course_facts(1, date(2026, 3, 1)), infusion_facts(1, 60), **TOLD)
    opened = detail(events(recorded)[-1])
    assert opened["before"] is None
    assert opened["after"]["course 2"]["started_on"] == "2026-03-01"
    assert opened["after"]["infusion 2"]["dose_mg"] == "40.0"

    write.void_course(recorded, 2, **TOLD, why=WHY)
    withdrawn = detail(events(recorded)[-1])
    assert withdrawn["after"] is None
    assert withdrawn["before"]["course 3"]["started_on"] == "2026-03-01"


def test_a_write_that_fails_or_is_undone_leaves_no_event(recorded: Engine) -> None:
    earlier = events(recorded)
    with pytest.raises(StoreError):
        write.void_patient(recorded, 1, **TOLD, why=WHY)
    with pytest.raises(RefusedError), writing(recorded) as connection:
        settings_and_a_change(connection)
    with loading(recorded, **TOLD, dry_run=True) as load:
        load.patients([patient_facts("Z1")])

    assert events(recorded) == earlier


class WentWrongError(Exception):
    """Something went wrong in the middle."""


@pytest.mark.parametrize("name", ["open_course", "correct_assessment", "save_clinic", "lock_question"])
def test_whatever_fails_on_the_way_all_of_it_is_stored_or_nothing(recorded: Engine, name: str) -> None:
    earlier, interrupted = events(recorded), 0
    while len(events(recorded)) == len(earlier):
        with failing_after(recorded, interrupted), suppress(WentWrongError):
            WRITES[name][0](recorded)
        assert verify(recorded).findings == []
        interrupted += 1
    assert interrupted > 6
    assert events(recorded)[-1].action == WRITES[name][1]


@contextmanager
def failing_after(engine: Engine, statements: int) -> Iterator[None]:
    """Let so many statements pass."""
    passed = 0

    def count(*_: object) -> None:
        nonlocal passed
        if passed == statements:
            raise WentWrongError
        passed += 1

    def counted(connection: Connection) -> Any:
        count()
        return driver_of(connection)

    event.listen(engine, "before_cursor_execute", count)
    try:
        with pytest.MonkeyPatch.context() as patch:  # what is said to the driver itself
            patch.setattr(asking, "driver_of", counted)
            patch.setattr(inserting, "driver_of", counted)
            yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


@pytest.mark.postgres
def test_what_is_told_is_the_same_on_both_engines(sqlite_engine: Engine, postgres: Databases) -> None:
    with connected(postgres.its_own()) as other:
        told = []
        for engine in (sqlite_engine, other):
            record_patient(engine, family_name="Zoë")
            write.record_infusion(engine, infusion_facts(1, dose_mg=40.1 + 0.2), **TOLD)
            write.record_assessment(engine, phq9_facts(1, item_9=1), **TOLD)
            write.void_infusion(engine, 1, **TOLD, why=WHY)
            write.save_clinic(engine, ClinicFacts(name="West", mg_per_kg=1), **TOLD)
            told.append([row.detail for row in events(engine)[1:]])
    assert told[0] == told[1]


def test_rows_that_were_copied_with_their_events_are_told_by_those(recorded: Engine) -> None:
    looks = ("id", "lock_id", "as_of", "numerator", "denominator", "looked_at")
    with writing(recorded) as connection:
        insert(connection, "claim_look", looks, [(1, 1, 20000, 1, 2, moment_number(NOW))])
        carried(connection)
    assert [finding.words for finding in verify(recorded).findings] == [
        "Look 1: stands here, and no event tells of it."
    ]


def test_rows_the_trail_is_not_told_of_are_not_stored(engine: Engine) -> None:
    with pytest.raises(StoreError, match="the audit trail was not told"), writing(engine) as connection:
        insert(connection, "claim_look", ("id", "lock_id", "as_of", "numerator", "denominator", "looked_at"),
               [(1, 1, 20000, 1, 2, moment_number(NOW))])  # fmt: skip
    assert verify(engine).is_well


def test_a_load_leaves_one_event_that_tells_of_all_its_rows(engine: Engine) -> None:
    numbers = range(1, 101)
    with loading(engine, **TOLD) as load:
        load.patients([patient_facts(f"P{number}") for number in numbers])
        load.assessments([phq9_facts(number, item_9=number % 4) for number in numbers])
        load.infusions([infusion_facts(number) for number in numbers])
    event = events(engine)[-1]

    assert (event.id, event.action) == (4, "import")
    assert [span[:4] for span in detail(event)["rows"]] == [
        ["patient", 1, 100, 100],
        ["infusion", 1, 100, 100],
        ["assessment", 1, 100, 100],
        ["item_score", 1, 100, 900],
        ["safety_alert", 1, 99, 75],
    ]
    assert verify(engine).findings == []


def test_a_load_that_fills_in_is_told_too(engine: Engine) -> None:
    record_patient(engine)
    with filling(engine, SETTING, **TOLD, why="a later file") as load:
        given = [patient_facts("A1", family_name="Roe"), patient_facts("A2")]
        loaded = load.patients(given)
        assert load.fill_in("patients", given, loaded) == 1
    assert [span[:4] for span in detail(events(engine)[-1])["rows"]] == [["patient", 2, 3, 2]]
    assert verify(engine).findings == []


def test_an_event_says_from_where_and_never_goes_back_in_time(engine: Engine) -> None:
    with coming_from("10.0.0.7"):
        note(engine, Event("read", "patient 1", 1), by=BY, at=after(9))
    note(
        engine,
        Event("export", address="10.0.0.8", detail={"until": date(2026, 1, 1), "rate": 0.7}),
        by=BY,
        at=NOW,
    )
    read_event, export = events(engine)[-2:]

    assert (read_event.address, read_event.patient_id) == ("10.0.0.7", 1)
    assert export.address == "10.0.0.8"
    assert export.happened_at == read_event.happened_at == moment_number(after(9))
    assert export.detail == '{"rate":"0.7","until":"2026-01-01"}'


@pytest.mark.parametrize("detail", [{"password": "x"}, {"after": {"account 1": {"totp_secret": "x"}}}])
def test_a_secret_is_never_told(engine: Engine, detail: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="never told to the audit trail"):
        note(engine, Event("account", detail=detail), by=BY, at=NOW)


def test_events_are_added_and_never_changed(engine: Engine) -> None:
    for statement in ("UPDATE audit_event SET detail = '{}'", "DELETE FROM audit_event"):
        with pytest.raises(RefusedError, match="never changed"), writing(engine) as connection:
            connection.exec_driver_sql(statement)


def test_without_a_key_of_its_own_the_engine_takes_the_clinics(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/clinic.db")
    start(engine, at=NOW)
    record_patient(engine)
    assert verify(engine).is_well
    assert key_file().stat().st_mode & 0o777 == 0o600
    engine.dispose()

    with_the_key = open_engine(
        f"sqlite:///{tmp_path}/clinic.db", audit_key=Keys.read(key_file()).derive("audit")
    )
    assert verify(with_the_key).is_well
    with_the_key.dispose()


def saves(url: str, days: range) -> None:
    with connected(url) as engine:
        for day in days:
            write.record_assessment(engine, score_facts(1, 14, day=day), by=BY, at=after(1))


def test_eight_people_and_two_programs_at_once_make_one_chain(record_url: str) -> None:
    with connected(record_url) as engine:
        record_patient(engine)
        others = [Program(saves, record_url, range(first, first + 10)) for first in (0, 10)]

        def record_some(number: int) -> None:
            for day in range(20 + number * 5, 25 + number * 5):
                write.record_assessment(engine, score_facts(1, 14, day=day), by=f"Dr {number}", at=NOW)

        assert at_once(record_some, people=8) == [None] * 8
        assert [other.ended() for other in others] == [0, 0]
        assert verify(engine).findings == []
        assert record(engine).assessments.height == 60
        assert [later.id - earlier.id for earlier, later in pairwise(events(engine))] == [1] * (
            len(events(engine)) - 1
        )
