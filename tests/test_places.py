"""Temporary files of tests go to memory only where there is enough, and stay where TMPDIR put them."""

import os
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support import places

MUCH, LITTLE = 2**40, 64 * 2**20


@pytest.mark.parametrize(("free", "flags", "taken"), [(MUCH, 0, True), (LITTLE, 0, False), (MUCH, 8, False)])
def test_memory_is_taken_where_there_is_much_and_programs_run_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, flags: int, *, taken: bool
) -> None:
    monkeypatch.setattr(places, "MEMORY", tmp_path)
    monkeypatch.setattr(places.shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    monkeypatch.setattr(places.os, "statvfs", lambda _path: os.statvfs_result((0,) * 8 + (flags, 255)))
    assert places.roomy() == (tmp_path if taken else None)


@pytest.mark.parametrize("named", [True, False])
def test_tmpdir_has_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(places, "roomy", lambda: tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path.parent))
    if not named:
        monkeypatch.delenv("TMPDIR")
    places.put_temporary_files_there()
    assert tempfile.gettempdir() == str(tmp_path.parent if named else tmp_path)
