"""Cells of the tables on screen can be copied into a spreadsheet: none of them is a formula there."""

import polars as pl
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard import data
from dashboard.components.claim import roll_card
from dashboard.components.claim.parts_card import mix_table
from dashboard.components.clinic import units_card
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from dashboard.components.question.definitions import known_scales
from dashboard.roll import roll
from models.outcomes.counts.case_mix import Group
from models.store.record import write
from tests.support.bringing import SCORES, brought
from tests.support.builders import BY, NOW, infusion_facts, record_patient
from tests.support.pages import opened, press, ran, type_in


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
    shown = ran(page).dataframe[0].value
    assert ({*shown["Patient"]}, {*shown["No."]}) == ({"'@SUM(A1)"}, {"'=1+1"})


@pytest.mark.usefixtures("formula")
def test_the_audit_trail() -> None:
    shown = opened(Page.TRAIL, role=Role.AUDITOR).dataframe[0].value
    assert {*shown["Patient"]} - {""} == {"'=1+1"}


@pytest.mark.usefixtures("formula")
def test_what_is_stored_beside_what_was_typed() -> None:
    page = press(opened(Page.RECORD), "New patient")
    for field, typed in (("mrn", "=1+1"), ("given_name", "=2+2"), ("family_name", "-3")):
        page = type_in(page, "text_input", field, typed)
    (both,) = [table.value for table in press(page, "Add").table if "Yours" in table.value]
    given, family = both.set_index("").loc[["Given name", "Family name"], ["Stored", "Yours"]].to_numpy()
    assert given.tolist() == ["Ruth", "'=2+2"]
    assert family.tolist() == ["'\u2060@SUM(A1)", "'-3"]


def test_two_records_that_may_be_one_persons(record: Engine) -> None:
    one = record_patient(record, "1", given_name="=1+1")
    record_patient(record, "2", given_name="+2")
    page = press(opened(Page.PATIENT, patient_id=one), "Same person as…")
    shown = type_in(page, "text_input", "number", "2").table[-1].value
    assert shown.iloc[0, 1:].tolist() == ["'=1+1", "'+2"]


@pytest.mark.usefixtures("demo")
def test_clinicians(monkeypatch: pytest.MonkeyPatch) -> None:
    table = units_card.table
    monkeypatch.setattr(units_card, "table", lambda *found: table(*found).assign(Clinician="=1+1"))
    assert {*opened(Page.CLINIC).table[1].value["Clinician"]} == {"'=1+1"}


@pytest.mark.usefixtures("record")
def test_refused_rows() -> None:
    page = brought({"-1.csv": SCORES + "1,phq9,2026-03-03,99\n" * 21})
    page.session_state["import-refused"] = True
    (every,) = [table.value for table in ran(page).table if "Where" in table.value]
    assert every["Where"].str.startswith("'-1").all()


@pytest.mark.usefixtures("demo")
def test_scales_and_bands_of_the_clinics_own() -> None:
    found = data.findings(data.ledger().question, one_by_one=True)
    scale = data.scales()["phq9"].model_copy(update={"name": "=1+1", "measures": "+2"})
    assert known_scales([scale]).iloc[0, :2].tolist() == ["'=1+1", "'+2"]
    assert mix_table([Group("severity", "=1+1", found.answer.rate)], found.rounding)["Group"][0] == "'=1+1"


@pytest.mark.usefixtures("formula")
def test_an_event_in_full() -> None:
    def whole() -> None:
        from dashboard import data  # noqa: PLC0415 - the script stands for a page of its own
        from dashboard.components.administration.trail_card import show_whole  # noqa: PLC0415
        from models.store.trail.entries import entries  # noqa: PLC0415

        show_whole(next(entry for entry in entries(data.engine()) if entry.subject == "patient 1"))

    shown = ran(AppTest.from_function(whole)).dataframe[0].value
    assert {"'=1+1", "'@SUM(A1)"} <= {*shown["after"]}
