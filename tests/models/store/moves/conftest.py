"""A record to move, and its backup."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from models.store.backups.backup import Backup, backup
from models.store.engine import sqlite
from tests.support.builders import after
from tests.support.databases import connected
from tests.support.filled import filled


@pytest.fixture(
    name="filled_once",
    scope="session",
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def _filled_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A record with rows in every table, to copy, on each engine."""
    if request.param == "sqlite":
        empty = request.getfixturevalue("_empty_file")
        url = f"sqlite:///{shutil.copy(empty, tmp_path_factory.mktemp('filled'))}"
    else:
        url = str(request.getfixturevalue("postgres").its_own())
    with connected(url) as engine:
        filled(engine)
    return url


@pytest.fixture(name="url")
def _url(filled_once: str, some_key: None, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A copy of it, in a database of its own."""
    if filled_once.startswith("sqlite"):
        return f"sqlite:///{shutil.copy(sqlite.file_of(make_url(filled_once)), tmp_path / 'record.db')}"
    return str(request.getfixturevalue("postgres").copied(filled_once))


@pytest.fixture(name="record")
def _record(url: str) -> Iterator[Engine]:
    """The same, open."""
    with connected(url) as engine:
        yield engine


@pytest.fixture(name="made")
def _made(record: Engine, tmp_path: Path) -> Backup:
    """A backup of it, kept elsewhere."""
    return backup(record, tmp_path / "elsewhere" / "copy", at=after(60))
