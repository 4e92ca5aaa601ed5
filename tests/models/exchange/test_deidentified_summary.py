"""The summary that goes with an extract: true where it says a number, and silent of the few."""

from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from models.exchange.deidentified.summary import TOGETHER, Row, Summary, few_together, summary
from models.outcomes.answers.answer import answer
from models.outcomes.answers.claim import Claim
from models.outcomes.derivation.derive import derive_outcomes
from models.outcomes.question.estimand import Estimand, Indication
from models.outcomes.question.locked import PRIMARY
from models.scales import all_scales
from models.store.record.read import Record, record
from tests.support.clinics import TODAY, invented

SCALE: Final = all_scales()["phq9"]


@pytest.fixture(name="clinic")
def _clinic(sqlite_engine: Engine) -> Record:
    return record(invented(sqlite_engine, 240))


def summed_up(frames: Record, question: Estimand = PRIMARY) -> Summary:
    return summary(derive_outcomes(frames, SCALE, TODAY), question, SCALE, as_of=TODAY)


def test_its_totals_are_those_of_the_question_asked_of_every_indication(clinic: Record) -> None:
    shown = summed_up(clinic).shown
    assert shown is not None
    asked = replace(PRIMARY, indications=(Indication.ANY,))
    outcomes = derive_outcomes(clinic, SCALE, TODAY)
    tally = answer(outcomes, asked, SCALE, Claim(), as_of=TODAY).tally
    assert shown[-1] == (tally.met, tally.observed - tally.met, tally.missing, tally.counted)


def test_no_number_in_it_is_of_1_to_10_and_every_one_withheld_says_so(clinic: Record) -> None:
    table = summed_up(clinic).frame
    assert table is not None
    assert table.columns == ["indication", "response", "no_response", "not_scored", "all"]
    cells = [cell for row in table.drop("indication").rows() for cell in row]
    assert "withheld" in cells
    assert not [cell for cell in cells if cell != "withheld" and 0 < int(cell) < 11]


def test_no_name_and_no_date_of_the_locked_question_gets_into_it(clinic: Record) -> None:
    locked = replace(
        PRIMARY, clinician="Dr Roe", site="Elm Street", started_from=date(2020, 1, 1), started_to=TODAY
    )
    assert summed_up(clinic, locked) == summed_up(clinic)
    assert f"Asked in {TODAY.year}." in summed_up(clinic).question


def test_it_counts_people_where_the_question_counts_courses(clinic: Record) -> None:
    assert summed_up(clinic, replace(PRIMARY, first_course=False)) == summed_up(clinic)


def test_of_a_clinic_of_few_nothing_is_told(clinic: Record) -> None:
    some = clinic.patients["patient_id"].head(12).implode()
    few = replace(
        clinic,
        courses=clinic.courses.filter(pl.col("patient_id").is_in(some)),
        infusions=clinic.infusions.filter(pl.col("patient_id").is_in(some)),
    )
    assert summed_up(few).frame is None
    nobody = replace(clinic, courses=clinic.courses.clear(), infusions=clinic.infusions.clear())
    assert summed_up(nobody).frame is None


def test_rows_of_few_stand_together_with_the_next_smallest_and_unnamed() -> None:
    rows = [("pain", (1, 2, 0)), ("ptsd", (30, 9, 1)), ("anxiety", (2, 1, 3)), ("depression", (90, 40, 20))]
    assert few_together(rows) == [("depression", (90, 40, 20)), (TOGETHER, (33, 12, 4))]
    assert few_together(rows[3:]) == rows[3:]
    assert few_together(rows[:1]) == [(TOGETHER, (1, 2, 0))]


@given(st.dictionaries(st.sampled_from(sorted(Indication)), st.tuples(*[st.integers(0, 40)] * 3), min_size=1))
def test_standing_together_loses_nobody_and_leaves_no_named_row_of_few(
    found: dict[str, tuple[int, ...]],
) -> None:
    rows: list[Row] = list(found.items())
    told = few_together(rows)
    for column in range(3):
        assert sum(cells[column] for _, cells in told) == sum(cells[column] for _, cells in rows)
    assert all(sum(cells) >= 13 for name, cells in told if name != TOGETHER)
    assert all(found[name] == cells for name, cells in told if name != TOGETHER)
