"""`seventy verify` and `seventy audit`: what the person gets to see who answers for the record."""

import csv
import json
import platform
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.cli.record import office
from models.access.keys import key_file
from models.store.audit.events import Event, note
from models.store.engine.database import open_engine
from models.store.record import write
from models.store.trail.anchors import NAME
from tests.support.builders import BY, after, patient_facts, phq9_facts
from tests.support.command import seventy
from tests.support.tampering import events, tamper


@pytest.fixture(name="engine")
def _engine(begun: str) -> Iterator[Engine]:
    """A record sealed with the clinic's own key, with a patient (event 4) and a score (event 5)."""
    engine = open_engine(begun)
    write.record_patient(engine, patient_facts("A1", family_name="=HYPERLINK(1)"), by=BY, at=after(1))
    write.record_assessment(engine, phq9_facts(1, item_9=2), by="=Dr Doe", at=after(2))
    yield engine
    engine.dispose()


@pytest.fixture(name="db")
def _db(engine: Engine) -> str:
    return str(engine.url)


def test_a_record_that_is_well_is_said_to_be_and_anchored_beside_the_key(db: str) -> None:
    run = seventy("verify", db=db)
    assert (run.status, run.out) == (
        0,
        "All is as it was recorded: 5 events of the audit trail, and every row.\n",
    )
    assert "Nothing outside the database told how far the trail had come" in run.err
    (line,) = (key_file().parent / NAME).read_text().splitlines()
    assert json.loads(line)["events"] == 5
    again = seventy("verify", "--json", db=db)
    assert again.err == ""
    document = again.document
    assert document["is_well"]
    assert document["anchors"] == 1
    assert (document["events"], document["findings"]) == (5, [])


def test_what_is_not_well_is_listed_in_words_with_status_1(db: str, engine: Engine) -> None:
    tamper(engine, "UPDATE assessment SET total = 3", "UPDATE audit_event SET happened_by = 'x' WHERE id = 4")
    run = seventy("verify", db=db)
    assert run.status == 1
    assert run.out.splitlines()[0].startswith("Event 4 (record, patient 1, by x) is not as it was written")
    assert run.out.splitlines()[1].startswith("Assessment 1: recorded by =Dr Doe")
    findings = seventy("verify", "--json", db=db).document["findings"]
    assert [(finding["kind"], finding["event"]) for finding in findings] == [("changed", 4), ("record", 5)]
    assert not (key_file().parent / NAME).exists()


def test_a_tail_cut_off_after_a_backup_is_found(db: str, engine: Engine, tmp_path: Path) -> None:
    assert seventy("backup", tmp_path / "copy.db", db=db).status == 0
    assert events(engine)[-1].action == "backup"
    tamper(engine, "DELETE FROM audit_event WHERE id > 4", "DELETE FROM assessment",
           "DELETE FROM item_score", "DELETE FROM safety_alert")  # fmt: skip
    run = seventy("verify", "--backup", tmp_path / "copy.db", db=db)
    assert run.status == 1
    assert "there were 6 events; the trail now ends with event 4" in run.out


def test_the_trail_is_printed_and_each_look_at_it_is_an_event(db: str, engine: Engine) -> None:
    run = seventy("audit", "--patient", "A1", db=db)
    lines = run.out.splitlines()
    assert lines[0].split() == ["No.", "When", "Who", "Did", "To", "Patient", "From", "What"]
    assert [line.split()[0] for line in lines[1:]] == ["4", "5"]
    look = events(engine)[-1]
    assert (look.action, look.patient_id) == ("export_audit", 1)
    assert look.happened_by.startswith("seventy audit, ")
    assert look.address == f"command line, {platform.node()}"
    assert json.loads(look.detail) == {"events": 2, "patient_id": 1}
    (line,) = (key_file().parent / NAME).read_text().splitlines()
    assert json.loads(line)["events"] == look.id


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (("--by", BY), [4]),
        (("--since", "2026-06-01T12:02Z"), [5]),
        (("--until", "2026-06-01T12:02Z", "--patient", "a1"), [4]),
        (("--until", "2026-06-01", "--patient-id", 1), [4, 5]),
        (("--since", "2026-06-01", "--patient-id", 2), []),
    ],
)
def test_it_is_narrowed_by_time_person_and_patient(
    db: str, options: tuple[str | int, ...], numbers: list[int]
) -> None:
    document = seventy("audit", "--json", *options, db=db).document
    assert [entry["number"] for entry in document if entry["action"] == "record"] == numbers


def test_json_holds_what_was_before_and_after(db: str) -> None:
    score = seventy("audit", "--json", "--by", "=Dr Doe", db=db).document[0]
    assert score["at"] == after(2).isoformat()
    assert score["detail"]["after"]["assessment 1"]["items"]["9"] == 2
    assert len(score["seal"]) == 64


@pytest.mark.parametrize("detail", ["nonsense", "[1]"])
def test_an_event_that_was_made_nonsense_is_shown_as_it_stands(db: str, engine: Engine, detail: str) -> None:
    tamper(engine, f"UPDATE audit_event SET detail = '{detail}' WHERE id = 5")  # noqa: S608
    run = seventy("audit", "--by", "=Dr Doe", db=db)
    assert run.out.splitlines()[1].endswith(f"  {detail}")
    (entry,) = seventy("audit", "--json", "--by", "=Dr Doe", db=db).document
    assert entry["detail"] == detail


@pytest.mark.parametrize("column", ["happened_by", "action", "subject", "address", "detail"])
def test_an_event_with_bytes_that_are_no_text_is_shown_with_the_rest(
    db: str, engine: Engine, tmp_path: Path, column: str
) -> None:
    tamper(engine, f"UPDATE audit_event SET {column} = CAST(x'ff41' AS TEXT) WHERE id = 5")  # noqa: S608
    run = seventy("audit", db=db)
    assert run.status == 0, run.err
    assert [line.split()[0] for line in run.out.splitlines()[1:6]] == ["1", "2", "3", "4", "5"]
    assert "\ufffdA" in run.out.splitlines()[5]
    assert "\ufffdA" in json.dumps(seventy("audit", "--json", db=db).document, ensure_ascii=False)
    assert seventy("audit", "--patient", "A1", "--csv", tmp_path / "trail.csv", db=db).status == 0
    assert "\ufffdA" in (tmp_path / "trail.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("action", ["break glass", "trial_restore", "serve"])
def test_the_doctor_and_a_new_account_do_without_an_event_that_was_made_nonsense(
    db: str, engine: Engine, action: str
) -> None:
    note(engine, Event(action), by=BY, at=after(3))
    tamper(engine, f"UPDATE audit_event SET detail = 'nonsense' WHERE action = '{action}'")  # noqa: S608
    assert seventy("doctor", "--json", db=db).document["findings"]
    assert seventy("user", "add", "ada", "--role", "auditor", db=db).status == 0


def test_a_csv_holds_no_formula_is_ones_own_and_replaces_nothing(db: str, tmp_path: Path) -> None:
    file = tmp_path / "trail.csv"
    assert seventy("audit", "--csv", file, db=db).status == 0
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[4]["by"] == "'=Dr Doe"
    assert file.stat().st_mode & 0o777 == 0o600
    again = seventy("audit", "--csv", file, db=db)
    assert (again.status, "is there already" in again.err) == (2, True)
    few = tmp_path / "few.csv"
    assert f"1 event stands in {few}" in seventy("audit", "--by", "=Dr Doe", "--csv", few, db=db).err
    nowhere = seventy("audit", "--csv", file / "trail.csv", db=db)
    assert (nowhere.status, "could not be written" in nowhere.err) == (1, True)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--since", "yesterday"),
        ("--since", "9999-12-31"),
        ("--until", "9999-12-31"),
        ("--patient", "1"),
        ("--patient-id", "9" * 20),
    ],
)
def test_what_is_no_moment_or_nobody_is_wrong_usage(db: str, option: str, value: str) -> None:
    run = seventy("audit", option, value, db=db)
    assert (run.status, run.out, option in run.err) == (2, "", True)


def test_whatever_a_command_wrote_cannot_be_cut_off_unseen(db: str, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("mrn,family_name\nA2,Doe\nA3,Doe\n")
    for given in (
        ("import", tmp_path / "new.csv"),
        ("user", "add", "ada", "--role", "administrator"),
        ("merge", "A2", "A3", "--reason", "registered twice"),
    ):
        assert seventy(*given, db=db).status == 0
        newest = json.loads((key_file().parent / NAME).read_text().splitlines()[-1])
        assert newest["events"] == len(events(engine)), given


def test_anchors_lie_where_somebody_says_and_one_that_cannot_is_a_finding(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_ANCHORS", str(tmp_path / "second disk"))
    assert seventy("verify", db=db).status == 0
    assert (tmp_path / "second disk" / NAME).exists()

    (tmp_path / "file").touch()
    monkeypatch.setenv("SEVENTY_ANCHORS", str(tmp_path / "file" / "folder"))
    run = seventy("verify", db=db)
    assert run.status == 1
    assert run.out.startswith("The state of the audit trail could not be written to")


def test_a_key_others_can_read_is_refused_in_words(
    db: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_to_all = tmp_path / "open.key"
    open_to_all.write_text(key_file().read_text())
    open_to_all.chmod(0o644)
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(open_to_all))
    run = seventy("verify", db=db)
    assert run.status == 3
    assert "The clinic's key cannot be used" in run.err


def test_a_dry_run_before_there_is_a_record_makes_no_key(tmp_path: Path) -> None:
    file = tmp_path / "patients.csv"
    file.write_text("mrn,given_name\nA1,Ann\n")
    db = f"sqlite:///{tmp_path}/none.db"
    assert seventy("import", file, "--dry-run", db=db).status == 0
    assert not key_file().exists()
    assert seventy("import", file, db=db).status == 0
    assert seventy("verify", db=db).status == 0


def test_grants_are_printed_as_they_are_given(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "grant", lambda _, role: [f'GRANT SELECT ON patient TO "{role}"'])
    run = seventy("migrate", "--grants", "app", db=db)
    assert run.status == 0
    assert run.out.splitlines()[1:] == ['GRANT SELECT ON patient TO "app";']


def test_grants_on_sqlite_are_refused_in_words(db: str) -> None:
    run = seventy("migrate", "--grants", "app", db=db)
    assert (run.status, "SQLite knows no roles" in run.err) == (3, True)


def test_no_key_of_the_record_is_in_its_trail(engine: Engine) -> None:
    key = key_file().read_text().strip()
    assert all(key not in row.detail for row in events(engine))
