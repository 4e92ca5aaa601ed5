"""A full disk: the save is refused in words, what stood stands, and with room again the next save works."""

import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from shutil import disk_usage
from typing import Final

import psycopg
import pytest
from sqlalchemy import Engine

from models.store.engine import sqlite
from models.store.engine.errors import StoreError
from models.store.record import write
from tests.support.builders import BY, NOW
from tests.support.databases import connected
from tests.support.postgres import NoServerError, own_server
from tests.support.saving import Standing, nth_facts, standing, started

FULL: Final = "^The disk is full, nothing was saved.$"

ROOM: Final = 300_000
"""Bytes left for some dozens of scores."""


def save(engine: Engine, number: int) -> int:
    return write.record_assessment(engine, nth_facts(number), by=BY, at=NOW).id


def saved_until_full(engine: Engine) -> Standing:
    """What is acknowledged until the disk is full; the record holds that and no more."""
    saved: dict[int, int] = {}

    def save_on() -> None:
        for number in count():
            saved[number] = save(engine, number)

    with pytest.raises(StoreError, match=FULL):
        save_on()
    with pytest.raises(StoreError, match=FULL):
        save(engine, len(saved))
    assert len(saved) > 5
    assert standing(engine) == Standing(saved, [])
    return standing(engine)


def with_room_again(engine: Engine, stood: Standing) -> None:
    number = len(stood.ids)
    new = save(engine, number)
    assert standing(engine) == Standing({**stood.ids, number: new}, [])


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of 16 MB in memory; without the right to mount one the test is skipped."""
    folder.mkdir()
    options = f"size=16m,mode=700,uid={folder.parent.stat().st_uid}"
    mount = ["mount", "-t", "tmpfs", "-o", options, "seventy", folder]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def full_and_with_room_again(url: str, disk: Path) -> None:
    """Until the disk is full, and after something else on it was deleted, by one program all the time."""
    started(url)
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(disk_usage(disk).free - ROOM))
    with connected(url) as engine:
        stood = saved_until_full(engine)
        ballast.unlink()
        with_room_again(engine, stood)


def test_a_record_that_may_not_grow_refuses_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    started(url)
    pages = (tmp_path / "record.db").stat().st_size // 4096
    with monkeypatch.context() as limited:
        limited.setitem(sqlite.SETTINGS, "max_page_count", str(pages + 8))
        with connected(url) as engine:
            stood = saved_until_full(engine)
    with connected(url) as engine:
        with_room_again(engine, stood)


def test_a_full_disk_refuses_and_the_same_program_goes_on_when_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk):
        full_and_with_room_again(f"sqlite:///{disk}/record.db", disk)


@pytest.mark.postgres
def test_a_full_disk_of_postgresql_is_said_in_the_same_words() -> None:
    try:
        with own_server() as server:
            disk = server.folder / "disk"
            with small_disk(disk), closing(psycopg.connect(server.url, autocommit=True)) as owner:
                owner.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
                owner.execute("CREATE DATABASE record TABLESPACE small TEMPLATE template0")
                full_and_with_room_again(server.url.replace("/postgres?", "/record?"), disk)
    except NoServerError as error:
        pytest.skip(f"PostgreSQL: {error}")
