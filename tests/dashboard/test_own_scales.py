"""A clinic drops a scale of its own into its folder while the dashboard runs."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard import data, door
from dashboard.components.page.pages import Page
from models.scales import all_scales
from models.store.record import write
from models.store.record.kept_scales import kept_scales
from tests.support.builders import BY, after, infusion_facts, record_patient
from tests.support.own_scale import PAIN, pain_facts
from tests.support.pages import opened, ran, said

ASKED = PAIN + 'response_percent = { value = 50, source = "Ours" }\n'


@pytest.fixture
def folder(record: Engine, tmp_path: Path) -> Path:
    """The folder of the clinic's own scales, which is not there yet."""
    folder = tmp_path / "scales"
    door.open_door(record, all_scales(folder), folder)
    return folder


def drop(folder: Path, text: str, name: str = "pain.toml") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_file_dropped_in_is_known_in_the_next_run(record: Engine, folder: Path) -> None:
    page = ran(opened(Page.METHODS))
    assert "pain" not in data.scales()
    drop(folder, ASKED)
    ran(page)
    assert data.scales()["pain"].high == 10
    assert "Pain 0-10" in page.selectbox(key="question-scale").options
    drop(folder, ASKED.replace("Pain 0-10", "Pain today"))
    ran(page)
    assert data.scales()["pain"].name == "Pain today"


def test_a_file_taken_away_is_gone_and_whoever_asked_of_it_asks_the_locked_question(
    record: Engine, folder: Path
) -> None:
    drop(folder, ASKED)
    page = ran(opened(Page.METHODS))
    page.selectbox(key="question-scale").set_value("pain")
    ran(page)
    (folder / "pain.toml").unlink()
    ran(page)
    assert "pain" not in data.scales()
    assert page.selectbox(key="question-scale").value == "phq9"


def test_a_scale_with_scores_stays_when_its_file_is_gone_or_other(record: Engine, folder: Path) -> None:
    drop(folder, PAIN)
    door.keep_up()
    write.record_assessment(record, pain_facts(record_patient(record), 7), by=BY, at=after(1))
    drop(folder, PAIN.replace("high = 10", "high = 8"))
    page = ran(opened(Page.METHODS))
    assert data.scales()["pain"].high == 10
    assert any("as in the record's Pain 0-10" in each.value for each in page.warning)
    (folder / "pain.toml").unlink()
    page = ran(page)
    assert data.scales()["pain"].high == 10
    assert not page.warning


def test_a_scale_that_an_import_brought_is_known_in_the_next_run(record: Engine, folder: Path) -> None:
    page = ran(opened(Page.METHODS))
    patient_id = record_patient(record)
    write.record_assessment(record, pain_facts(patient_id, 7), by=BY, at=after(1))
    ran(page)
    assert data.scales()["pain"].high == 10
    write.record_infusion(record, infusion_facts(patient_id), by=BY, at=after(2))
    assert "Pain 0-10" in said(opened(Page.PATIENT, patient_id=patient_id))


def test_nothing_is_read_anew_while_the_files_stay(
    record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, PAIN)
    door.keep_up()
    monkeypatch.setattr(door, "all_scales", None)
    door.keep_up()


def test_a_cut_off_moved_while_nobody_scores_is_in_the_next_backup(record: Engine, folder: Path) -> None:
    drop(folder, PAIN)
    door.keep_up()
    write.record_assessment(record, pain_facts(record_patient(record), 7), by=BY, at=after(1))
    drop(folder, ASKED)
    opened(Page.METHODS)
    assert kept_scales(record)["pain"].response_percent == 50
