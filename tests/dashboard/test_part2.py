"""Patients under 42 CFR Part 2 on pages and in commands: marked, consenting or not, and the notice."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine

from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.exchange.leaving.part2 import NOTICE
from models.store.record import read, write
from tests.support.builders import BY, after, infusion_facts, patient_facts, record_patient
from tests.support.canaries import record_canaries, weight
from tests.support.command import seventy
from tests.support.extracts import rows
from tests.support.merging import merge
from tests.support.pages import errors, opened, press, ran, said, type_in, widget
from tests.support.ruth import page_of, ruth_in

UNTIL: Final = date(2027, 1, 31)
LABEL: Final = "Under 42 CFR Part 2 (substance use treatment records)"
CONSENT: Final = "The patient consents in writing to disclosure by extracts until"


def marked(engine: Engine) -> list[tuple[bool, date | None]]:
    people = read.record(engine).patients.sort("patient_id")
    return people.select("part2", "part2_consent_until").rows()


def test_the_form_asks_until_when_only_of_whom_it_is_needed(record: Engine) -> None:
    page = press(type_in(opened(Page.RECORD), "text_input", "patient search", "1043"), "New patient")
    flag = widget(page, "checkbox", "part2")
    assert (flag.label, flag.value) == (LABEL, False)
    assert CONSENT not in [field.label for field in page.text_input]
    flag.check()
    page = ran(page)
    assert widget(page, "text_input", "part2_consent_until").label == CONSENT
    page = press(type_in(page, "text_input", "part2_consent_until", "2027-02-30"), "Add")
    assert CONSENT in errors(page)[0]
    assert "2027-02-30" in errors(page)[0]
    press(type_in(page, "text_input", "part2_consent_until", "2027-01-31"), "Add")
    assert marked(record) == [(True, UNTIL)]


def test_a_patient_is_not_under_part_2_unless_somebody_says_so(record: Engine) -> None:
    page = press(type_in(opened(Page.RECORD), "text_input", "patient search", "1043"), "New patient")
    press(page, "Add")
    assert marked(record) == [(False, None)]
    assert "42 CFR" not in said(page_of(1))


def test_a_consent_is_revoked_and_the_flag_taken_off_by_a_correction_with_its_reason(record: Engine) -> None:
    ruth = record_patient(record, "1043", part2=True, part2_consent_until=UNTIL)
    assert "Under 42 CFR Part 2." in said(page_of(ruth))
    page = press(page_of(ruth), "Correct")
    assert widget(page, "checkbox", "part2").value
    assert widget(page, "text_input", "part2_consent_until").value == "2027-01-31"
    page = type_in(page, "text_input", "part2_consent_until", "")
    press(type_in(page, "text_input", "why", "revoked in writing"), "Save correction")
    assert marked(record) == [(True, None)]
    page = press(page_of(ruth), "Correct")
    widget(page, "checkbox", "part2").uncheck()
    press(type_in(ran(page), "text_input", "why", "marked by mistake"), "Save correction")
    assert marked(record) == [(False, None)]
    versions = read.patient_history(record, ruth)
    assert [each.reason for each in versions] == [None, "revoked in writing", "marked by mistake"]


def test_the_list_of_courses_has_the_notice_beside_it_if_such_a_patient_is_in_it(record: Engine) -> None:
    ruth = ruth_in(record)

    def listed() -> str:
        page = opened(Page.CLAIM)
        page.session_state["roll"] = True
        return said(ran(page))

    assert NOTICE not in listed()
    facts = patient_facts("1043", part2=True)
    write.correct_patient(record, ruth, facts, by=BY, at=after(1), why="came from the programme")
    assert NOTICE in listed()


def test_the_audit_trail_as_a_file_has_the_notice_beside_it(record: Engine, tmp_path: Path) -> None:
    one = record_patient(record)
    assert NOTICE not in said(opened(Page.TRAIL, role=Role.AUDITOR))
    db = record.url.render_as_string(hide_password=False)
    assert NOTICE not in seventy("audit", "--csv", tmp_path / "before.csv", db=db).err
    write.correct_patient(record, one, patient_facts(part2=True), by=BY, at=after(1), why="programme")
    assert NOTICE in said(opened(Page.TRAIL, role=Role.AUDITOR))
    for way in (("--csv", tmp_path / "after.csv"), ("--json",)):
        assert NOTICE in seventy("audit", *way, db=db).err
    assert NOTICE not in seventy("audit", db=db).err


@pytest.mark.parametrize("read_as", ["html", "json"])
def test_a_patients_own_file_has_the_notice_and_the_consent_in_it(
    record: Engine, tmp_path: Path, read_as: str
) -> None:
    db = record.url.render_as_string(hide_password=False)
    record_patient(record, "1", part2=True, part2_consent_until=UNTIL)
    record_patient(record, "2")

    def written(number: str) -> str:
        file = tmp_path / f"{number}.{read_as}"
        assert seventy("patient", number, "--to", file, db=db).status == 0
        return file.read_text("utf-8")

    assert (NOTICE in written("1"), NOTICE in written("2")) == (True, False)
    if read_as == "json":
        told = json.loads(written_again := (tmp_path / "1.json").read_text("utf-8"))
        assert (told["notice"], "2027-01-31" in written_again) == (NOTICE, True)
        assert told["rows"][0]["values"]["part2"] is True
    else:
        assert f"<dt>{LABEL}</dt><dd>yes</dd>" in (tmp_path / "1.html").read_text("utf-8")
        assert f"<dt>{CONSENT}</dt><dd>2027-01-31</dd>" in (tmp_path / "1.html").read_text("utf-8")
        assert f"<dt>{LABEL}</dt><dd>no</dd>" in (tmp_path / "2.html").read_text("utf-8")


def _say(engine: Engine, until: date | None) -> None:
    """The first canary under Part 2."""
    facts = patient_facts("MRN-90210-7741", part2=True, part2_consent_until=until)
    write.correct_patient(engine, 1, facts, by=BY, at=after(1), why="came from the programme")


def _retire(engine: Engine, until: date | None) -> None:
    """The first canary registered twice, the other number under Part 2 and retired."""
    other = record_patient(engine, "77", part2=True, part2_consent_until=until)
    write.record_infusion(engine, infusion_facts(other, 20, weight_kg=99.5), by=BY, at=after(1))
    merge(engine, 1, other)


@pytest.mark.parametrize("mark", [_say, _retire])
@pytest.mark.parametrize(("until", "leaves"), [(None, False), (date(2020, 1, 1), False), (UNTIL, True)])
def test_the_extract_has_whom_the_consent_of_its_day_lets_out(
    sqlite_engine: Engine,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mark: Callable[[Engine, date | None], None],
    until: date | None,
    leaves: bool,  # noqa: FBT001
) -> None:
    record_canaries(sqlite_engine)
    mark(sqlite_engine, until)
    monkeypatch.setattr("dashboard.cli.exchange.deidentifying.now", lambda: after(60))
    run = seventy("extract", "--product", "shifted", "--to", tmp_path / "out", "--json", db=sqlite_url)
    weights = {float(row["weight_kg"]) for row in rows(tmp_path / "out", "infusions")}
    assert (weight(0) in weights, NOTICE in run.err) == (leaves, leaves)
    assert run.document["left_out"]["patients_under_part_2_without_consent"] == (0 if leaves else None)
    assert weight(1) in weights
    assert (99.5 in weights) == (leaves and mark is _retire)
