"""`seventy restore` of a backup that somebody changed, and its manifest with it."""

import json
from pathlib import Path

from models.store.backups.backup import beside
from models.store.moves.migrate import start
from models.store.trail.entries import Wanted, entries
from tests.support.builders import NOW
from tests.support.command import seventy
from tests.support.databases import connected_own
from tests.support.filled import filled, rows_of
from tests.support.tampering import tamper


def test_a_backup_that_was_changed_is_put_in_place_only_when_that_is_said(
    database_url: str, tmp_path: Path
) -> None:
    lite = database_url.startswith("sqlite")
    changed = tmp_path / "changed.backup"
    with connected_own(database_url) as engine:
        start(engine, at=NOW)
        filled(engine)
        tamper(engine, "UPDATE assessment SET total = 1 WHERE id = 1")
        assert seventy("backup", changed, db=database_url).status == 0
        tamper(engine, "UPDATE assessment SET total = 2 WHERE id = 1")
        before = rows_of(engine)
    run = seventy("restore", changed, db=database_url)
    assert run.status == 1
    assert "Assessment 1: recorded by Dr Roe on 2026-06-01 12:10 UTC (event 12), was changed." in run.err
    assert "or --despite-findings to restore it all the same" in run.err
    assert lite is not ("is kept in" in run.err)
    assert lite is not ("and the backup of it is taken away again" in run.err)
    with connected_own(database_url) as engine:
        assert rows_of(engine) == before
        kept = beside(engine, "before-restore.*")
        assert not list(kept.parent.glob(f"{kept.name}*"))
    run = seventy("restore", changed, "--despite-findings", "--json", db=database_url)
    assert run.status == 0
    assert f"is kept in {run.document['kept']}\n" in run.err
    assert "What was kept stays until somebody deletes it." in run.err
    assert [finding["kind"] for finding in run.document["findings"]] == ["record"]
    with connected_own(database_url) as engine:
        assert json.loads(entries(engine, Wanted(action="restore"))[0].detail)["findings"] == 1
