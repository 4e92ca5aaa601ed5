"""Whose name stood on a screen is told to the audit trail: once a person, list and session."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard import data
from dashboard.components.files import file_refused
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.exchange.imports.told_rows import CONFLICTS_READ
from models.store.record import write
from models.store.trail.entries import Wanted, entries
from models.store.trail.listed import compact
from tests.support.bringing import SCORES, brought
from tests.support.builders import BY, NOW, phq9_facts, record_patient
from tests.support.clinics import invented
from tests.support.pages import opened, press, ran, said, turned_to, type_in


def listed(engine: Engine, name: str) -> list[list[int | str]]:
    """The patients of each event of a list, the first event first."""
    found = [entry for entry in entries(engine, Wanted(action="read")) if entry.subject == name]
    return [json.loads(entry.detail).get("patients") for entry in found[::-1]]


def test_whoever_is_found_was_read_and_once_is_enough(record: Engine) -> None:
    ruth, ken = (record_patient(record, *who) for who in (("1043",), ("1044",)))
    page = opened(Page.RECORD)
    assert listed(record, "patients found") == [[ruth, ken]]
    type_in(page, "text_input", "patient search", "1044")
    ran(page)
    assert listed(record, "patients found") == [[ruth, ken]]
    third = record_patient(record, "1045")
    type_in(page, "text_input", "patient search", "104")
    assert listed(record, "patients found") == [[ruth, ken], [third]]
    opened(Page.RECORD)
    assert listed(record, "patients found")[-1] == [f"{ruth}-{third}"]


def test_whoever_stands_in_the_line_of_alerts_was_read_and_the_others_once_they_are_listed(
    record: Engine,
) -> None:
    ids = [record_patient(record, mrn) for mrn in ("1", "2", "3")]
    for day, patient_id in enumerate(ids, start=148):
        write.record_assessment(record, phq9_facts(patient_id, item_9=3, day=day), by=BY, at=NOW)
    page = opened(Page.METHODS)
    turned_to(Page.CLAIM, page)
    assert listed(record, "open alerts") == [[ids[2]]]
    press(page, "See all")
    ran(page)
    assert listed(record, "open alerts") == [[ids[2]], ids[:2]]


def test_the_list_of_courses_is_read_once_it_is_opened(record: Engine) -> None:
    invented(record, 60)
    page, name = opened(Page.CLAIM), "list of courses with names"
    assert listed(record, name) == []
    page.session_state["roll"] = True
    ran(ran(page))
    (told,) = listed(record, name)
    assert told == compact(data.outcomes("phq9")["patient_id"])


def test_whoever_stands_in_the_clinics_list_was_read_with_a_name_or_without(record: Engine) -> None:
    ids = [record_patient(record, mrn) for mrn in ("1", "2", "3", "4")]
    opened(Page.CLINIC)
    assert listed(record, "list of patients") == [["1-4"]]
    for patient_id in ids:
        (entry,) = entries(record, Wanted(action="read", patient_id=patient_id))
        assert entry.subject == "list of patients"
    late = record_patient(record, "5")
    assert entries(record, Wanted(action="read", patient_id=late)) == []


def test_the_conflicts_of_an_import_are_one_reading_of_everybody_shown_and_of_nobody_else(
    record: Engine,
) -> None:
    for mrn in range(1, 31):
        record_patient(record, str(mrn), family_name="Adler")
    people = [f"{mrn},Bakke\n" for mrn in range(1, 31)]
    page = brought({"p.csv": "mrn,family_name\n" + "".join(people)})
    assert len([line for line in said(page).splitlines() if "Bakke" in line]) == 20
    assert listed(record, CONFLICTS_READ) == [["1-20"]]
    ran(page)
    assert listed(record, CONFLICTS_READ) == [["1-20"]]
    shown = [entry.subject for entry in entries(record, Wanted(action="read", patient_id=20))]
    assert (shown, entries(record, Wanted(action="read", patient_id=21))) == ([CONFLICTS_READ], [])


def test_whoever_has_rows_refused_by_what_is_recorded_was_read_once_the_reason_is_shown(
    record: Engine,
) -> None:
    for mrn in range(1, 31):
        record_patient(record, str(mrn), birth_date=date(2005, 5, 4))
    rows = "".join(f"{mrn},phq9,2001-01-01,9\n" for mrn in range(1, 31))
    page = brought({"s.csv": f"{SCORES}{rows}"})
    assert said(page).count("after the patient's birth, 2005-05-04") == 20
    assert listed(record, CONFLICTS_READ) == [["1-20"]]
    page.session_state["import-refused"] = True
    ran(page)
    assert listed(record, CONFLICTS_READ) == [["1-20"], ["21-30"]]


def test_the_reasons_taken_away_are_found_by_the_patient_they_tell_of(
    record: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[Any] = []
    monkeypatch.setattr(file_refused, "offer_file", lambda _, file, **__: offered.append(file))
    record_patient(record, "1", birth_date=date(2005, 5, 4))
    brought({"s.csv": f"{SCORES}1,phq9,2001-01-01,9\n2,phq9,some day,9\n"})
    assert [file.make().event.detail for file in offered] == [{"patients": [1]}] * 2


def test_whoever_only_the_files_contradict_was_not_read(record: Engine) -> None:
    record_patient(record, "1")
    page = brought({"p.csv": "mrn,sex\n2,f\n2,m\n"})
    assert "1 row contradicts" in said(page)
    assert listed(record, CONFLICTS_READ) == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGER])
def test_who_reads_counts_reads_nobody_one_by_one(record: Engine, role: Role) -> None:
    invented(record, 60)
    clinic, claim = (opened(page, role=role) for page in (Page.CLINIC, Page.CLAIM))
    assert clinic.metric
    assert not clinic.dataframe
    assert not {*data.record().patients["mrn"]} & {*said(clinic).replace(".", " ").split()}
    assert not [each for each in claim.get("expander") if "in or out, and why" in each.label]
    assert [entry for entry in entries(record, Wanted(action="read")) if entry.subject] == []


def test_whoever_stands_in_the_lines_of_the_trail_was_read_and_once_is_enough(record: Engine) -> None:
    ids = [record_patient(record, mrn) for mrn in ("1", "2")]
    name = "lines of the audit trail"
    page = opened(Page.TRAIL, role=Role.AUDITOR)
    ran(page)
    assert listed(record, name) == [ids]
    later = record_patient(record, "3")
    ran(page)
    assert listed(record, name) == [ids, [later]]
    (told, *_) = entries(record, Wanted(action="read"))
    assert (told.by, told.address, told.patient_id) == (Role.AUDITOR, "::1", None)
