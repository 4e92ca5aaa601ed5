"""`seventy scales` and `migrate`, and records that need it first."""

from datetime import datetime
from pathlib import Path

import pytest
from platformdirs import user_data_path
from sqlalchemy import Engine

from models.scales import all_scales
from models.store.moves.migrate import Migrated
from models.store.record import write
from models.store.record.read import record
from tests.support.builders import BY, NOW, record_patient
from tests.support.command import counts, seventy
from tests.support.databases import connected
from tests.support.own_scale import pain_facts


def test_scales_are_listed_with_their_range_items_and_rights() -> None:
    document = {scale["scale"]: scale for scale in seventy("scales", "--json").document}
    assert list(document) == list(all_scales())
    phq9, madrs = document["phq9"], document["madrs"]
    assert (phq9["name"], phq9["low"], phq9["high"], phq9["items_shipped"]) == ("PHQ-9", 0, 27, True)
    assert (madrs["items_shipped"], madrs["items_taken"]) == (False, False)
    assert (document["promis_depression"]["low"], document["promis_depression"]["high"]) == (10.0, 90.0)
    assert all(scale["rights"] for scale in document.values())


def test_scales_are_a_table_for_a_person() -> None:
    lines = seventy("scales").out.splitlines()
    assert lines[0].split() == ["scale", "name", "range", "items", "rights"]
    shown = {line.split()[0]: line for line in lines[1:]}
    assert "0–27" in shown["phq9"]
    assert "9, shipped" in shown["phq9"]
    assert "16, by number" in shown["qids_sr16"]
    assert "total only" in shown["madrs"]


def test_a_clinics_own_scale_that_cannot_be_used_is_said_and_left_out() -> None:
    folder = user_data_path("seventy") / "scales"
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / "own.toml"
    own.write_text("id = 7")
    try:
        run = seventy("scales", "--json")
    finally:
        own.unlink()
    assert run.status == 0
    assert "own.toml" in run.err
    assert "own" not in {scale["scale"] for scale in run.document}


def test_migrate_begins_a_record_and_leaves_one_of_this_version_alone(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/clinic.db"
    for _ in range(2):
        run = seventy("migrate", db=db)
        assert run.status == 0
        assert f"{tmp_path}/clinic.db is of this version" in run.out


def test_an_older_record_is_not_read_but_brought_up_by_migrate(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.cli.opening.newest", lambda: "9999")
    run = seventy("check", db=sqlite_url)
    assert run.status == 3
    assert "run `seventy migrate`" in run.err

    def migrated(_engine: Engine, *, at: datetime) -> Migrated:
        return Migrated("0001", "9999", tmp_path / "before.db")

    monkeypatch.setattr("dashboard.cli.opening.start", migrated)
    assert "before.db" in seventy("migrate", db=sqlite_url).err


def test_a_dry_run_on_a_record_counts_what_is_there(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("mrn,scale,assessed_at,total\n7,phq9,2025-03-03,9\n")
    seventy("import", path, db=sqlite_url)
    with connected(sqlite_url) as engine:
        before = record(engine).watermark
        run = seventy("import", path, "--dry-run", "--json", db=sqlite_url)
        assert counts(run, "assessments") == {"read": 1, "already_there": 1}
        assert record(engine).watermark == before


def test_a_long_list_of_rejections_is_cut_short_for_a_person(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("mrn,sex\n" + "7,robot\n" * 30)
    run = seventy("import", path, "--rejects", tmp_path / "rejects.csv", db=sqlite_url)
    assert run.err.count("rejected: people.csv") == 20
    assert "30 rows are rejected in all" in run.err
    assert f"The rejected rows stand in {tmp_path}/rejects.csv" in run.err


def test_a_scale_that_only_the_record_keeps_is_listed(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/clinic.db"
    seventy("migrate", db=db)
    with connected(db) as engine:
        write.record_assessment(engine, pain_facts(record_patient(engine), 7), by=BY, at=NOW)
    assert "pain" in {scale["scale"] for scale in seventy("scales", "--json", db=db).document}
    assert "pain" not in {scale["scale"] for scale in seventy("scales", "--json").document}


def test_scales_are_listed_where_no_record_can_be_opened(tmp_path: Path) -> None:
    junk = tmp_path / "junk.db"
    junk.write_text("no database")
    run = seventy("scales", "--json", db=f"sqlite:///{junk}")
    assert run.status == 0
    assert len(run.document) == len(all_scales())
    assert "cannot be opened" in run.err
