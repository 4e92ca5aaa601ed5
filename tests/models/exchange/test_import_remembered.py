"""What an import leaves in the audit trail, and what is known again by it: a file, a confirmation."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from dashboard.trail import line_of
from models.exchange.imports.intake import COMPARED, Agreed, ChangedError, Recorder, import_plan
from models.exchange.imports.plan import plan
from models.exchange.imports.reading import Place
from models.exchange.imports.receipt import Receipt
from models.store.engine.errors import StoreError
from models.store.record import read, write
from models.store.trail.entries import entries
from models.tables.columns import moment_number
from tests.support.builders import BY, NOW, SETTING, after, phq9_facts, record_patient
from tests.support.tampering import events, tamper

MIN, MAX = datetime.min, datetime.max  # noqa: DTZ901 - what no zone has
PLACE = Place(SETTING, ZoneInfo("America/New_York"))
SCORES = "mrn,scale,assessed_at,total,suicide_item\n1,phq9,2026-03-03,9,1\n2,phq9,2026-03-03,8,0\n"


@pytest.fixture(name="scores")
def _scores(tmp_path: Path) -> Path:
    """Two scores, one of which raises an alert."""
    path = tmp_path / "scores.csv"
    path.write_text(SCORES)
    return path


def bring(engine: Engine, path: Path, recorder: Recorder | None = None, *, dry_run: bool = False) -> Receipt:
    return import_plan(
        engine, plan([path]), PLACE, recorder or Recorder(BY, NOW, reads_patients=True), dry_run=dry_run
    )


def test_the_event_names_the_file_by_its_hash_and_tells_what_became_of_its_rows(
    engine: Engine, scores: Path
) -> None:
    bring(engine, scores)
    event = events(engine)[-1]
    told = json.loads(event.detail)
    assert event.action == "import"
    assert told["files"] == [{"name": "scores.csv", "sha256": sha256(SCORES.encode()).hexdigest()}]
    assert (told["alerts"], told["tables"]["assessments"]["new"]) == (1, 2)
    assert {span[0] for span in told["rows"]} == {"patient", "assessment", "safety_alert"}


def test_the_same_bytes_under_another_name_are_the_same_file(
    engine: Engine, scores: Path, tmp_path: Path
) -> None:
    assert bring(engine, scores).before == []
    bring(engine, scores, Recorder("Dr Doe", after(60), reads_patients=True))
    again = tmp_path / "renamed.csv"
    again.write_text(SCORES)
    receipt = bring(engine, again, Recorder(BY, after(120), reads_patients=True), dry_run=True)
    assert [str(each) for each in receipt.before] == [
        "renamed.csv: this file was imported on 2026-06-01 at 09:00 by Dr Doe: 0 new"
    ]
    again.write_text(SCORES + "3,phq9,2026-03-03,8,\n")
    assert bring(engine, again, dry_run=True).before == []


def test_a_file_again_says_how_many_are_new_now(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("mrn,birth_date\n1,1980-01-01\n2,1990-01-01\n")
    record_patient(engine, "1")
    bring(engine, path)
    write.void_patient(engine, 2, by=BY, at=after(1), why="another clinic's")
    assert [each.new for each in bring(engine, path).before] == [1]


def test_what_was_agreed_is_stored_and_a_second_confirmation_answers_the_same(
    engine: Engine, scores: Path
) -> None:
    seen = bring(engine, scores, dry_run=True)
    agreed = Recorder(BY, NOW, reads_patients=True, agreed=Agreed("once", seen.result))
    first, second = (bring(engine, scores, agreed) for _ in range(2))
    assert first.result.counts == second.result.counts == seen.result.counts
    assert first.alerts == second.alerts == 1
    assert read.record(engine).assessments.height == 2
    assert [event.action for event in events(engine)].count("import") == 1


@pytest.mark.parametrize(
    "left",
    [
        '{"confirmation":"once"}',
        '{"alerts":1,"confirmation":"once","tables":[]}',
        '{"alerts":"no","confirmation":"once","tables":{}}',
        '{"alerts":1,"confirmation":"once","tables":{"patients":{"lost":1}}}',
        '["confirmation":"once"',
    ],
)
def test_a_second_confirmation_whose_event_was_tampered_with_says_so_and_stores_nothing(
    engine: Engine, scores: Path, left: str
) -> None:
    agreed = Recorder(
        BY, NOW, reads_patients=True, agreed=Agreed("once", bring(engine, scores, dry_run=True).result)
    )
    bring(engine, scores, agreed)
    tamper(engine, f"UPDATE audit_event SET detail = '{left}' WHERE action = 'import'")  # noqa: S608
    stood = len(events(engine))
    with pytest.raises(StoreError, match="`seventy verify` names it"):
        bring(engine, scores, agreed)
    assert len(events(engine)) == stood
    assert read.record(engine).assessments.height == 2


def test_a_file_is_known_again_though_its_event_was_tampered_with(engine: Engine, scores: Path) -> None:
    bring(engine, scores)
    left = f'"sha256":"{sha256(SCORES.encode()).hexdigest()}"'
    tamper(engine, f"UPDATE audit_event SET detail = '[{left}' WHERE action = 'import'")  # noqa: S608
    assert [each.by for each in bring(engine, scores, dry_run=True).before] == [BY]


@pytest.mark.parametrize(
    "left", [2**63 - 1, -(2**63), *(moment_number(at.replace(tzinfo=UTC)) for at in (MAX, MIN))]
)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_file_is_known_again_though_its_event_tells_of_a_moment_no_zone_has(
    sqlite_engine: Engine, scores: Path, left: int, zone: str
) -> None:
    bring(sqlite_engine, scores)
    tamper(sqlite_engine, f"UPDATE audit_event SET happened_at = {left} WHERE action = 'import'")  # noqa: S608
    place = PLACE._replace(clinic_zone=ZoneInfo(zone))
    receipt = import_plan(
        sqlite_engine, plan([scores]), place, Recorder(BY, NOW, reads_patients=True), dry_run=True
    )
    assert [each.by for each in receipt.before] == [BY]
    for entry in entries(sqlite_engine):
        assert line_of(entry, place.clinic_zone)


def test_what_changed_since_is_not_stored(engine: Engine, scores: Path) -> None:
    seen = bring(engine, scores, dry_run=True)
    one = record_patient(engine, "1")
    write.record_assessment(engine, phq9_facts(one, item_9=1, day=61), by=BY, at=NOW)
    count = len(events(engine))
    with pytest.raises(ChangedError):
        bring(engine, scores, Recorder(BY, NOW, reads_patients=True, agreed=Agreed("once", seen.result)))
    assert read.record(engine).assessments.height == 1
    assert len(events(engine)) == count


def test_who_may_not_read_patients_is_told_nothing_that_is_recorded(engine: Engine, tmp_path: Path) -> None:
    path, rejects = tmp_path / "p.csv", tmp_path / "rejects.csv"
    record_patient(engine, "1", family_name="Adler", birth_date=date(2005, 5, 4))
    path.write_text("mrn,started_on\n1,2005-02-02\n")
    people = tmp_path / "q.csv"
    people.write_text("mrn,family_name\n1,Bakke\n")
    recorder = Recorder(BY, NOW, reads_patients=False)
    receipt = import_plan(engine, plan([path, people]), PLACE, recorder, rejects=rejects)
    told = json.dumps(receipt.as_json()) + rejects.read_text()
    assert receipt.counts["courses"].rejected == receipt.counts["patients"].conflicting == 1
    assert "another value" in told
    assert "by what is recorded of this patient" in told
    assert "Adler" not in told
    assert "2005-05-04" not in told


@pytest.mark.parametrize("reads_patients", [True, False])
def test_guesses_by_dry_runs_are_told_to_the_trail(
    engine: Engine, scores: Path, *, reads_patients: bool
) -> None:
    recorder = Recorder(BY, NOW, reads_patients=reads_patients)
    bring(engine, scores)
    bring(engine, scores, recorder, dry_run=True)
    told = [event for event in events(engine) if event.subject == COMPARED]
    counts = [json.loads(event.detail)["tables"]["assessments"]["already_there"] for event in told]
    assert counts == ([] if reads_patients else [2])
