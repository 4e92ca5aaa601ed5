"""What an import leaves in the record: everything once, nothing overwritten, nothing of a broken file."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from models.exchange.columns.layout import LAYOUTS
from models.exchange.columns.memory import Memory
from models.exchange.imports.intake import Pace, Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.exchange.imports.receipt import Receipt
from models.exchange.sheets.sheet import UnreadableFileError
from models.scales import all_scales
from models.store.record.read import record
from models.tables.facts import Setting

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
SETTING = Setting(date(2026, 7, 1), UTC_ZONE, all_scales())

Write = Callable[..., Path]

SCORES = "mrn,scale,assessed_at,total\n"


def brought(engine: Engine, *paths: Path, zone: str | None = None, **options: object) -> Receipt:
    place = Place(SETTING, UTC_ZONE, ZoneInfo(zone) if zone else None)
    return import_plan(engine, plan(paths), place, Recorder("a test", NOW, reads_patients=True), **options)


def told(receipt: Receipt) -> dict[str, dict[str, int]]:
    """The counts that are not zero."""
    every = {table: vars(receipt.counts[table]) for table in LAYOUTS}
    return {
        table: found for table, count in every.items() if (found := {k: v for k, v in count.items() if v})
    }


def test_files_come_in_any_order_and_a_number_makes_a_patient(engine: Engine, text_file: Write) -> None:
    scores = text_file("1.csv", SCORES + "7,phq9,2026-03-03T09:00,21\n")
    doses = text_file("2.csv", "mrn,given_at,dose_mg\n7,2026-03-03T10:00,40\n8,2026-03-04,\n")
    people = text_file("3.csv", "mrn,given_name,birth_date\n7,Zoë,1980-05-04\n")
    receipt = brought(engine, scores, doses, people)
    assert told(receipt) == {
        "patients": {"read": 1, "new": 2},
        "infusions": {"read": 2, "new": 2},
        "assessments": {"read": 1, "new": 1},
    }
    stored = record(engine)
    assert stored.patients.select("mrn", "given_name").rows() == [("7", "Zoë"), ("8", None)]
    assert stored.infusions["dose_mg"].to_list() == [40.0, None]
    assert stored.assessments["total"].to_list() == [21]


def test_the_same_file_again_adds_nothing(engine: Engine, text_file: Write) -> None:
    path = text_file("s.csv", SCORES + "7,phq9,2026-03-03T09:00,21\n7,phq9,2026-03-10,12\n")
    brought(engine, path)
    before = record(engine).watermark
    assert told(brought(engine, path)) == {"assessments": {"read": 2, "already_there": 2}}
    assert record(engine).watermark == before


def test_a_row_twice_in_a_file_is_stored_once(engine: Engine, text_file: Write) -> None:
    path = text_file("s.csv", SCORES + "7,phq9,2026-03-03,21\n7,PHQ-9,2026-03-03,21.0\n")
    assert told(brought(engine, path))["assessments"] == {"read": 2, "new": 1, "already_there": 1}


def test_one_number_written_two_ways_in_a_file_of_new_patients_is_one_patient(
    engine: Engine, text_file: Write
) -> None:
    receipt = brought(engine, text_file("p.csv", "mrn,given_name\nP-9,Ann\np-9,Zoë\n"))
    assert told(receipt)["patients"] == {"read": 2, "new": 1, "conflicting": 1}
    (found,) = receipt.contradictions
    assert str(found) == "p.csv, line 3: patient p-9: given_name is recorded as Ann, the file says Zoë"
    assert found.patient_id is None


def test_a_contradiction_is_reported_and_what_is_recorded_stands(engine: Engine, text_file: Write) -> None:
    brought(engine, text_file("a.csv", SCORES + "7,phq9,2026-03-03,21\n"))
    receipt = brought(engine, text_file("b.csv", SCORES + "7,phq9,2026-03-03,12\n7,gad7,2026-03-03,9\n"))
    assert told(receipt)["assessments"] == {"read": 2, "new": 1, "conflicting": 1}
    (found,) = receipt.contradictions
    assert str(found) == "b.csv, line 2: patient 7: total is recorded as 21, the file says 12"
    assert found.as_json()["fields"] == {"total": {"stored": 21, "given": 12}}
    assert record(engine).assessments["total"].to_list() == [21, 9]


def test_answers_that_differ_are_named_item_by_item(engine: Engine, text_file: Write) -> None:
    header = f"mrn,scale,assessed_at,{','.join(f'item_{n}' for n in range(1, 10))}\n"
    brought(engine, text_file("a.csv", header + "7,phq9,2026-03-03,1,2,2,1,1,1,1,1,0\n"))
    receipt = brought(engine, text_file("b.csv", header + "7,phq9,2026-03-03,1,2,1,1,1,1,1,,0\n"))
    (found,) = receipt.contradictions
    assert str(found) == (
        "b.csv, line 2: patient 7: total is recorded as 10, the file says 9; "
        "item 3 is recorded as 2, the file says 1; item 8 is recorded as 1, the file says left out"
    )
    assert found.as_json()["fields"]["item_3"] == {"stored": 2, "given": 1}
    assert "item_1" not in found.as_json()["fields"]


def test_of_what_is_not_recorded_a_contradiction_says_nothing(engine: Engine, text_file: Write) -> None:
    brought(engine, text_file("a.csv", "mrn,family_name\n7,Adler\n"))
    receipt = brought(engine, text_file("b.csv", "mrn,given_name,family_name\n7,Ada,Bakke\n"))
    (found,) = receipt.contradictions
    assert str(found) == "b.csv, line 2: patient 7: family_name is recorded as Adler, the file says Bakke"


def test_an_item_left_out_is_not_filled_in_by_a_later_file(engine: Engine, text_file: Write) -> None:
    header = f"mrn,scale,assessed_at,{','.join(f'item_{n}' for n in range(1, 10))}\n"
    brought(engine, text_file("a.csv", header + "7,phq9,2026-03-03,1,1,1,1,1,1,1,1,\n"))
    receipt = brought(engine, text_file("b.csv", header + "7,phq9,2026-03-03,1,1,1,1,1,1,1,1,1\n"))
    assert receipt.counts["assessments"].conflicting == 1


def test_two_files_that_disagree_are_reported_and_the_first_stands(engine: Engine, text_file: Write) -> None:
    one = text_file("1.csv", SCORES + "7,phq9,2026-03-03,21\n")
    two = text_file("2.csv", SCORES + "7,phq9,2026-03-03,12\n")
    receipt = brought(engine, one, two)
    assert told(receipt)["assessments"] == {"read": 2, "new": 1, "conflicting": 1}
    assert receipt.contradictions[0].file == "2.csv"


def test_a_file_that_does_not_say_what_was_treated_contradicts_nothing(
    engine: Engine, text_file: Write
) -> None:
    brought(engine, text_file("a.csv", "mrn,started_on,indication\n7,2026-03-03,ptsd\n"))
    silent = text_file("b.csv", "mrn,started_on,site\n7,2026-03-03,West\n")
    assert told(brought(engine, silent))["courses"] == {"read": 1, "completed": 1}
    assert record(engine).courses.select("indication", "site").rows() == [("ptsd", "West")]
    otherwise = text_file("c.csv", "mrn,started_on,indication\n7,2026-03-03,depression\n")
    assert told(brought(engine, otherwise))["courses"] == {"read": 1, "conflicting": 1}


def test_a_patient_number_used_twice_is_a_conflict(engine: Engine, text_file: Write) -> None:
    path = text_file("p.csv", "mrn,given_name,birth_date\n7,Ann,1980-05-04\n7,Ann,1981-05-04\n")
    receipt = brought(engine, path)
    assert told(receipt)["patients"] == {"read": 2, "new": 1, "conflicting": 1}
    assert receipt.contradictions[0].stored == {"birth_date": date(1980, 5, 4)}


def test_what_stood_empty_is_filled_in_and_silence_is_no_contradiction(
    engine: Engine, text_file: Write
) -> None:
    brought(engine, text_file("i.csv", "mrn,given_at,dose_mg,weight_kg\n7,2026-03-03,40,\n"))
    people = text_file("p.csv", "mrn,given_name,birth_date\n7,Ann,1980-05-04\n7,Ann,1980-05-04\n")
    assert told(brought(engine, people))["patients"] == {"read": 2, "completed": 1, "already_there": 1}
    heavier = text_file("w.csv", "mrn,given_at,dose_mg,weight_kg\n7,2026-03-03,,80\n")
    assert told(brought(engine, heavier))["infusions"] == {"read": 1, "completed": 1}
    bare = text_file("b.csv", "mrn,given_at,dose_mg,weight_kg\n7,2026-03-03,,\n")
    assert told(brought(engine, bare))["infusions"] == {"read": 1, "already_there": 1}
    stored = record(engine)
    assert stored.patients["given_name"].to_list() == ["Ann"]
    assert stored.infusions.select("dose_mg", "weight_kg").rows() == [(40.0, 80.0)]


def test_items_that_come_later_fill_in_and_raise_their_alert(engine: Engine, text_file: Write) -> None:
    brought(engine, text_file("t.csv", SCORES + "7,phq9,2026-03-03,9\n"))
    header = "mrn,scale,assessed_at," + ",".join(f"item_{n}" for n in range(1, 10)) + "\n"
    items = text_file("i.csv", header + "7,phq9,2026-03-03,1,1,1,1,1,1,1,1,1\n")
    assert told(brought(engine, items))["assessments"] == {"read": 1, "completed": 1}
    assert record(engine).assessments.select("total", "status", "suicide_item").rows() == [(9, "complete", 1)]
    assert told(brought(engine, items))["assessments"] == {"read": 1, "already_there": 1}
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT level FROM safety_alert").scalars().all() == ["ideation"]


def test_what_is_filled_in_must_be_possible_beside_what_stands(engine: Engine, text_file: Write) -> None:
    brought(engine, text_file("i.csv", "mrn,given_at,dose_mg\n7,2026-03-03,100\n"))
    born_late = text_file("p.csv", "mrn,birth_date\n7,2026-06-01\n")
    receipt = brought(engine, born_late)
    assert told(receipt)["patients"] == {"read": 1, "rejected": 1}
    assert "before the first thing recorded" in receipt.rejections[0].reason
    too_light = text_file("w.csv", "mrn,given_at,weight_kg,route\n7,2026-03-03,40,iv\n")
    assert "mg/kg" in brought(engine, too_light).rejections[0].reason


def test_what_happened_before_a_patients_birth_is_rejected(engine: Engine, text_file: Write) -> None:
    people = text_file("p.csv", "mrn,birth_date\n7,2010-05-04\n")
    path = text_file("s.csv", SCORES + "7,phq9,2009-03-03,9\n7,phq9,2026-03-03,9\n")
    receipt = brought(engine, people, path)
    assert told(receipt)["assessments"] == {"read": 2, "new": 1, "rejected": 1}
    (found,) = receipt.rejections
    assert (found.file, found.line, found.column) == ("s.csv", 2, "assessed_at")
    assert "birth, 2010-05-04" in found.reason


def test_an_infusion_before_its_patients_course_is_taken(engine: Engine, text_file: Write) -> None:
    course = text_file("c.csv", "mrn,started_on\n7,2026-03-03\n")
    doses = text_file("i.csv", "mrn,given_at\n7,2025-01-03\n7,2026-03-03\n")
    assert told(brought(engine, course, doses))["infusions"] == {"read": 2, "new": 2}


def test_a_dry_run_counts_the_same_and_stores_nothing(engine: Engine, text_file: Write) -> None:
    path = text_file("s.csv", SCORES + "7,phq9,2026-03-03,21\n7,phq9,2026-03-03,12\n8,phq9,2026-03-03,99\n")
    before = record(engine).watermark
    trial = brought(engine, path, dry_run=True)
    assert record(engine).watermark == before
    assert told(trial) == told(brought(engine, path))


@pytest.mark.parametrize("read_first", [0, 1, 10])
def test_a_file_that_breaks_on_the_way_leaves_nothing_behind(
    engine: Engine, text_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_first: int
) -> None:
    monkeypatch.setattr("models.exchange.imports.reading.LINES_AT_ONCE", 2)
    monkeypatch.setattr("models.exchange.imports.intake.BATCHES_READ_FIRST", read_first)
    good = text_file("a.csv", SCORES + "7,phq9,2026-03-03,21\n8,phq9,2026-03-03,99\n")
    broken = text_file("b.csv", SCORES + "7,phq9,2026-03-04,21\n" * 4 + '7,"phq9,2026-03-05,21\n')
    before = record(engine).watermark
    with pytest.raises(UnreadableFileError, match=r"b.csv: line 6"):
        brought(engine, good, broken, rejects=tmp_path / "rejects.csv")
    assert record(engine).watermark == before
    assert not list(tmp_path.glob("*rejects*"))
    assert not list(tmp_path.glob(".*"))


def test_a_naive_time_is_in_the_zone_named_for_the_import(engine: Engine, text_file: Write) -> None:
    path = text_file("s.csv", SCORES + "7,phq9,2026-03-03T21:00,9\n")
    brought(engine, path, zone="America/New_York")
    instant = record(engine).assessments["instant"].item()
    assert datetime.fromtimestamp(instant, UTC) == datetime(2026, 3, 4, 2, tzinfo=UTC)


def test_answers_to_the_suicide_item_raise_their_alerts_whichever_way_they_came(
    engine: Engine, text_file: Write
) -> None:
    header = "mrn,scale,assessed_at," + ",".join(f"item_{n}" for n in range(1, 10)) + "\n"
    rows = "".join(
        f"7,phq9,2026-03-{day},1,1,1,1,1,1,1,1,{last}\n" for day, last in ((10, 0), (17, 2), (24, ""))
    )
    brought(engine, text_file("i.csv", header + rows))
    with engine.connect() as connection:
        alerts = connection.exec_driver_sql(
            "SELECT level, worsening FROM safety_alert ORDER BY assessment_id"
        )
        assert [(level, bool(worse)) for level, worse in alerts] == [
            ("frequent", True),
            ("unanswered", False),
        ]


def test_progress_ends_with_everything_read_and_stored(
    engine: Engine, text_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.exchange.imports.reading.LINES_AT_ONCE", 10)
    path = text_file("s.csv", SCORES + "".join(f"{number},phq9,2026-03-03,9\n" for number in range(250)))
    seen: list[Pace] = []
    brought(engine, path, progress=seen.append)
    assert seen[-1] == Pace(path.stat().st_size, 250, 250)
    assert all(earlier <= later for earlier, later in pairwise(seen))


def test_memory_that_is_full_is_emptied_and_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.exchange.columns.memory.REMEMBERED", 2)
    made: list[str] = []
    memory = Memory(lambda text: made.append(text) or text.upper())
    assert [memory[text] for text in ("a", "b", "a", "c", "a")] == ["A", "B", "A", "C", "A"]
    assert made == ["a", "b", "c", "a"]
