"""The locked question, asked as of a day and as known at a moment, has one answer for ever."""

import pytest
from sqlalchemy import Engine

from models.outcomes.answers.answer import Answer, answer
from models.outcomes.derivation.derive import derive_outcomes
from models.scales import all_scales
from models.store.record import read, write
from models.tables.facts import ClaimFacts
from tests.support.builders import (
    BY,
    NOW,
    after,
    course_facts,
    infusion_facts,
    patient_facts,
    score_facts,
)

AS_OF = NOW.date()
PEOPLE = 6
SCORES = ((-1, 20), (21, 9))
"""A baseline, and a score 14 to 31 days after treatment: from 20 to 9 is a response (§3.2)."""


@pytest.fixture(name="treated")
def _treated(engine: Engine) -> Engine:
    """Six people alike in everything the primary question asks about, who all responded."""
    for number in range(PEOPLE):
        patient = write.record_patient(engine, patient_facts(f"A{number}"), by=BY, at=NOW).entity_id
        course = course_facts(patient, planned_infusions=1, failed_trials_episode=2)
        write.record_course(engine, course, by=BY, at=NOW)
        write.record_infusion(engine, infusion_facts(patient), by=BY, at=NOW)
        for day, total in SCORES:
            write.record_assessment(engine, score_facts(patient, total, day=day), by=BY, at=NOW)
    return engine


def locked_answer(engine: Engine, minutes: float) -> Answer:
    """What the lock that stood at a moment says of what was known at that moment."""
    known = after(minutes)
    asked = read.locks(engine, known_at=known)[-1].estimand
    (claim,) = (one.claim for one in read.claims(engine, known_at=known) if one.current)
    seen, scale = read.record(engine, known_at=known), all_scales()[asked.scale]
    outcomes = derive_outcomes(seen, scale, AS_OF)
    return answer(outcomes, asked, scale, claim, as_of=AS_OF)


def test_the_number_of_a_lock_stays_after_corrections_made_later(treated: Engine) -> None:
    then = locked_answer(treated, 0)
    assert (then.rate.numerator, then.rate.denominator) == (PEOPLE, PEOPLE)

    write.correct_assessment(treated, 2, score_facts(1, 19, day=21), by=BY, at=after(1), why="mistyped")
    write.void_assessment(treated, 4, by=BY, at=after(2), why="of another patient")
    write.correct_claim(treated, 1, claim_of(treated, rate=0.5), by=BY, at=after(3), why="misread")
    other = read.locks(treated)[0].estimand.question() | {"outcome": "remission"}
    asked = type(then.estimand).from_question(other)
    write.lock_question(treated, asked, claim=1, by=BY, at=after(4), reason="remission is asked for")

    assert locked_answer(treated, 0) == then
    counts = [locked_answer(treated, minutes).rate[:2] for minutes in (0, 1, 2, 3, 4)]
    assert counts == [(6, 6), (5, 6), (4, 6), (4, 6), (0, 6)]
    assert [locked_answer(treated, minutes).claim.rate for minutes in (2, 3)] == [0.7, 0.5]


def claim_of(engine: Engine, *, rate: float) -> ClaimFacts:
    (standing,) = (one for one in read.claims(engine) if one.current)
    return ClaimFacts(words=standing.words, rate=rate, source=standing.source)
