"""The Settings page says how many records are due; a page notices at once who was erased elsewhere."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from dashboard import data
from dashboard.components.page.pages import Page
from dashboard.components.page.role import Role
from models.store.engine.database import open_engine
from models.store.erasure.erasing import erase
from models.store.record import read, write
from tests.support.builders import BY, NOW, after, infusion_facts, record_patient, score_facts
from tests.support.pages import errors, opened, press, said, type_in


@pytest.fixture(name="two")
def _two(record: Engine) -> Engine:
    for number in ("1043", "1044"):
        who = record_patient(record, number, family_name=f"Adler of {number}")
        write.record_infusion(record, infusion_facts(who), by=BY, at=NOW)
        write.record_assessment(record, score_facts(who, 12), by=BY, at=NOW)
    return record


def test_the_years_are_set_and_those_due_are_counted_and_not_named(
    two: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(Page.SETTINGS, role=Role.MANAGER)
    assert "No time to keep records is set" in said(page)
    page = press(type_in(page, "number_input", "keep_years", 6), "Save")
    assert read.record(two).clinic.keep_years == 6
    assert [metric.value for metric in page.metric if metric.label == "Records due"] == ["0 people"]

    monkeypatch.setattr(data, "now", lambda: datetime(2032, 1, 2, tzinfo=UTC))
    page = opened(Page.SETTINGS, role=Role.ADMINISTRATOR)
    assert [metric.value for metric in page.metric if metric.label == "Records due"] == ["2 people"]
    assert "seventy erase --due" in said(page)
    assert "6 years ago or more" in said(page)
    page = press(type_in(page, "number_input", "keep_years", 1), "Save")
    assert "a year ago or more" in said(page)
    assert "1043" not in said(page)


def test_no_record_is_kept_for_no_time_or_for_ever(two: Engine) -> None:
    page = press(type_in(opened(Page.SETTINGS, role=Role.MANAGER), "number_input", "keep_years", 0), "Save")
    assert "Years to keep a record" in errors(page)[0]
    assert read.record(two).clinic.keep_years is None


def test_a_page_notices_who_was_erased_by_another_program(two: Engine) -> None:
    assert data.count_patients() == 2
    assert [person.mrn for person in data.find_people("adler", most=9)[0]] == ["1043", "1044"]
    derived = data.outcomes("phq9")
    assert derived.height == 2
    another = open_engine(two.url.render_as_string())
    erase(another, 1, by="Ada", at=after(1), reason="asked for it in writing")
    another.dispose()
    assert data.count_patients() == 1
    assert data.patient(1) is None
    assert [person.mrn for person in data.find_people("adler", most=9)[0]] == ["1044"]
    assert data.outcomes("phq9")["patient_id"].to_list() == [2]
