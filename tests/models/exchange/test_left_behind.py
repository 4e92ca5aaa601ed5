"""What a killed program left of files from a browser is taken away, and nothing else."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from models.exchange.browser.left_behind import SENT, clear_left_behind
from models.exchange.browser.sending import Sent, opened
from tests.support.builders import NOW


def test_only_what_was_left_an_hour_ago_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, new, other = (tmp_path / name for name in (f"{SENT}old", f"{SENT}new", "seventy-other"))
    for folder, hours in ((old, 2), (new, 0.5), (other, 2)):
        folder.mkdir()
        (folder / "scores.csv").write_text("mrn,scale\n")
        when = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(folder, (when, when))
    (tmp_path / f"{SENT}link").symlink_to(other)
    os.utime(tmp_path / f"{SENT}link", (0, 0), follow_symlinks=False)
    clear_left_behind(NOW)
    assert not old.exists()
    assert (new / "scores.csv").exists()
    assert (other / "scores.csv").exists()


def test_files_that_came_lie_in_such_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with opened([Sent("scores.csv", b"mrn,scale,assessed_at,total\n1,phq9,2026-03-03,9\n")], None, {}):
        (folder,) = tmp_path.glob("seventy-*")
        assert folder.name.startswith(SENT)
    assert not folder.exists()
