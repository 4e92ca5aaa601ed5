"""Who is under 42 CFR Part 2, and until when with consent: recorded, corrected, merged, erased, before."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import Engine

from models.store.audit.events import begin
from models.store.engine.database import reading, writing
from models.store.engine.errors import RefusedError
from models.store.engine.lookup import has_part2
from models.store.erasure.erasing import erase
from models.store.moves.migrate import migrate, newest
from models.store.record import read, write
from models.store.rows.digests import SHAPES
from models.store.trail.audit_check import verify
from models.store.trail.record_check import standing
from tests.models.store.moves.test_migrating import RECORDED_THEN, at_revision
from tests.support.builders import BY, NOW, after, patient_facts, record_patient
from tests.support.databases import connected
from tests.support.merging import merge
from tests.support.tampering import tamper

UNTIL: Final = date(2027, 1, 31)
NEITHER: Final = (False, None)


@pytest.fixture(name="engine")
def _engine(new_record: Callable[[], str]) -> Iterator[Engine]:
    with connected(new_record()) as opened:
        yield opened


def marked(engine: Engine) -> list[tuple[bool, date | None]]:
    """Of each person in turn: whether under Part 2, and until when with consent."""
    people = read.record(engine).patients.sort("patient_id")
    return people.select("part2", "part2_consent_until").rows()


def test_a_consent_is_given_taken_back_and_given_anew_and_every_version_stays(engine: Engine) -> None:
    one = record_patient(engine)
    assert (marked(engine), _any(engine)) == ([NEITHER], False)
    seen, row = read.record(engine), one
    for minute, (consent, why) in enumerate(((UNTIL, "signed today"), (None, "revoked"), (UNTIL, "anew")), 1):
        facts = patient_facts(part2=True, part2_consent_until=consent)
        row = write.correct_patient(engine, row, facts, by=BY, at=after(minute), why=why).id
        seen = read.catch_up(engine, seen)
        assert seen.patients.select("part2", "part2_consent_until").rows() == [(True, consent)]
    assert _any(engine)
    then = read.record(engine, known_at=after(2)).patients
    assert then["part2_consent_until"].to_list() == [None]
    told = [(each.values["part2"], each.reason) for each in read.patient_history(engine, one)]
    assert told == [(False, None), (True, "signed today"), (True, "revoked"), (True, "anew")]
    assert verify(engine).findings == []


def _any(engine: Engine) -> bool:
    with reading(engine) as connection:
        return has_part2(connection)


def test_the_database_has_no_consent_without_the_flag(engine: Engine) -> None:
    unchecked = patient_facts().model_copy(update={"part2_consent_until": UNTIL})
    with pytest.raises(RefusedError):
        write.record_patient(engine, unchecked, by=BY, at=NOW)


@pytest.mark.parametrize(
    ("survivor", "retired", "person"),
    [
        ((True, UNTIL), NEITHER, (True, UNTIL)),
        (NEITHER, (True, UNTIL), (True, UNTIL)),
        (NEITHER, (True, None), (True, None)),
        ((True, UNTIL), (True, None), (True, None)),
        ((True, None), (True, UNTIL), (True, None)),
        ((True, UNTIL), (True, date(2026, 1, 1)), (True, date(2026, 1, 1))),
        (NEITHER, NEITHER, NEITHER),
    ],
)
def test_a_person_is_under_part_2_by_any_record_and_consents_by_all_that_are(
    engine: Engine, survivor: Any, retired: Any, person: Any
) -> None:
    ids = [
        record_patient(engine, number, part2=flag, part2_consent_until=until)
        for number, (flag, until) in (("1", survivor), ("2", retired), ("3", (True, None)))
    ]
    seen = read.record(engine)
    link = merge(engine, ids[0], ids[1])
    assert marked(engine) == [person, (True, None)]
    assert (
        read.catch_up(engine, seen)
        .patients.sort("patient_id")
        .equals(read.record(engine).patients.sort("patient_id"))
    )
    write.undo_merge(engine, link, by=BY, at=after(2), why="they are two sisters")
    assert marked(engine) == [survivor, retired, (True, None)]


@pytest.mark.parametrize("keep_scores", [False, True])
def test_who_is_erased_leaves_no_consent_and_kept_scores_stay_under_part_2(
    engine: Engine,
    keep_scores: bool,  # noqa: FBT001
) -> None:
    one = record_patient(engine, part2=True, part2_consent_until=UNTIL)
    erase(engine, one, by=BY, at=after(1), reason="asked for it in writing", keep_scores=keep_scores)
    assert marked(engine) == ([(True, None)] if keep_scores else [])
    assert verify(engine).findings == []


OLD: Final = SHAPES["patient"].columns[:-2]
"""The columns of revision 0010, and of every one before."""


@pytest.fixture(name="older")
def _older(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A record of revision 0010, its rows told of in its trail as that version told of them."""
    with connected(database_url) as engine:
        with writing(engine) as connection, monkeypatch.context() as then:
            at_revision(connection, "0001")
            for row in RECORDED_THEN:
                connection.exec_driver_sql(f"INSERT INTO {row}")
            at_revision(connection, "0010")
            shape = SHAPES["patient"]
            flags = tuple(place for place in shape.flags if place < len(OLD))
            then.setitem(SHAPES, "patient", shape._replace(columns=OLD, flags=flags))
            begin(connection, by=BY, at=NOW, rows=list(standing(connection)))
        yield engine


def test_nobody_recorded_before_is_under_part_2_and_the_trail_vouches_for_all_as_before(
    older: Engine,
) -> None:
    done = migrate(older, at=after(1))
    assert (done.before, done.after) == ("0010", newest())
    assert marked(older) == [NEITHER]
    assert verify(older).findings == []
    facts = patient_facts("A1", family_name="Roe", sex="female", part2=True)
    write.correct_patient(older, 1, facts, by=BY, at=after(2), why="came from the programme")
    assert marked(older) == [(True, None)]
    assert verify(older).findings == []


def test_a_flag_set_behind_the_programs_back_on_a_row_of_before_is_found(older: Engine) -> None:
    migrate(older, at=after(1))
    tamper(older, "UPDATE patient SET part2 = (1 = 1)")
    (found,) = verify(older).findings
    assert found.words.startswith("Patient 1: ")
    assert found.words.endswith("was changed.")
