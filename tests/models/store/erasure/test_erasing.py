"""A person is erased whole, the trail of it can be checked, and what vanishes otherwise is still found."""

import json
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from models.store.audit.events import begin
from models.store.engine.database import writing
from models.store.engine.errors import NotFoundError
from models.store.erasure.erasing import GONE, erase
from models.store.record import read, write
from models.store.trail.audit_check import verify
from models.store.trail.erased_events import ACTION
from models.store.trail.erasures import erased_as, erasures, known_by
from models.store.trail.record_check import standing
from models.tables.facts import FactsError
from tests.support.builders import (
    BY,
    after,
    record_patient,
    score_facts,
)
from tests.support.databases import connected
from tests.support.tampering import events, tamper
from tests.support.two_people import CANARIES, everything, rows_of, two_people

WHY = "asked for it in writing"


@pytest.fixture(name="engine")
def _engine(new_record: Callable[[], str]) -> Iterator[Engine]:
    """A started record of each engine, of its own."""
    with connected(new_record()) as opened:
        yield opened


@pytest.fixture(name="two")
def _two(engine: Engine) -> Engine:
    return two_people(engine)


def words(engine: Engine) -> list[str]:
    return [finding.words for finding in verify(engine).findings]


def test_nothing_of_the_person_stays_and_everything_of_the_others(two: Engine) -> None:
    others = [row for row in rows_of(two, "assessment") if row[8] != 1]
    done = erase(two, 1, by="Ada", at=after(5), reason=WHY)

    assert done.counts == {
        "patient": 2,
        "course": 1,
        "infusion": 2,
        "assessment": 3,
        "item_score": 18,
        "safety_alert": 2,
        "merged_patient": 0,
    }
    assert rows_of(two, "assessment") == others
    assert [row[0] for row in rows_of(two, "patient")] == [2, 4, 5]
    told = everything(two)
    assert [canary for canary in CANARIES if canary in told and canary != "Wuthering"] == []
    assert told.count("Wuthering") == 2  # the site of somebody else's course, in its row and its event
    assert rows_of(two, "erasing") == []


def test_the_trail_can_be_checked_and_says_who_erased_and_why(two: Engine) -> None:
    before = events(two)
    erase(two, 1, by="Ada", at=after(5), reason=WHY)
    found = verify(two)
    assert found.findings == []
    assert [(one.patient_id, one.by, one.at, one.reason, one.known_as) for one in found.erasures] == [
        (1, "Ada", after(5), WHY, None)
    ]
    now = events(two)
    assert [row[:7] for row in now[:-1]] == [row[:7] for row in before]
    assert [row.seal for row in now[:-1]] == [row.seal for row in before]
    told = json.loads(now[-1].detail)
    assert (now[-1].action, now[-1].subject, now[-1].patient_id) == (ACTION, "patient 1", 1)
    assert told["took"]["item_score"] == 18
    cut = {row.id for row, was in zip(now, before, strict=False) if row.detail != was.detail}
    assert cut == {number for number, _ in told["events"]}
    assert all(json.loads(row.detail)["erased"] == 1 for row in now if row.id in cut)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM item_score WHERE assessment_id = 2", "The answers of assessment 2"),
        ("DELETE FROM safety_alert WHERE assessment_id = 2", "The alert of assessment 2"),
        ("UPDATE assessment SET total = 3 WHERE id = 4", "Assessments 4 to 7"),
        ("DELETE FROM patient WHERE id = 5", "Patients 4 to 5"),
        ("UPDATE audit_event SET detail = '{\"erased\":2}' WHERE id = 4", "Event 4 (record, patient 1,"),
        ("UPDATE audit_event SET happened_by = 'Eve' WHERE id = 4", "Event 4 (record, patient 1, by Eve)"),
        ("UPDATE audit_event SET detail = '{}' WHERE action = 'erasure'", "Event 14 (erasure, patient 1,"),
        ("UPDATE erasure SET reason = 'somebody said so'", "Erasure 1: recorded by Ada"),
        ("DELETE FROM erasure", "Erasure 1: recorded by Ada on 2026-06-01 12:05 UTC (event 14), is gone."),
    ],
)
def test_what_vanishes_or_changes_without_an_erasure_is_still_found(
    two: Engine, change: str, said: str
) -> None:
    erase(two, 1, by="Ada", at=after(5), reason=WHY)
    assert len(events(two)) == 14
    tamper(two, change)
    assert any(each.startswith(said) for each in words(two)), words(two)


def test_an_erased_row_that_comes_back_is_found(two: Engine) -> None:
    erase(two, 1, by="Ada", at=after(5), reason=WHY)
    tamper(two, "INSERT INTO item_score VALUES (1, 1, 3)")
    assert words(two) == ["The answers of assessment 1: stand here, and no event tells of it."]


def test_an_erasure_makes_nothing_right_that_was_wrong_before(two: Engine) -> None:
    tamper(
        two,
        "UPDATE assessment SET total = 1 WHERE id = 7",  # in one digest with a row of 1
        "UPDATE audit_event SET happened_by = 'Eve' WHERE id = 4",
        "DELETE FROM safety_alert WHERE assessment_id = 3",
    )
    event, rows, alert = words(two)
    assert event.startswith("Event 4 (record, patient 1, by Eve)")
    assert rows.startswith("Assessments 4 to 7: recorded by Dr Roe")
    assert alert.startswith("The alert of assessment 3: recorded by Dr Roe")
    erase(two, 1, by="Ada", at=after(5), reason=WHY)
    found = words(two)
    assert event in found
    assert alert in found
    assert any(each.startswith("Assessments 4 to 7: recorded by Dr Roe") for each in found)


def test_what_stood_before_there_was_a_trail_can_be_erased_too(two: Engine) -> None:
    """All of it is told by the first event, in one digest a table."""
    tamper(two, "DELETE FROM audit_event")
    with writing(two) as connection:
        begin(connection, by=BY, at=after(4), rows=list(standing(connection)))
    erase(two, 1, by="Ada", at=after(5), reason=WHY)
    assert verify(two).findings == []
    assert json.loads(events(two)[0].detail)["erased"] == 1
    tamper(two, "DELETE FROM patient WHERE id = 5")
    assert any(each.startswith("Patients 1 to 5: recorded by Dr Roe") for each in words(two))


def test_everybody_can_be_erased_one_after_another(two: Engine) -> None:
    for number, who in enumerate((1, 4, 2, 5)):
        erase(two, who, by="Ada", at=after(5 + number), reason=WHY)
        assert verify(two).findings == []
    for table in ("patient", "course", "infusion", "assessment", "item_score", "safety_alert"):
        assert rows_of(two, table) == []
    assert len(erasures(two)) == 4


def test_no_id_is_given_twice(two: Engine) -> None:
    erase(two, 5, by="Ada", at=after(5), reason=WHY)
    assert record_patient(two, "E5") == 6
    assert write.record_assessment(two, score_facts(6, 5), by=BY, at=after(6)).id == 8
    assert verify(two).findings == []


def test_what_was_somebody_elses_by_mistake_stays_with_them(two: Engine) -> None:
    moved = score_facts(2, 17, day=30)
    mine = write.record_assessment(two, score_facts(1, 17, day=30), by=BY, at=after(5)).id
    now = write.correct_assessment(two, mine, moved, by=BY, at=after(6), why="typed for another").id
    erase(two, 1, by="Ada", at=after(7), reason=WHY)
    assert [(row[0], row[8]) for row in rows_of(two, "assessment") if row[0] >= mine] == [(mine, 2), (now, 2)]
    assert verify(two).findings == []
    erase(two, 2, by="Ada", at=after(8), reason=WHY)
    assert [row[8] for row in rows_of(two, "assessment")] == [4, 5]
    assert "17" not in {str(row[17]) for row in rows_of(two, "assessment")}
    assert verify(two).findings == []


def test_scores_kept_under_a_code_are_counted_and_name_nobody(two: Engine) -> None:
    before = read.record(two)
    done = erase(two, 1, by="Ada", at=after(5), reason=WHY, keep_scores=True)
    code = done.erasure.known_as
    assert code is not None
    now = read.record(two)
    for frame in ("courses", "assessments", "infusions"):
        same = {"suicide_item", "status", "weight_kg"}
        old, new = getattr(before, frame), getattr(now, frame)
        assert new.drop(same, strict=False).equals(old.drop(same, strict=False))
    person = now.patients.filter(patient_id=1).row(0, named=True)
    assert person == {
        "patient_id": 1,
        "mrn": code,
        "given_name": None,
        "family_name": None,
        "birth_date": None,
        "sex": None,
        "part2": False,
        "part2_consent_until": None,
        "also": None,
    }
    told = everything(two)
    assert [canary for canary in CANARIES if canary in told and canary != "Wuthering"] == []
    assert GONE in told
    assert verify(two).findings == []

    erase(two, 1, by="Ada", at=after(6), reason=WHY)
    assert verify(two).findings == []
    assert now.patients.height == read.record(two).patients.height + 1


def test_a_page_that_has_read_the_record_notices(two: Engine) -> None:
    seen, version = read.record(two), read.data_version(two)
    with connected(two.url.render_as_string(hide_password=False)) as another:
        erase(another, 5, by="Ada", at=after(5), reason=WHY)
        assert read.data_version(two) != version
        now = read.catch_up(two, seen)
        assert 5 not in now.patients["patient_id"]
        assert now.assessments.height == seen.assessments.height - 1
        record_patient(another, "E5")
        assert read.catch_up(two, now).patients["patient_id"].to_list() == [2, 1, 4, 6]


def test_a_number_is_recognised_and_written_nowhere(two: Engine) -> None:
    erase(two, 1, by="Ada", at=after(5), reason=WHY)
    assert known_by(two, "Quokkanumber") is None
    found = erased_as(two, "Quokkanumber")
    assert found is not None
    assert (found.id, found.by) == (1, "Ada")
    assert erased_as(two, "B2") is None


def test_somebody_withdrawn_is_found_by_their_number_and_erased(two: Engine) -> None:
    who = record_patient(two, "F6", family_name="Xanthippe")
    write.void_patient(two, who, by=BY, at=after(5), why="entered by mistake")
    found = known_by(two, "F6")
    assert found is not None
    assert found.withdrawn
    erase(two, found.patient_id, by="Ada", at=after(6), reason=WHY)
    assert known_by(two, "F6") is None
    assert verify(two).findings == []


@pytest.mark.parametrize(
    "why",
    [
        "short",
        "Wuthering has asked us",
        "quokkanumber wants it",
        "so says Zephyrine.",
        "Mrs Wuthering's own wish",
        "(Zephyrine) has asked us",
        "as asked of us: #Quokkanumber",
    ],
)
def test_a_reason_says_something_and_not_who(two: Engine, why: str) -> None:
    before = everything(two)
    with pytest.raises(FactsError, match="The reason"):
        erase(two, 1, by="Ada", at=after(5), reason=why)
    assert everything(two) == before


def test_nobody_is_erased_twice(two: Engine) -> None:
    erase(two, 1, by="Ada", at=after(5), reason=WHY)
    with pytest.raises(NotFoundError):
        erase(two, 1, by="Ada", at=after(6), reason=WHY)


def test_what_goes_wrong_on_the_way_leaves_all_as_it_was(
    two: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(two)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("models.store.erasure.erasing.append", fails)
    with pytest.raises(RuntimeError):
        erase(two, 1, by="Ada", at=after(5), reason=WHY)
    assert everything(two) == before
