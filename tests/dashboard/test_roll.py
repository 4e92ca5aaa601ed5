"""The list of every course holds everybody, says why, re-derives the rate, and names no one to managers."""

from dataclasses import replace

import polars as pl
import pytest
from sqlalchemy import Engine

from dashboard import data
from dashboard.components.pages import Page
from dashboard.components.role import Role
from dashboard.roll import ORDER, roll, steps, words_of
from models.outcomes.estimand import Estimand
from models.outcomes.vocabulary import Missing
from tests.support.clinics import invented
from tests.support.drawn import PHQ9
from tests.support.pages import opened, ran, said

ASKED = Estimand.of(PHQ9)


def rows_of(question: Estimand = ASKED, *, named: bool = False) -> pl.DataFrame:
    return roll(data.outcomes("phq9"), data.record().patients, question, PHQ9, named=named)


@pytest.fixture
def demo(record: Engine) -> Engine:
    return invented(record, 120)


@pytest.mark.parametrize("missing", list(Missing))
def test_met_over_counted_is_the_rate(demo: Engine, missing: Missing) -> None:
    question = replace(ASKED, missing=missing)
    rows, rate = rows_of(question), data.findings(question).answer.rate
    assert (rows["met"].sum(), rows["counted"].sum()) == (rate.numerator, rate.denominator)


def test_the_steps_hold_everybody_treated_in_the_order_they_are_left_out(demo: Engine) -> None:
    counts, found = steps(rows_of()), data.findings(ASKED).answer.counts
    assert sum(counts.values()) == found.treated
    assert [*counts] == [each for each in ORDER if each in counts]
    assert counts["baseline_below"] == found.excluded["baseline_below"]
    assert all(words_of(each)[0].isupper() for each in ORDER)


def test_names_are_there_only_when_asked_for(demo: Engine) -> None:
    assert not {"name", "number"} & {*rows_of().columns}
    assert rows_of(named=True)["name"].null_count() == 0


@pytest.mark.parametrize(("role", "named"), [(Role.CLINICIAN, True), (Role.MANAGER, False)])
def test_only_a_clinician_reads_names(demo: Engine, role: Role, *, named: bool) -> None:
    page = opened(Page.CLAIM, role=role)
    assert not page.dataframe
    page.session_state["roll"] = True
    shown = ran(page.run()).dataframe[0].value
    assert ("Patient" in shown.columns) is named
    assert ("Names are for clinicians." in said(page)) is not named
