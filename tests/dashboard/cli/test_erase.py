"""`seventy retention` and `seventy erase`: who is due, who is asked, what is said afterwards."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.cli.opening import now
from dashboard.cli.record import erasing
from models.exchange.statements.statement_export import as_text
from models.store.backups.backup import backup
from models.store.engine.database import place_of, writing
from models.store.record import write
from models.store.record.read import record
from models.tables.facts import ClinicFacts
from tests.dashboard.cli.test_verify import made
from tests.dashboard.conftest import TIMELINE
from tests.models.store.moves.test_migrating import RECORDED_THEN, at_revision
from tests.support.builders import BY, NOW, after, infusion_facts, phq9_facts, record_patient
from tests.support.command import seventy
from tests.support.databases import connected_own
from tests.support.tampering import events

WHY = ("--reason", "asked for it in writing")


@pytest.fixture(name="db")
def _db(begun: str) -> str:
    """1043 was last scored on 3 January 2026, 1044 planned for the 1st, 1045 only recorded, in June."""
    with connected_own(begun) as engine:
        ruth = record_patient(engine, "1043", given_name="Ruth", family_name="Adler")
        other = record_patient(engine, "1044", family_name="Featherstonehaugh")
        record_patient(engine, "1045")
        write.record_infusion(engine, infusion_facts(ruth, 1), by=BY, at=NOW)
        write.record_assessment(engine, phq9_facts(ruth, item_9=1, day=2), by=BY, at=NOW)
        write.record_infusion(
            engine, infusion_facts(other, 0, given_at=None, given_on=date(2026, 1, 1)), by=BY, at=NOW
        )
    return begun


def keep_for(db: str, years: int) -> None:
    with connected_own(db) as engine:
        write.save_clinic(engine, ClinicFacts(keep_years=years), by=BY, at=after(1))


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(erasing, "now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def test_nothing_is_due_until_the_clinic_says(db: str) -> None:
    run = seventy("retention", db=db)
    assert (run.status, run.out) == (
        0,
        "Nothing is due: Settings does not say for how many years a record is kept.\n",
    )
    assert "the law of the clinic's place" in run.err
    assert seventy("retention", "--json", db=db).document["keep_years"] is None


def test_those_whose_time_is_over_are_listed_by_number_alone(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_for(db, 7)
    at(monkeypatch, date(2033, 1, 2))
    run = seventy("retention", "--json", db=db)
    assert run.document == {
        "keep_years": 7,
        "as_of": "2033-01-02",
        "people": 3,
        "due": [
            {"number": "1044", "last_contact": "2026-01-01", "was": "infusion", "due_since": "2033-01-01"}
        ],
    }
    at(monkeypatch, date(2033, 6, 1))
    run = seventy("retention", db=db)
    assert "kept for 7 years after the last contact; 3 of 3 people are due" in run.out
    assert "1043    2026-01-03    score" in run.out
    assert "1045    2026-06-01    recorded" in run.out
    assert "Ruth" not in run.out + run.err


def test_the_number_is_asked_back(db: str) -> None:
    run = seventy("erase", "1043", *WHY, db=db, typed="1044\n")
    assert run.status == 2
    assert "'1044' is not NUMBER, '1043'; nothing was done" in run.err
    run = seventy("erase", "1043", *WHY, db=db, typed="1043\n")
    assert run.status == 0
    assert run.out.endswith(
        "Erased: 1 patient, 1 infusion, 1 assessment, 9 answers, 1 alert. It is erasure 1.\n"
    )
    with connected_own(db) as engine:
        assert record(engine).patients["mrn"].to_list() == ["1044", "1045"]


def test_somebody_erased_already_is_said_and_somebody_unknown_is_wrong_usage(db: str) -> None:
    assert seventy("erase", "1043", *WHY, "--confirm", "1043", db=db).status == 0
    run = seventy("erase", "1043", *WHY, "--confirm", "1043", db=db)
    assert run.status == 0
    assert "1043 was erased already, on " in run.err
    assert "nothing was done" in run.err
    run = seventy("erase", "9999", *WHY, "--confirm", "9999", db=db)
    assert (run.status, run.err) == (2, "NUMBER '9999' is nobody's in this record\n")


def test_a_reason_is_needed_and_does_not_say_who(db: str) -> None:
    for why in ("short", "Ruth Adler asked us to"):
        run = seventy("erase", "1043", "--reason", why, "--confirm", "1043", db=db)
        assert run.status == 2
        assert "--reason: The reason" in run.err
        run = seventy("erase", "1043", "--reason", why, db=db, typed="1043\n")
        assert (run.status, "Type the number" in run.err) == (2, False)
        assert run.err.startswith("--reason: The reason")
    assert seventy("erase", "1043", "--confirm", "1043", db=db).status == 2
    assert seventy("erase", *WHY, db=db).status == 2


def test_everybody_who_is_due_is_erased_and_nobody_else(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nobody is due" in seventy("erase", "--due", *WHY, "--confirm", "0", db=db).err
    keep_for(db, 7)
    at(monkeypatch, date(2033, 1, 3))
    run = seventy("erase", "1045", "--due", *WHY, "--confirm", "1045", db=db)
    assert (run.status, "is not due" in run.err) == (2, True)
    assert seventy("erase", "--due", *WHY, "--confirm", "3", db=db).status == 2
    run = seventy("erase", "--due", *WHY, "--json", "--confirm", "2", db=db)
    assert run.status == 0
    assert [one["rows"]["patient"] for one in run.document["erased"]] == [1, 1]
    with connected_own(db) as engine:
        assert record(engine).patients["mrn"].to_list() == ["1045"]


def test_a_number_read_with_another_is_said_and_both_go(db: str) -> None:
    assert seventy("merge", "1043", "1044", "--reason", "registered twice at the desk", db=db).status == 0
    run = seventy("erase", "1044", *WHY, "--confirm", "1044", db=db)
    assert "1044 is read with 1043 as one person's: all of it is erased." in run.err
    assert "2 patients, 1 link of two patients, 2 infusions" in run.out
    assert "was erased already" in seventy("erase", "1043", *WHY, "--confirm", "1043", db=db).err


def test_verify_says_who_erased_and_how_much(db: str) -> None:
    seventy("erase", "1043", *WHY, "--confirm", "1043", db=db)
    run = seventy("verify", db=db)
    assert run.status == 0
    assert "All is as it was recorded" in run.out
    assert (
        "13 rows of one person, and what the audit trail told of them (asked for it in writing)." in run.out
    )
    (erased,) = seventy("verify", "--json", db=db).document["erasures"]
    assert (erased["patient_id"], erased["rows"], "numbers" in erased) == (1, 13, False)
    with connected_own(db) as engine:
        assert "Ruth" not in repr(events(engine))


def test_the_trail_shows_that_details_are_gone_and_lists_no_digests(db: str) -> None:
    seventy("erase", "1043", *WHY, "--confirm", "1043", db=db)
    run = seventy("audit", "--patient-id", "1", db=db)
    assert "erased: what it told, by erasure 1" in run.out
    assert "reason: asked for it in writing" in run.out
    assert "left: " not in run.out
    assert "Adler" not in run.out + seventy("audit", "--json", db=db).out


def test_a_file_that_brings_somebody_back_is_told(db: str, tmp_path: Path) -> None:
    seventy("erase", "1043", *WHY, "--confirm", "1043", db=db)
    file = tmp_path / "old.csv"
    file.write_text("mrn,family_name\n1043,Adler\n1044,Featherstonehaugh\n2000,New\n")
    run = seventy("import", file, db=db)
    told = [line for line in run.err.splitlines() if line.startswith("erased before: ")]
    assert len(told) == 1
    assert told[0].startswith("erased before: 1043, Erased on ")


def test_the_backups_that_still_hold_the_person_are_named(db: str, tmp_path: Path) -> None:
    seventy("backup", "--keep", db=db)
    run = seventy("erase", "1043", *WHY, "--confirm", "1043", "--json", db=db)
    (held,) = run.document["backups"]
    assert Path(held["path"]).parent == tmp_path / "backups"
    assert held["gone_by"] >= f"{now():%Y-%m-%d}"
    assert f"Of the backups in {tmp_path / 'backups'}, 1 still holds the person" in run.err


def test_the_backups_of_a_folder_that_was_moved_still_hold_the_person(db: str, tmp_path: Path) -> None:
    seventy("backup", "--keep", db=db)
    folder = tmp_path / "moved"
    folder.mkdir()
    for name in ("record.db", "backups"):
        (tmp_path / name).rename(folder / name)
    run = seventy("erase", "1043", *WHY, "--confirm", "1043", db=f"sqlite:///{folder}/record.db")
    assert f"Of the backups in {folder / 'backups'}, 1 still holds the person" in run.err


def test_the_copies_on_another_disk_are_named_before_and_after_a_restore_alike(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "second disk"
    monkeypatch.setenv("SEVENTY_COPIES", str(copies))
    run = seventy("erase", "1045", *WHY, "--confirm", "1045", db=db)
    assert f"{copies} is not there: which copies in it still hold the person is not known." in run.err
    for folder in (tmp_path / "backups", copies):
        seventy("backup", folder, "--keep", db=db)
    seventy("backup", copies / "by-hand.db", db=db)
    told = (
        f"Of the backups in {tmp_path / 'backups'}, 1 still holds the person, ",
        f"Of the backups in {copies}, 1 still holds the person, ",
        "If one is made every day, the last of them is gone by ",
        f"{copies / 'by-hand.db'} still holds the person, until somebody deletes it.",
    )
    run = seventy("erase", "1043", *WHY, "--confirm", "1043", db=db)
    assert [each in run.err for each in told] == [True] * 4
    run = seventy("restore", copies / "by-hand.db", db=db)
    assert [each in run.err for each in told] == [True] * 4
    assert "before-restore" not in run.err.partition("is kept in")[2].partition("\n")[2]
    document = seventy("restore", copies / "by-hand.db", "--json", db=db).document
    assert [Path(one["path"]).parent for one in document["backups"]] == [tmp_path / "backups", copies, copies]
    seventy("erase", "1044", *WHY, "--confirm", "1044", db=db)
    run = seventy("restore", copies / "by-hand.db", db=db)
    assert told[-1].replace("the person", "somebody of them") in run.err


def test_a_restored_older_backup_is_without_them_and_says_so(db: str, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "clinic.db"
    seventy("backup", copy, db=db)
    seventy("erase", "1043", *WHY, "--confirm", "1043", db=db)
    seventy("erase", "1044", *WHY, "--confirm", "1044", "--keep-scores", db=db)
    run = seventy("restore", copy, db=db)
    assert run.status == 0
    assert "2 of 2 people erased here were in it, and are erased again" in run.err
    assert re.search(r": it holds .*\b2 erasures\b.*\b2 patients\b", run.out)
    with connected_own(db) as engine:
        kept, other = sorted(record(engine).patients["mrn"], reverse=True)
        assert (kept[:7], other) == ("erased-", "1045")
    assert b"Adler" not in Path(db.removeprefix("sqlite:///")).read_bytes()
    assert seventy("verify", db=db).status == 0
    later = tmp_path / "copies" / "later.db"
    seventy("backup", later, db=db)
    run = seventy("restore", later, db=db)
    assert "Nobody who was erased here was in it." in run.err
    assert "itself still holds" not in run.err


def test_a_backup_of_an_older_version_is_brought_up_and_then_without_them(db: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with connected_own(f"sqlite:///{tmp_path}/old.db") as engine:
        with writing(engine) as connection:
            at_revision(connection, "0003")
            for row in RECORDED_THEN:
                connection.exec_driver_sql(f"INSERT INTO {row}")
        manifest = backup(engine, copy, at=NOW).manifest
    with connected_own(db) as engine:
        record_patient(engine, "A1")
        said = json.loads(manifest.read_text()) | {"source": place_of(engine)}
    manifest.write_text(json.dumps(said))  # before there was a trail, a record was known by its place
    seventy("erase", "A1", *WHY, "--confirm", "A1", db=db)
    run = seventy("restore", copy, db=db)
    assert (run.status, "1 of 1 people erased here were in it" in run.err) == (0, True)
    with connected_own(db) as engine:
        assert record(engine).patients.is_empty()
    assert seventy("verify", db=db).status == 0


@pytest.mark.parametrize(
    ("keep", "said"), [([], "cannot be counted again\n"), (["--keep-scores"], "confirmed\n")]
)
def test_a_statement_made_before_is_not_called_false(tmp_path: Path, keep: list[str], said: str) -> None:
    db = f"sqlite:///{tmp_path}/golden.db"
    assert seventy("import", TIMELINE, db=db).status == 0
    file = tmp_path / "words.txt"
    file.write_text(as_text(made(db)), encoding="utf-8")
    for number in ("G01", "G02"):
        assert seventy("erase", number, *WHY, "--confirm", number, *keep, db=db).status == 0
    run = seventy("check", "--verify", file, db=db)
    assert run.out == said
    assert run.status == (0 if keep else 1)
    if not keep:
        assert "2 people were erased from this record since it was made, on " in run.err
