"""A disk that is read-only: a save is refused in words, the doctor names it, and then all goes on."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.engine.errors import StoreError
from models.store.health.examining import examine
from models.store.record import write
from tests.support.builders import BY, NOW
from tests.support.databases import connected
from tests.support.saving import nth_facts, standing, started


def mount(*how: str) -> None:
    done = subprocess.run(["mount", *how], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")


@contextmanager
def disk_at(folder: Path) -> Iterator[None]:
    folder.mkdir()
    mount("-t", "tmpfs", "-o", f"size=16m,mode=700,uid={folder.parent.stat().st_uid}", "seventy", str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def unwritable(engine: Engine, folder: Path) -> list[str]:
    found = examine(engine, backups=folder / "backups", copies=None, at=NOW)
    said = f"Nothing can be written at {folder}: Read-only file system."
    return [one.about for one in found if one.says == said]


def test_a_read_only_disk_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with disk_at(disk):
        url = f"sqlite:///{disk}/record.db"
        started(url)
        with connected(url) as engine:
            first = write.record_assessment(engine, nth_facts(0), by=BY, at=NOW).id
            assert unwritable(engine, disk) == []
            engine.dispose()
            mount("-o", "remount,ro", str(disk))
            with pytest.raises(StoreError, match=r"cannot be (written|opened)"):
                write.record_assessment(engine, nth_facts(1), by=BY, at=NOW)
            assert unwritable(engine, disk) == ["disk", "disk of the backups"]
            engine.dispose()
            mount("-o", "remount,rw", str(disk))
            assert unwritable(engine, disk) == []
            second = write.record_assessment(engine, nth_facts(1), by=BY, at=NOW).id
            assert standing(engine).ids == {0: first, 1: second}
