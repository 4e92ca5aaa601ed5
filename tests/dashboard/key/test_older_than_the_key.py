"""A backup that is older than the record's key: what is said, and that the way it gives is one."""

import re
import shlex
from pathlib import Path

import pytest

from tests.support.builders import after
from tests.support.clinic_key import CANARY, KEPT, alone, names_in
from tests.support.command import Run, seventy


@pytest.fixture(name="copies")
def _copies(encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Of before two changes of keys: each opens with a key of its own."""
    made = []
    for number in range(2):
        made.append(tmp_path / f"copy-{number}.db")
        assert seventy("backup", made[-1], db=encrypted).status == 0
        monkeypatch.setattr("dashboard.cli.keeping.key.now", lambda number=number: after(number))
        assert alone("key", "rotate", KEPT, db=encrypted).status == 0
    return made


@pytest.mark.parametrize("number", [0, 1])
def test_the_refusal_gives_the_key_and_the_way_and_the_way_leads_there(
    copies: list[Path], number: int, encrypted: str, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = sorted(key_file.parent.glob("seventy.key.until-*"))[number]
    run = alone("restore", copies[number], db=encrypted)
    assert (run.status, run.out) == (1, "")
    assert f"it opens with the former key, {former}, and the record with {key_file}." in run.err
    assert "Nothing was changed" in run.err
    assert not list(key_file.parent.parent.rglob("*before-restore*"))

    new = copies[number].parent / "new.db"
    follow(run, new, monkeypatch)
    assert names_in(f"sqlite:///{new}", former) == [CANARY]
    assert (
        alone("verify", db=f"sqlite:///{new}").status == 0
    )  # the trail is sealed with the key it began with
    assert alone("doctor", db=f"sqlite:///{new}").status == 1  # a copy has no backups yet
    assert "key of the trail" in alone("doctor", db=f"sqlite:///{new}").out
    monkeypatch.setenv("SEVENTY_KEY_FILE", str(key_file))
    assert alone("verify", db=encrypted).status == 0


def test_beside_the_record_the_key_it_opens_with_is_named_too(
    copies: list[Path], encrypted: str, key_file: Path, tmp_path: Path
) -> None:
    former = min(key_file.parent.glob("seventy.key.until-*"))
    run = alone("restore", copies[0], "--to", tmp_path / "new.db", db=encrypted)
    assert run.status == 3
    assert f"but with a former one. Nothing was changed: SEVENTY_KEY_FILE={former} opens it." in run.err


def test_where_the_former_key_is_not_it_is_looked_for_on_paper(
    copies: list[Path], encrypted: str, key_file: Path, tmp_path: Path
) -> None:
    for former in key_file.parent.glob("seventy.key.until-*"):
        former.unlink()
    run = alone("restore", copies[0], "--to", tmp_path / "new.db", db=encrypted)
    assert "`seventy key restore` brings a key back from its sheet" in run.err
    in_place = alone("restore", copies[0], db=encrypted)
    assert in_place.status == 1
    assert "it is encrypted with another one, or damaged. Nothing was changed." in in_place.err


def test_a_plain_backup_of_before_the_record_was_encrypted_becomes_one_again(
    db: str, file: Path, people: Path, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, new = tmp_path / "plain.db", tmp_path / "new.db"
    with monkeypatch.context() as plainly:
        plainly.setenv("SEVENTY_PLAIN", "1")
        assert seventy("import", people, db=db).status == 0
        assert seventy("backup", copy, db=db).status == 0
    assert alone("key", "encrypt", KEPT, db=db).status == 0
    run = alone("restore", copy, db=db)
    assert run.status == 1
    assert f"{copy} was made before {file} was encrypted" in run.err
    follow(run, new, monkeypatch)
    assert names_in(f"sqlite:///{new}", key_file) == [CANARY]


def follow(run: Run, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Type the commands that a refusal gives."""
    for line in re.findall(r"`([^`]*\bseventy [^`]*)`", run.err):
        words = [word.replace("NEW.db", str(new)) for word in shlex.split(line)]
        if words[0] != "seventy":
            monkeypatch.setenv(*words.pop(0).split("=", 1))
        assert words.pop(0) == "seventy"
        assert alone(*words, db=f"sqlite:///{new}").status == 0
