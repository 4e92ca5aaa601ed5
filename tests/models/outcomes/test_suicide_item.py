"""The answers about suicide of those counted: better, unchanged and worse add up, worse never left out."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.counts.suicide_item import SuicideItemChange, suicide_item_change
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing, WindowName
from models.scales import all_scales
from tests.support.drawn import PHQ9, drawn
from tests.support.golden import cohort
from tests.support.timelines import ENGINES

DAY = date(2026, 6, 30)
ASKED = Estimand(baseline_at_least=10, window=WindowName.END_OF_INDUCTION)

# 18 of the golden cohort are counted, 14 of them scored at the end of induction
ANSWERS = """
    id | before | after
    1  | 2      | 0
    2  | 1      | 0
    3  | 3      | 2
    4  | 1      | 1
    6  | 0      | 0
    7  | 0      | 1
    8  | 2      | 3
    9  | 0      | 0
    10 | 1      |
    13 |        | 0
    15 | 3      | 0
"""


def change(question: Estimand = ASKED, engine: str = "polars") -> SuicideItemChange:
    rows = drawn(ANSWERS)
    answers = [
        (number, int(row[end]) if row[end] else None)
        for row in rows
        for number, end in ((int(row["id"]), "before"), (100 + int(row["id"]), "after"))
    ]
    assessments = pl.DataFrame(
        answers, schema={"assessment_id": pl.Int64, "suicide_item": pl.Int32}, orient="row"
    )
    outcomes = cohort().with_columns(
        baseline_id=pl.col("course_id"),
        end_of_induction_id=pl.when(pl.col("end_of_induction_endpoint").is_not_null()).then(
            pl.col("course_id") + 100
        ),
    )
    on = ENGINES[engine]()
    found = suicide_item_change(on(outcomes), on(assessments), question, PHQ9)
    assert found is not None
    return found


def test_better_unchanged_and_worse_are_all_who_answered_twice() -> None:
    found = change()
    assert (found.improved, found.unchanged, found.worsened) == (3, 3, 2)
    assert sum(rate.numerator for rate in found.rates) == found.answered == 8
    assert {rate.denominator for rate in found.rates} == {8}


def test_of_those_who_endorsed_it_some_resolve_and_worse_from_zero_counts_too() -> None:
    found = change()
    assert (found.endorsed, found.resolved, found.improved) == (5, 2, 3)
    assert found.newly_endorsed == 1


def test_a_missing_answer_is_never_made_up() -> None:
    found = change()
    assert (found.only_before, found.only_after, found.neither) == (1, 1, 4)
    assert found.unanswered == 14 - 8
    assert found.unseen == 18 - 14


@pytest.mark.parametrize("missing", Missing)
def test_whom_the_question_counts_is_counted_and_nobody_else(missing: Missing) -> None:
    question = replace(ASKED, missing=missing)
    found, rate = change(question), answer(cohort(), question, PHQ9, Claim(), as_of=DAY).rate
    assert found.answered + found.unanswered + found.unseen == rate.denominator


def test_of_completers_those_who_stopped_early_are_left_out() -> None:
    """Patients 8 (worse, four infusions) and 18 (five) stopped early."""
    found = change(replace(ASKED, missing=Missing.COMPLETERS))
    assert (found.improved, found.unchanged, found.worsened) == (3, 3, 1)
    assert (found.unanswered, found.unseen) == (5, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_finds_the_same(engine: str) -> None:
    assert change(engine=engine) == change()


def test_patients_left_out_of_the_rate_are_left_out_here() -> None:
    assert change(replace(ASKED, baseline_at_least=None)).improved == 4  # patient 15, baseline 8


def test_a_scale_that_does_not_ask_has_no_answer() -> None:
    gad7 = all_scales()["gad7"]
    assert suicide_item_change(cohort(), pl.DataFrame(), replace(ASKED, scale="gad7"), gad7) is None
