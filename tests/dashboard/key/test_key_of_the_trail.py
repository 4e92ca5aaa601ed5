"""The key of the audit trail outlives a change of the clinic's key, on paper and by the doctor's word."""

import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dashboard.cli import keyring
from models.access.keys import Keys
from tests.support.builders import after
from tests.support.clinic_key import CANARY, KEPT, alone, names_in
from tests.support.command import seventy


@pytest.fixture(name="rotated")
def _rotated(encrypted: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A record whose key was changed twice."""
    for minute in range(2):
        monkeypatch.setattr("dashboard.cli.keeping.key.now", lambda minute=minute: after(minute))
        assert alone("key", "rotate", KEPT, db=encrypted).status == 0
    return encrypted


@pytest.fixture(name="trail")
def _trail(rotated: str, key_file: Path) -> Path:
    """Where the key lies with which it began."""
    return key_file.with_name("seventy.key.trail")


def about_the_key(db: str) -> dict[str, Any]:
    findings = alone("doctor", "--json", db=db).document["findings"]
    return next(dict(one) for one in findings if one["about"] == "key of the trail")


def lose(*files: Path) -> None:
    for file in files:
        file.unlink()


def test_one_sheet_brings_both_keys_back(rotated: str, key_file: Path, trail: Path) -> None:
    kept, first = Keys.read(key_file), Keys.read(trail)
    sheet = seventy("key", "show-sheet", db=rotated).out
    assert all(keys.fingerprint() in sheet for keys in (kept, first))
    lose(*key_file.parent.glob("seventy.key*"))
    run = alone("key", "restore", db=rotated, typed=sheet)
    assert run.status == 0
    assert f"{trail} holds the key of the audit trail ({first.fingerprint()})." in run.out
    assert (Keys.read(key_file), Keys.read(trail)) == (kept, first)
    assert trail.stat().st_mode & 0o777 == 0o600
    assert names_in(rotated, key_file) == [CANARY]
    assert about_the_key(rotated)["fine"]
    assert alone("verify", db=rotated).status == 0
    again = alone("key", "restore", db=rotated, typed=sheet)
    assert again.status == 0


def test_the_lines_of_both_are_typed_on_a_terminal(
    rotated: str, key_file: Path, trail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Keys.read(trail)
    sheet = seventy("key", "show-sheet", db=rotated).out
    lines = [line[6:] for line in sheet.splitlines() if line[3:5] == ") "]
    lose(trail)
    monkeypatch.setattr(keyring, "on_terminal", lambda: True)
    assert alone("key", "restore", db=rotated, typed="\n".join(lines) + "\n").status == 0
    assert Keys.read(trail) == first


def test_a_sheet_of_another_trail_changes_nothing(rotated: str, key_file: Path, trail: Path) -> None:
    kept, first = Keys.read(key_file), Keys.read(trail)
    other = Keys(bytes(32))
    lose(key_file)
    run = alone("key", "restore", db=f"{rotated}.new", typed=kept.recovery_sheet("", other))
    assert run.status == 2
    assert f"{trail} holds another key ({first.fingerprint()}" in run.err
    assert Keys.read(trail) == first
    assert not key_file.exists()


def test_without_the_trails_key_nothing_is_saved_and_the_doctor_names_the_file_that_holds_it(
    rotated: str, people: Path, trail: Path
) -> None:
    lose(trail)
    refused = alone("import", people, db=rotated)
    assert refused.status == 3
    assert f"nothing was saved: {trail}: is missing" in refused.err
    assert alone("verify", db=rotated).status == 3
    found = about_the_key(rotated)
    assert not found["fine"]
    assert f"{trail}: is missing" in found["says"]
    command = shlex.split(found["do"].split("`")[1])
    assert command[0] == "cp"
    subprocess.run(command, check=True)
    assert about_the_key(rotated)["fine"]
    assert alone("import", people, db=rotated).status == 0
    assert alone("verify", db=rotated).status == 0


def test_where_no_file_holds_it_the_doctor_names_the_sheet(rotated: str, key_file: Path, trail: Path) -> None:
    former = sorted(key_file.parent.glob("seventy.key.until-*"))
    lose(trail, *former)
    found = about_the_key(rotated)
    assert not found["fine"]
    assert f"{key_file} ({Keys.read(key_file).fingerprint()}) does not fit the first event" in found["says"]
    assert "`seventy key restore`" in found["do"]


def test_one_that_cannot_be_read_or_is_another_is_found(rotated: str, key_file: Path, trail: Path) -> None:
    trail.chmod(0o644)
    found = about_the_key(rotated)
    assert not found["fine"]
    assert "mode 0600" in found["says"]
    assert found["do"].startswith(f"Move {trail} away and keep it, then run `cp -p")
    shown = seventy("key", "show-sheet", db=rotated)
    assert "The sheet bears no key of the audit trail" in shown.err
    lose(trail)
    Keys.create(trail)
    assert "does not fit the first event" in about_the_key(rotated)["says"]


def test_a_record_whose_key_was_never_changed_needs_no_other(encrypted: str, key_file: Path) -> None:
    assert about_the_key(encrypted)["says"].startswith(f"{key_file} ")
    assert "another key" not in seventy("key", "show-sheet", db=encrypted).out
