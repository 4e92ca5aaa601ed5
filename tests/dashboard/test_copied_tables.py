"""Cells of the tables on screen can be copied into a spreadsheet: none of them is a formula there."""

import polars as pl
import pytest
from sqlalchemy import Engine

from dashboard.components.claim import roll_card
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from dashboard.roll import roll
from models.store.record import write
from tests.support.builders import BY, NOW, infusion_facts, record_patient
from tests.support.pages import opened, ran


@pytest.fixture(name="formula")
def _formula(record: Engine) -> None:
    someone = record_patient(record, "=1+1", given_name="Ruth", family_name="@SUM(A1)")
    write.record_infusion(record, infusion_facts(someone), by=BY, at=NOW)


@pytest.mark.usefixtures("formula")
def test_the_list_of_patients() -> None:
    shown = opened(Page.CLINIC).dataframe[0].value
    assert (shown["Patient"].tolist(), shown["No."].tolist()) == (["'@SUM(A1), Ruth"], ["'=1+1"])


@pytest.mark.usefixtures("demo")
def test_the_list_of_courses(monkeypatch: pytest.MonkeyPatch) -> None:
    named = pl.lit("=1+1").alias("number"), pl.lit("@SUM(A1)").alias("name")
    monkeypatch.setattr(roll_card, "roll", lambda *asked: roll(*asked).with_columns(*named))
    page = opened(Page.CLAIM)
    page.session_state["roll"] = True
    shown = ran(page.run()).dataframe[0].value
    assert ({*shown["Patient"]}, {*shown["No."]}) == ({"'@SUM(A1)"}, {"'=1+1"})


@pytest.mark.usefixtures("formula")
def test_the_audit_trail() -> None:
    shown = opened(Page.TRAIL, role=Role.AUDITOR).dataframe[0].value
    assert {*shown["Patient"]} - {""} == {"'=1+1"}
