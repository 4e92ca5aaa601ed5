"""`seventy copy`: what it prints, and what it refuses before anything is copied."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

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
    assert there.document == again.document
    assert {name: held["rows"] for name, held in there.document.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    with connected(back) as engine:
        assert rows_of(engine) == before


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
