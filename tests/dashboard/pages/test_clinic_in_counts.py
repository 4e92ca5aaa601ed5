"""The Clinic page for who reads counts: how many stand where, and nobody by name or number."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from dashboard import data
from dashboard.charts.words import MONTHS
from dashboard.components.clinic.clinic_counts import by_days_left
from dashboard.components.clinic.patient_list import state_words
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from dashboard.patients import Person
from dashboard.worklist import Waiting
from models.outcomes.question.locked import PRIMARY
from models.store.trail.entries import Wanted, entries
from tests.support.clinics import TODAY
from tests.support.listed_patients import rows, treated
from tests.support.pages import opened, said
from tests.support.staff import manager_who_sees_names


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_who_reads_counts_sees_nobody_by_name_or_number_and_is_told_so(demo: Engine, role: Role) -> None:
    page = opened(Page.CLINIC, role=role)
    people = data.record().patients
    names = {name for person in people.rows(named=True) for name in _names(person)}
    assert not [name for name in names - set(MONTHS) if name in said(page)]  # somebody is called Jun
    assert not {*people["mrn"]} & {*re.findall(r"\w+", said(page))}
    assert not page.dataframe
    assert not page.text_input
    assert not [button for button in page.main.button if button.label == "Record"]
    assert "an administrator gives the right to names" in said(page)
    assert page.get("plotly_chart")


def test_who_reads_counts_sees_how_many_stand_where(demo: Engine) -> None:
    page = opened(Page.CLINIC, role=Role.MANAGER)
    (shown,) = [table.value for table in page.table if "Status" in table.value]
    states = rows()["state"].to_list()
    words = state_words(PRIMARY, data.scales()["phq9"])
    assert dict(shown.itertuples(index=False)) == {
        word: str(states.count(state)) for state, word in words.items() if state in states
    }
    assert [each.value for each in page.subheader][1] == f"Where {len(states)} people stand"


def test_open_windows_are_counted_by_the_time_that_is_left() -> None:
    one = Person(1, "1", None, None, None, None)
    left = [0, 1, 7, 8, 8, 14, 15, 1200]
    found = by_days_left([Waiting(one, TODAY + timedelta(days=days), days) for days in left])
    assert dict(found.itertuples(index=False)) == {
        "Last day today": "1",
        "1 to 7 days left": "2",
        "8 to 14 days left": "3",
        "More than 14 days left": "2",
    }
    assert by_days_left([Waiting(one, TODAY, 0)])["Still counts"].tolist() == ["Last day today"]


def test_a_manager_given_the_right_to_names_reads_them(record: Engine) -> None:
    ruth = treated(record, "1", given_name="Ruth", family_name="Adler")
    manager_who_sees_names()
    page = opened(Page.CLINIC, role=Role.MANAGER)
    assert page.dataframe[0].value["Patient"].tolist() == ["Adler, Ruth"]
    assert "the right to names" not in said(page)
    assert [entry.by for entry in entries(record, Wanted(action="read", patient_id=ruth))] == [Role.MANAGER]


def _names(person: dict[str, object]) -> list[str]:
    return [str(person[field]) for field in ("family_name", "given_name") if person[field]]
