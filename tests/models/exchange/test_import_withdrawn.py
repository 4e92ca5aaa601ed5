"""A file does not bring back what somebody withdrew, or corrected to another day: it contradicts it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from models.store.record import write
from models.store.record.read import patient_history, record
from models.tables.facts import InfusionFacts
from tests.models.exchange.test_import_unheard import brought
from tests.support.builders import BY, SETTING, after

Write = Callable[..., Path]

INFUSIONS = "mrn,given_at\n7,2026-03-03\n7,2026-03-10\n"
SCORES = "mrn,scale,assessed_at,total\n7,madrs,2026-03-02,31\n"


def newest(engine: Engine, table: str) -> int:
    """The version that stands of what was recorded last."""
    kinds = (each for each in patient_history(engine, 1) if f"{each.kind}s" == table and each.current)
    return max(each.id for each in kinds)


def corrected(engine: Engine, day: date) -> None:
    facts = InfusionFacts.check({"patient_id": 1, "given_on": day}, SETTING)
    write.correct_infusion(engine, newest(engine, "infusions"), facts, by=BY, at=after(5), why="mistyped")


def test_a_score_that_was_withdrawn_stays_withdrawn(engine: Engine, text_file: Write) -> None:
    file = text_file("scores.csv", SCORES)
    brought(engine, file)
    write.void_assessment(engine, newest(engine, "assessments"), by=BY, at=after(5), why="of another person")
    again = brought(engine, file)
    assert record(engine).assessments.is_empty()
    assert [str(each) for each in again.contradictions] == [
        "scores.csv, line 2: patient 7: withdrawn is recorded as yes, the file says no"
    ]


def test_an_infusion_on_the_day_it_was_corrected_from_is_no_other(engine: Engine, text_file: Write) -> None:
    file = text_file("infusions.csv", INFUSIONS)
    brought(engine, file)
    corrected(engine, date(2026, 3, 11))
    again = brought(engine, file)
    assert vars(again.counts["infusions"]) == {
        "read": 2, "new": 0, "completed": 0, "already_there": 1, "conflicting": 1, "rejected": 0,
    }  # fmt: skip
    assert [str(each) for each in again.contradictions] == [
        "infusions.csv, line 3: patient 7: given_on is recorded as 2026-03-11, the file says 2026-03-10"
    ]


def test_corrected_back_it_is_there_already(engine: Engine, text_file: Write) -> None:
    file = text_file("infusions.csv", INFUSIONS)
    brought(engine, file)
    corrected(engine, date(2026, 3, 11))
    corrected(engine, date(2026, 3, 10))
    assert brought(engine, file).counts["infusions"].already_there == 2


def test_by_hand_what_was_withdrawn_may_be_entered_again(engine: Engine, text_file: Write) -> None:
    file = text_file("infusions.csv", INFUSIONS)
    brought(engine, file)
    write.void_infusion(engine, newest(engine, "infusions"), by=BY, at=after(5), why="it was not given")
    facts = InfusionFacts.check({"patient_id": 1, "given_on": date(2026, 3, 10)}, SETTING)
    write.record_infusion(engine, facts, by=BY, at=after(6))
    assert brought(engine, file).counts["infusions"].already_there == 2


def test_a_person_whose_record_was_withdrawn_and_begun_anew_has_nothing_withdrawn(
    engine: Engine, text_file: Write
) -> None:
    file = text_file("scores.csv", SCORES)
    brought(engine, file)
    write.void_assessment(engine, newest(engine, "assessments"), by=BY, at=after(5), why="of another person")
    write.void_patient(engine, newest(engine, "patients"), by=BY, at=after(6), why="recorded twice")
    assert brought(engine, file).counts["assessments"].new == 1
