"""The list of every course holds everybody, says why, re-derives the rate, and is for clinicians."""

from dataclasses import replace

import polars as pl
import pytest
from sqlalchemy import Engine

from dashboard import data
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from dashboard.roll import ORDER, roll, steps, words_of
from models.outcomes.question.estimand import Estimand
from models.outcomes.question.vocabulary import Missing
from tests.support.drawn import PHQ9
from tests.support.pages import opened, ran, said
from tests.support.staff import manager_who_sees_names

ASKED = Estimand.of(PHQ9)


def rows_of(question: Estimand = ASKED) -> pl.DataFrame:
    return roll(data.outcomes("phq9"), data.record().patients, question, PHQ9)


@pytest.mark.parametrize("missing", list(Missing))
def test_met_over_counted_is_the_rate(demo: Engine, missing: Missing) -> None:
    question = replace(ASKED, missing=missing)
    rows, rate = rows_of(question), data.findings(question, one_by_one=True).answer.rate
    assert (rows["met"].sum(), rows["counted"].sum()) == (rate.numerator, rate.denominator)


def test_the_steps_hold_everybody_treated_in_the_order_they_are_left_out(demo: Engine) -> None:
    counts, found = steps(rows_of()), data.findings(ASKED, one_by_one=True).answer.counts
    assert sum(counts.values()) == found.treated
    assert [*counts] == [each for each in ORDER if each in counts]
    assert counts["baseline_below"] == found.excluded["baseline_below"]
    assert all(words_of(each)[0].isupper() for each in ORDER)


def test_everybody_is_named_by_number_and_name(demo: Engine) -> None:
    rows = rows_of()
    assert rows["name"].null_count() == 0
    assert {*rows["number"]} <= {*data.record().patients["mrn"]}


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.MANAGER, Role.AUDITOR])
def test_only_a_clinician_reads_single_courses_and_others_are_told_so(demo: Engine, role: Role) -> None:
    page = opened(Page.CLAIM, role=role)
    page.session_state["roll"] = True
    shown = [frame.value for frame in ran(page).dataframe]
    reads = role is Role.CLINICIAN
    assert [("Patient" in frame.columns, "No." in frame.columns) for frame in shown] == [(True, True)] * reads
    assert ("an administrator gives the right to names" in said(page)) is not reads
    assert ("in or out, and why" in "".join(each.label for each in page.get("expander"))) is reads


def test_a_manager_given_the_right_to_names_reads_them_and_takes_them(demo: Engine) -> None:
    manager_who_sees_names()
    page = opened(Page.CLAIM, role=Role.MANAGER)
    page.session_state["roll"] = True
    assert "Patient" in ran(page).dataframe[0].value
    assert any(link.proto.label == "Download this list" for link in page.get("link_button"))
