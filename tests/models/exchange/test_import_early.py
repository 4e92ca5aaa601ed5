"""Infusions before every course of their patient: taken, counted and named, for a form would have asked."""

from datetime import date
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from models.exchange.imports.intake import Agreed, ChangedError, Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.exchange.imports.receipt import Receipt
from models.store.record import read, write
from tests.support.builders import BY, NOW, SETTING, course_facts, record_patient
from tests.support.merging import merge

PLACE: Final = Place(SETTING, ZoneInfo("America/New_York"))
COURSE: Final = "mrn,started_on\n7,2026-03-03\n"
DOSES: Final = "mrn,given_at\n7,2025-03-03\n7,2026-03-03\n7,2026-03-05\n"


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """Where the files of a test stand."""
    made = tmp_path / "exports"
    made.mkdir()
    return made


def brought(
    engine: Engine,
    folder: Path,
    files: dict[str, str],
    *,
    reads_patients: bool = True,
    agreed: Agreed | None = None,
    dry_run: bool = False,
) -> Receipt:
    """What came of a folder of these files alone."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_text(content)
    recorder = Recorder("a test", NOW, reads_patients=reads_patients, agreed=agreed)
    return import_plan(engine, plan([folder]), PLACE, recorder, dry_run=dry_run)


def named(receipt: Receipt) -> list[str]:
    """Those listed, each as a person reads it."""
    assert receipt.early_rows == len(receipt.early)
    return [str(each) for each in receipt.early]


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("order", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_courses_and_infusions_of_one_folder_are_held_against_each_other(
    engine: Engine, folder: Path, order: tuple[str, str], *, dry_run: bool
) -> None:
    receipt = brought(engine, folder, dict(zip(order, (COURSE, DOSES), strict=True)), dry_run=dry_run)
    assert receipt.counts["infusions"].new == 3
    assert receipt.is_clean
    (line,) = named(receipt)
    assert line.startswith(f"{order[1]}, line 2: patient 7: given on 2025-03-03, before the first course")
    assert line.endswith(", which starts on 2026-03-03")
    assert receipt.as_json()["early_infusions"] == {
        "count": 1,
        "listed": [
            {
                "file": order[1],
                "line": 2,
                "mrn": "7",
                "given_on": "2025-03-03",
                "first_course_on": "2026-03-03",
            }
        ],
    }


def test_only_what_is_new_is_named(engine: Engine, folder: Path) -> None:
    brought(engine, folder, {"i.csv": "mrn,given_at,dose_mg\n7,2025-03-03,\n"})
    assert named(brought(engine, folder, {"c.csv": COURSE})) == []
    assert named(brought(engine, folder, {"i.csv": "mrn,given_at,dose_mg\n7,2025-03-03,40\n"})) == []
    (again,) = named(brought(engine, folder, {"i.csv": DOSES.replace("2025-03-03", "2025-03-04")}))
    assert "given on 2025-03-04" in again
    assert named(brought(engine, folder, {"i.csv": DOSES.replace("2025-03-03", "2025-03-04")})) == []


def test_a_row_twice_in_a_file_is_named_once(engine: Engine, folder: Path) -> None:
    (line,) = named(brought(engine, folder, {"c.csv": COURSE, "i.csv": DOSES + "7,2025-03-03\n"}))
    assert line.startswith("i.csv, line 2")


def test_whoever_has_no_course_gets_one_by_the_first_infusion(engine: Engine, folder: Path) -> None:
    assert named(brought(engine, folder, {"c.csv": COURSE, "i.csv": DOSES.replace("7,", "8,")})) == []


def test_what_is_said_to_be_right_is_not_asked_again(engine: Engine, folder: Path) -> None:
    files = {"c.csv": COURSE, "i.csv": "mrn,given_at,confirmed\n7,2025-03-03,yes\n7,2025-03-04,\n"}
    (line,) = named(brought(engine, folder, files))
    assert line.startswith("i.csv, line 3")


def test_a_moment_is_of_the_clinics_day(engine: Engine, folder: Path) -> None:
    moments = "mrn,given_at\n7,2026-03-03T01:00+02:00\n7,2026-03-03T03:00+02:00\n"
    (line,) = named(brought(engine, folder, {"c.csv": COURSE, "i.csv": moments}))
    assert "line 2: patient 7: given on 2026-03-02" in line


def test_the_courses_of_merged_patients_are_one_persons(engine: Engine, folder: Path) -> None:
    keep, retire = record_patient(engine, "7"), record_patient(engine, "8")
    write.record_course(engine, course_facts(retire, date(2025, 1, 1)), by=BY, at=NOW)
    write.record_course(engine, course_facts(keep, date(2026, 3, 3)), by=BY, at=NOW)
    merge(engine, keep, retire)
    assert named(brought(engine, folder, {"i.csv": DOSES})) == []
    (line,) = named(brought(engine, folder, {"i.csv": "mrn,given_at\n7,2024-12-31\n"}))
    assert "which starts on 2025-01-01" in line


def test_of_a_great_many_the_first_are_listed_and_all_counted(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.exchange.imports.receipt.MOST_LISTED", 3)
    monkeypatch.setattr("models.exchange.imports.reading.LINES_AT_ONCE", 2)
    days = "".join(f"7,2025-03-{day:02}\n" for day in range(1, 11))
    receipt = brought(engine, folder, {"c.csv": COURSE, "i.csv": "mrn,given_at\n" + days})
    assert receipt.early_rows == 10
    assert [each.line for each in receipt.early] == [2, 3, 4]


def test_whoever_may_not_read_patients_is_told_no_day_that_was_recorded(engine: Engine, folder: Path) -> None:
    brought(engine, folder, {"c.csv": COURSE})
    files = {"c.csv": "mrn,started_on\n8,2026-04-01\n", "i.csv": DOSES + "8,2026-03-31\n"}
    stood, made = named(brought(engine, folder, files, reads_patients=False))
    assert stood == "i.csv, line 2: patient 7: given on 2025-03-03, before the first course"
    assert made.endswith("given on 2026-03-31, before the first course, which starts on 2026-04-01")


def test_what_was_agreed_to_is_stored_as_it_was_seen_or_not_at_all(engine: Engine, folder: Path) -> None:
    seen = brought(engine, folder, {"i.csv": DOSES}, dry_run=True)
    patient = record_patient(engine, "7")
    seen.counts["patients"].new = 0
    write.record_course(engine, course_facts(patient, date(2026, 3, 3)), by=BY, at=NOW)
    with pytest.raises(ChangedError):
        brought(engine, folder, {"i.csv": DOSES}, agreed=Agreed("k", seen.result))
    assert read.record(engine).infusions.is_empty()
    seen = brought(engine, folder, {"i.csv": DOSES}, dry_run=True)
    twice = [brought(engine, folder, {"i.csv": DOSES}, agreed=Agreed("k", seen.result)) for _ in range(2)]
    assert [each.early_rows for each in twice] == [1, 1]
