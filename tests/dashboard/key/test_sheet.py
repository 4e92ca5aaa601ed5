"""The key on paper: printed, typed back, and asked for before a record is begun."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.cli import keyring
from models.access.keys import Keys
from models.store.engine.sqlite import Kind, kind_of
from tests.support.clinic_key import CANARY, KEPT, lines_of, names_in
from tests.support.command import Run, seventy


def test_the_sheet_brings_the_key_back(encrypted: str, file: Path, key_file: Path) -> None:
    shown = seventy("key", "show-sheet", db=encrypted)
    assert "RECOVERY SHEET" in shown.out
    assert "show sheet" in seventy("audit", "--json", db=encrypted).out
    key_file.unlink()
    restored = seventy("key", "restore", db=encrypted, typed=shown.out)
    assert restored.status == 0
    assert f"It opens {file}" in restored.out
    assert names_in(encrypted, key_file) == [CANARY]
    assert seventy("key", "restore", db=encrypted, typed=shown.out).status == 0


def test_the_sheet_is_typed_line_by_line_on_a_terminal(
    encrypted: str, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_of(Keys.read(key_file))
    key_file.unlink()
    monkeypatch.setattr(keyring, "on_terminal", lambda: True)
    typed = "\n".join(line.upper() for line in lines) + "\n\n"
    restored = seventy("key", "restore", db=encrypted, typed=typed)
    assert restored.status == 0
    assert names_in(encrypted, key_file) == [CANARY]


def test_a_sheet_that_is_wrong_or_of_another_key_changes_nothing(
    encrypted: str, key_file: Path, tmp_path: Path
) -> None:
    own, other = Keys.read(key_file), Keys.create(tmp_path / "other.key")
    first, *rest = lines_of(own)
    misread = first[:-1] + str(9 - int(first[-1]))
    slip = seventy("key", "restore", db=encrypted, typed="\n".join([misread, *rest]))
    assert slip.status == 2
    assert "line 1" in slip.err
    strange = seventy("key", "restore", db=encrypted, typed=other.recovery_sheet(""))
    assert strange.status == 2
    assert f"({other.fingerprint()}) does not open" in strange.err
    assert Keys.read(key_file) == own
    elsewhere = seventy("key", "restore", db=f"sqlite:///{tmp_path}/none.db", typed=other.recovery_sheet(""))
    assert elsewhere.status == 2
    assert "holds another key" in elsewhere.err
    assert Keys.read(key_file) == own


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_key_file_that_is_cut_short_or_open_to_others_is_to_be_moved_away_first(
    encrypted: str, key_file: Path, mode: int
) -> None:
    """A key is never replaced, not even half of one: it may be all there is."""
    sheet = Keys.read(key_file).recovery_sheet("")
    half = key_file.read_bytes()[:30]
    key_file.write_bytes(half)
    key_file.chmod(mode)
    run = seventy("key", "restore", db=encrypted, typed=sheet)
    assert (run.status, run.out) == (3, "")
    assert f"Nothing was changed: put that right, or move {key_file} away first, and keep it" in run.err
    assert ".." not in run.err
    assert key_file.read_bytes() == half
    key_file.rename(key_file.with_name("half"))
    assert seventy("key", "restore", db=encrypted, typed=sheet).status == 0
    assert names_in(encrypted, key_file) == [CANARY]


def test_without_a_key_there_is_no_sheet(db: str) -> None:
    run = seventy("key", "show-sheet", db=db)
    assert run.status == 2
    assert "There is no key at" in run.err


def started(db: str, typed: str) -> Run:
    return seventy("migrate", db=db, typed=typed)


def test_on_a_terminal_nothing_is_begun_until_the_sheet_is_at_hand(
    file: Path, db: str, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "on_terminal", lambda: True)
    monkeypatch.setattr(keyring.secrets, "randbelow", lambda _: 2)
    refusal = started(db, "00000000\n" * 3)
    assert refusal.status == 2
    assert "line 3" in refusal.err
    assert not file.exists()
    beginning = lines_of(Keys.read(key_file))[2][:9]
    assert started(db, f"00000000\n{beginning}\n").status == 0
    assert kind_of(file) is Kind.ENCRYPTED
    again = started(db, "")
    assert again.status == 0
    assert "lock it away" not in again.err


def test_a_script_says_that_the_key_is_kept_and_is_asked_no_more(db: str, people: Path) -> None:
    assert KEPT in seventy("import", people, db=db).err
    assert KEPT not in seventy("import", people, KEPT, db=db).err
    assert "lock it away" not in seventy("import", people, db=db).err


def test_somebody_at_a_terminal_is_asked(db: str, file: Path, key_file: Path) -> None:
    keys = Keys.create(key_file)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from dashboard.cli import app; app()", "migrate", "--db", db]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs) as migrating:
        os.close(theirs)
        asked = b""
        while not (line := re.search(rb"digits of line ([1-4]) of the sheet", asked)):
            asked += os.read(ours, 1024)
        os.write(ours, lines_of(keys)[int(line[1]) - 1][:9].encode() + b"\n")
        assert migrating.wait(60) == 0
    os.close(ours)
    assert kind_of(file) is Kind.ENCRYPTED
