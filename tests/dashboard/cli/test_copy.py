"""`seventy copy`: what it prints, and what it refuses before anything is copied."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.engine.database import place_of
from models.store.engine.errors import StoreError
from tests.support.command import seventy
from tests.support.databases import Databases, connected
from tests.support.filled import filled, rows_of


@pytest.mark.postgres
def test_a_clinic_moves_to_postgresql_and_back_with_the_same_hashes(
    sqlite_engine: Engine, sqlite_url: str, postgres: Databases, tmp_path: Path
) -> None:
    before = rows_of(filled(sqlite_engine))
    server, back = postgres.new(), f"sqlite:///{tmp_path}/back.db"
    there = seventy("copy", "--from", sqlite_url, "--to", server, "--json")
    again = seventy("copy", "--from", server, "--to", back, "--json")
    assert (there.status, again.status) == (0, 0)
    assert {name: held["rows"] for name, held in there.document.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    first, second = there.document, again.document
    assert first.pop("audit_event") != second.pop("audit_event")  # which tells of the first copy
    assert first == second
    with connected(back) as engine:
        now = rows_of(engine)
    assert [event[3] for event in now["audit_event"][-2:]] == ["copy", "copy"]
    assert now | {"audit_event": now["audit_event"][:-2]} == before


def test_both_trails_tell_of_a_copy_and_each_goes_its_own_way(tmp_path: Path) -> None:
    old, new = f"sqlite:///{tmp_path}/old.db", f"sqlite:///{tmp_path}/new.db"
    add = ("user", "add", "--role", "auditor")
    assert seventy(*add, "ada", db=old).status == 0
    assert seventy("copy", "--from", old, "--to", new).status == 0
    assert seventy(*add, "bob", db=new).status == 0
    for db, detail in (
        (old, {"to": f"{tmp_path}/new.db"}),
        (new, {"from": f"{tmp_path}/old.db", "apart": True}),
    ):
        (event,) = (one for one in seventy("audit", "--json", db=db).document if one["action"] == "copy")
        assert event["detail"] == detail
    for db in (old, new, old):
        run = seventy("verify", db=db)
        assert (run.status, run.err) == (0, "")


def test_a_copy_stands_though_the_old_record_cannot_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = f"sqlite:///{tmp_path}/old.db", f"sqlite:///{tmp_path}/new.db"
    assert seventy("user", "add", "--role", "auditor", "ada", db=old).status == 0

    def told(engine: Engine, *_: object) -> None:
        if place_of(engine) == f"{tmp_path}/old.db":
            raise StoreError("The disk is full, nothing was saved.")

    monkeypatch.setattr("dashboard.cli.keeping.copies.told", told)
    run = seventy("copy", "--from", old, "--to", new)
    assert run.status == 3
    assert run.err.startswith(f"Every row is in {tmp_path}/new.db, but the audit trail does not tell of it.")
    assert seventy("verify", db=new).status == 0


def test_counts_and_a_hash_of_each_table_are_printed(sqlite_url: str, tmp_path: Path) -> None:
    run = seventy("copy", "--from", sqlite_url, "--to", f"sqlite:///{tmp_path}/new.db")
    assert run.status == 0
    header, *lines = (line.split() for line in run.out.splitlines())
    assert header == ["table", "rows", "sha256"]
    held = {name: (int(rows), len(sha256)) for name, rows, sha256 in lines}
    assert held["clinic"] == (1, 64)
    assert held["patient"] == (0, 64)
    assert f"{tmp_path}/new.db is what it was" in run.err


def test_a_target_that_holds_anything_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    seventy("migrate", db=f"sqlite:///{tmp_path}/begun.db")
    run = seventy("copy", "--from", sqlite_url, "--to", f"sqlite:///{tmp_path}/begun.db")
    assert run.status == 1
    assert "is not empty; nothing was copied. Name a new database." in run.err


def test_a_misspelt_source_is_not_an_empty_clinic(tmp_path: Path) -> None:
    run = seventy("copy", "--from", f"sqlite:///{tmp_path}/clinc.db", "--to", f"sqlite:///{tmp_path}/new.db")
    assert run.status == 3
    assert "There is no record" in run.err
    assert list(tmp_path.iterdir()) == []
