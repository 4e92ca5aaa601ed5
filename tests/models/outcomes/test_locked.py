"""A question survives being written down: what is read back is the same question, with the same hash."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.outcomes.question.document import PARTS
from models.outcomes.question.estimand import (
    Estimand,
    Indication,
    Missing,
    Outcome,
    QuestionError,
    Route,
    TreatmentResistant,
    WindowName,
)
from models.outcomes.question.locked import PRIMARY, canonical, hash_of, question_hash

GATES = "a whole number from 0 to 1023, which no scale exceeds, or none"
days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
periods: st.SearchStrategy[tuple[date | None, date | None]] = st.one_of(
    st.tuples(st.none() | days, st.none()),
    st.tuples(st.none(), days),
    st.tuples(days, days).map(lambda two: (min(two), max(two))),
)
HASH = "8f085462cd1923dfacb033a0aad7dbc1cdbf058e59b9dbff2a2ecc6f96eb8841"
names = st.none() | st.text(max_size=12)
gates = st.none() | st.integers(0, 60)

undated = st.builds(
    Estimand,
    scale=st.sampled_from(["phq9", "madrs", "pcl5"]),
    outcome=st.sampled_from(Outcome),
    window=st.sampled_from(WindowName),
    missing=st.sampled_from(Missing),
    baseline_at_least=gates,
    treatment_resistant=st.sampled_from(TreatmentResistant),
    first_course=st.booleans(),
    indications=st.lists(st.sampled_from(Indication), min_size=1).map(tuple),
    route=st.sampled_from(Route),
    clinician=names,
    site=names,
)
questions = st.builds(
    lambda asked, period: replace(asked, started_from=period[0], started_to=period[1]), undated, periods
)


@given(questions)
def test_a_question_written_down_and_read_back_is_the_same_question(asked: Estimand) -> None:
    again = Estimand.from_question(json.loads(canonical(asked)))
    assert again == asked
    assert canonical(again) == canonical(asked)
    assert question_hash(again) == question_hash(asked)


@given(questions, questions)
def test_two_questions_have_one_hash_only_when_they_are_one(one: Estimand, other: Estimand) -> None:
    assert (question_hash(one) == question_hash(other)) == (one == other)


def test_the_primary_question_is_the_one_the_specification_fixes_beforehand() -> None:
    """Clinical specification §3.7, asked of intravenous treatment; the hash is `sha256sum` of the text."""
    text = (
        '{"baseline_at_least":10,"clinician":null,"first_course":true,'
        '"indication":["depression","bipolar_depression"],"missing":"non_responder","outcome":"response",'
        '"route":"iv","scale":"phq9","site":null,"started_from":null,"started_to":null,'
        '"treatment_resistant":"yes","window":"p14_31"}'
    )
    assert canonical(PRIMARY) == text
    assert (
        question_hash(PRIMARY)
        == hash_of(text)
        == "8f085462cd1923dfacb033a0aad7dbc1cdbf058e59b9dbff2a2ecc6f96eb8841"
    )


def test_a_name_is_hashed_as_it_is_written() -> None:
    assert '"clinician":"Dr Müller"' in canonical(replace(PRIMARY, clinician="Dr Müller"))


def test_a_document_of_a_question_has_exactly_its_parts() -> None:
    assert tuple(PRIMARY.question()) == PARTS


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"colour": "red"}, r"colour is no part of a question, which has scale, .*; got 'red'"),
        ({"scale": 9}, "scale is a text; got 9"),
        ({"outcome": "cure"}, r"outcome is one of response, .*; got 'cure'"),
        ({"window": None}, "window is a text; got None"),
        ({"missing": "ignored"}, r"missing is one of non_responder, .*; got 'ignored'"),
        ({"baseline_at_least": "10"}, f"baseline_at_least is {GATES}; got '10'"),
        ({"baseline_at_least": -1}, f"baseline_at_least is {GATES}; got -1"),
        ({"baseline_at_least": 1024}, f"baseline_at_least is {GATES}; got 1024"),
        ({"baseline_at_least": 10.0}, "baseline_at_least is a whole number"),
        ({"treatment_resistant": True}, "treatment_resistant is a text; got True"),
        ({"first_course": 1}, "first_course is true or false; got 1"),
        ({"indication": "depression"}, "indication is a list of at least one of depression"),
        ({"indication": []}, "indication is at least one of depression"),
        ({"indication": ["gout"]}, "indication is one of depression, .*; got 'gout'"),
        ({"indication": [["any"]]}, "indication is one of depression"),
        ({"route": "rectal"}, "route is one of iv"),
        ({"started_from": "20260131"}, "started_from is a date such as 2026-01-31, or null; got '20260131'"),
        ({"started_to": "soon"}, "started_to is a date such as"),
        ({"started_to": 20260131}, "started_to is a date such as"),
        ({"started_from": "2026-02-01", "started_to": "2026-01-01"}, "started_to is on or after the day"),
        ({"clinician": 7}, "clinician is a text; got 7"),
    ],
    ids=str,
)
def test_a_document_that_asks_nothing_known_is_refused_by_name(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        Estimand.from_question(PRIMARY.question() | changes)


@pytest.mark.parametrize("part", PARTS)
def test_a_document_that_leaves_a_part_out_is_refused_by_name(part: str) -> None:
    document = PRIMARY.question()
    del document[part]
    with pytest.raises(QuestionError, match=f"{part} is needed in a whole question"):
        Estimand.from_question(document)
