"""The claim on record, the question locked for it, and how often that question was looked at."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from models.outcomes.answers.claim import Claim
from models.outcomes.question.estimand import Estimand, Outcome
from models.outcomes.question.locked import PRIMARY, canonical, question_hash
from models.store.engine.errors import ConflictError, NotFoundError, RefusedError, SupersededError
from models.store.record import read, write
from models.tables.facts import ClaimFacts, FactsError
from tests.support.builders import BY, NOW, SETTING, after

OTHER = Estimand(baseline_at_least=10, outcome=Outcome.REMISSION)
WHY = "no longer on the site"


def claim_facts(**changes: Any) -> ClaimFacts:
    values = {"words": "Most of our patients respond", "rate": 0.75, "source": "Our own website names none."}
    return ClaimFacts.check(values | changes, SETTING)


def test_every_record_starts_with_the_advertised_claim_and_the_primary_question_locked(
    engine: Engine,
) -> None:
    (claim,) = read.claims(engine)
    assert claim.claim == Claim()
    assert (claim.words, claim.rate) == (
        "70 % of people who have received ketamine infusions have found relief",
        0.70,
    )
    assert claim.source == "As advertised; the advertisement names no source."
    assert (claim.advertised_where, claim.advertised_since, claim.current) == (None, None, True)
    assert (claim.recorded_by, claim.recorded_at) == ("seventy", NOW)

    (lock,) = read.locks(engine)
    assert (lock.claim_id, lock.locked_by, lock.locked_at, lock.reason) == (1, "seventy", NOW, None)
    assert (lock.question, lock.question_hash) == (canonical(PRIMARY), question_hash(PRIMARY))
    assert lock.estimand == PRIMARY
    assert read.looks(engine, lock.id) == []


def test_a_clinic_keeps_several_claims_and_the_history_of_each(engine: Engine) -> None:
    saved = write.record_claim(engine, claim_facts(), by=BY, at=after(1))
    better = claim_facts(rate=0.5, advertised_where="Home page", advertised_since=date(2026, 2, 1))
    second = write.correct_claim(engine, saved.id, better, by=BY, at=after(2), why="misread")
    write.void_claim(engine, second.id, by=BY, at=after(3), why=WHY)

    assert (saved.id, saved.already) == (2, False)
    versions = [one for one in read.claims(engine) if one.entity_id == saved.entity_id]
    assert [(one.rate, one.current, one.voided, one.reason) for one in versions] == [
        (0.75, False, False, None),
        (0.5, False, False, "misread"),
        (0.5, False, True, WHY),
    ]
    assert (versions[1].advertised_where, versions[1].advertised_since) == ("Home page", date(2026, 2, 1))
    assert [one.entity_id for one in read.claims(engine) if one.current] == [1]


def test_claims_are_seen_as_they_were_known(engine: Engine) -> None:
    saved = write.record_claim(engine, claim_facts(), by=BY, at=after(1))
    write.correct_claim(engine, saved.id, claim_facts(rate=0.5), by=BY, at=after(2), why="misread")

    def rates(minutes: float) -> list[float]:
        return [one.rate for one in read.claims(engine, known_at=after(minutes)) if one.current]

    assert [rates(minutes) for minutes in (-1, 0, 1, 2)] == [[], [0.7], [0.7, 0.75], [0.7, 0.5]]


def test_a_claim_saved_twice_is_one_and_other_figures_for_its_words_are_a_conflict(engine: Engine) -> None:
    first = write.record_claim(engine, claim_facts(), by=BY, at=NOW, save_key="form-1")
    again = write.record_claim(engine, claim_facts(), by=BY, at=NOW, save_key="form-1")
    assert (again.id, again.already) == (first.id, True)
    with pytest.raises(ConflictError, match=r"This claim is already recorded with rate 0.75 \(got 0.9\)"):
        write.record_claim(engine, claim_facts(rate=0.9), by=BY, at=NOW)


def test_a_claim_corrected_by_two_keeps_the_first_correction(engine: Engine) -> None:
    write.correct_claim(engine, 1, claim_facts(), by="Dr Fox", at=after(1), why="theirs now")
    with pytest.raises(SupersededError, match="Dr Fox corrected this"):
        write.correct_claim(engine, 1, claim_facts(rate=0.5), by=BY, at=after(2), why="typo")


def test_another_question_is_a_new_lock_and_the_last_one_stands(engine: Engine) -> None:
    made = write.lock_question(engine, OTHER, claim=1, by=BY, at=after(1), reason=" Remission is asked  for ")
    again = write.lock_question(engine, PRIMARY, claim=None, by=BY, at=after(2), reason="back to the first")

    locks = read.locks(engine)
    assert [one.id for one in locks] == [1, 2, 3]
    assert locks[1:] == [made, again]
    assert (made.estimand, made.reason, made.locked_by) == (OTHER, "Remission is asked for", BY)
    assert (again.question_hash, again.claim_id) == (locks[0].question_hash, None)
    assert [one.id for one in read.locks(engine, known_at=after(1))] == [1, 2]


def test_the_question_that_stands_is_not_locked_again(engine: Engine) -> None:
    assert write.lock_question(engine, PRIMARY, claim=1, by=BY, at=after(1)) == read.locks(engine)[0]
    assert len(read.locks(engine)) == 1


@pytest.mark.parametrize("reason", [None, "", " \u200b "])
def test_a_later_lock_without_a_reason_is_refused(engine: Engine, reason: str | None) -> None:
    with pytest.raises(FactsError, match="The reason must be given"):
        write.lock_question(engine, OTHER, claim=1, by=BY, at=NOW, reason=reason)
    assert len(read.locks(engine)) == 1


def test_no_question_is_locked_for_a_claim_that_is_not_on_record(engine: Engine) -> None:
    write.void_claim(engine, 1, by=BY, at=NOW, why=WHY)
    for claim in (1, 7):
        with pytest.raises(NotFoundError, match="This claim is not in the record"):
            write.lock_question(engine, OTHER, claim=claim, by=BY, at=NOW, reason="another claim")


def test_the_same_counts_on_the_same_day_are_one_look(engine: Engine) -> None:
    today = NOW.date()
    first = write.note_look(engine, 1, as_of=today, numerator=4, denominator=18, at=after(1))
    again = write.note_look(engine, 1, as_of=today, numerator=4, denominator=18, at=after(60))
    write.note_look(engine, 1, as_of=today, numerator=5, denominator=19, at=after(61))
    write.note_look(engine, 1, as_of=today + timedelta(days=1), numerator=5, denominator=19, at=after(62))

    assert again == first
    looks = read.looks(engine, 1)
    assert [(one.as_of.day, one.numerator, one.denominator) for one in looks] == [
        (1, 4, 18),
        (1, 5, 19),
        (2, 5, 19),
    ]
    assert looks[0].looked_at == after(1)
    assert read.looks(engine, 1, known_at=after(1)) == looks[:1]


def test_a_look_at_nothing_or_at_impossible_counts_is_refused(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="This lock is not in the record"):
        write.note_look(engine, 7, as_of=NOW.date(), numerator=0, denominator=0, at=NOW)
    with pytest.raises(RefusedError, match="ck_claim_look_numerator"):
        write.note_look(engine, 1, as_of=NOW.date(), numerator=2, denominator=1, at=NOW)
    assert read.looks(engine, 1) == []


def test_whoever_watches_the_record_hears_of_claims_locks_and_looks(engine: Engine) -> None:
    seen = read.record(engine)
    versions = [read.data_version(engine)]
    write.record_claim(engine, claim_facts(), by=BY, at=after(1))
    versions.append(read.data_version(engine))
    write.lock_question(engine, OTHER, claim=1, by=BY, at=after(2), reason="remission")
    versions.append(read.data_version(engine))
    write.note_look(engine, 2, as_of=NOW.date(), numerator=1, denominator=2, at=after(3))
    versions.append(read.data_version(engine))
    assert len(set(versions)) == 4
    assert read.catch_up(engine, seen) is seen


def test_a_clock_that_went_back_does_not_put_a_lock_before_what_was_known(engine: Engine) -> None:
    write.note_look(engine, 1, as_of=NOW.date(), numerator=1, denominator=2, at=after(10))
    late = write.lock_question(engine, OTHER, claim=1, by=BY, at=after(5), reason="a slow clock")
    assert late.locked_at == after(10) + timedelta(microseconds=1)


def test_pages_that_show_one_answer_at_once_note_one_look(engine: Engine) -> None:
    def look(minute: int) -> read.Look:
        return write.note_look(engine, 1, as_of=NOW.date(), numerator=4, denominator=18, at=after(minute))

    with ThreadPoolExecutor(4) as pool:
        seen = set(pool.map(look, range(4)))
    assert seen == set(read.looks(engine, 1))
    assert len(seen) == 1
