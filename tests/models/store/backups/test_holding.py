"""Which backups are said to hold somebody who was erased: those that do, whatever became of the record."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.backups.backup import backup, folder_of
from models.store.backups.holding import Held, held_in
from models.store.backups.retention import add_backup, set_apart
from models.store.erasure.erasing import erase, erase_again
from models.store.moves.encrypting import encrypt
from models.store.moves.migrate import start
from models.store.moves.restore import restore
from models.store.record.write import correct_patient
from models.store.trail.erasures import erasures
from tests.support.builders import BY, NOW, after, patient_facts, record_patient
from tests.support.databases import connected

WHY = "asked for it in writing"


@pytest.fixture(name="record")
def _record(
    new_record: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """A record with A1, and a backup of it as it was before."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with connected(new_record()) as engine:
        add_backup(engine, folder_of(engine), at=after(1))
        record_patient(engine, "A1")
        yield engine


def paths(held: list[Held]) -> set[Path]:
    return {one.backup.path for one in held}


def test_the_regular_ones_and_those_of_the_second_folder_are_named_and_when_they_go(
    record: Engine, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    regular = add_backup(record, folder_of(record), at=after(2))
    copy = add_backup(record, copies, at=after(3))
    named = backup(record, copies / "by hand", at=after(3))
    gone = erase(record, 1, by=BY, at=after(4), reason=WHY).erasure
    later = add_backup(record, copies, at=after(60))
    held = held_in(record, [gone], at=after(61), copies=copies)
    assert [one.backup.path for one in held] == [regular.path, copy.path, named.path]
    assert [one.sure for one in held] == [True] * 3
    until = {one.backup.path: one.until for one in held}
    assert until[named.path] is None
    days = {path: (goes - NOW).days for path, goes in until.items() if goes}
    # the one of an hour stays while 24 others have one: of the second folder, one a day
    assert days == {regular.path: 1, copy.path: 24}
    assert later.path not in paths(held)
    assert paths(held_in(record, [gone], at=after(61))) == {regular.path}


def test_what_stood_before_a_restore_holds_whom_somebody_recorded_again(
    record: Engine, tmp_path: Path
) -> None:
    """Every backup of the time before is older than what the record now knows of the person."""
    empty, *_ = folder_of(record).glob("*.json")
    then = add_backup(record, folder_of(record), at=after(2))
    copy = add_backup(record, tmp_path / "copies", at=after(2))
    done = restore(empty.with_suffix(""), record, at=after(3))
    assert done.kept
    record_patient(record, "B1")
    record_patient(record, "A1")
    gone = erase(record, 2, by=BY, at=after(10), reason=WHY).erasure
    held = held_in(record, [gone], at=after(11), copies=tmp_path / "copies")
    assert paths(held) == {then.path, copy.path, done.kept}


def test_who_is_erased_again_is_not_in_what_was_made_between(record: Engine) -> None:
    then = add_backup(record, folder_of(record), at=after(2))
    erase(record, 1, by=BY, at=after(3), reason=WHY)
    between = add_backup(record, folder_of(record), at=after(4))
    known = erasures(record)
    kept = restore(then.path, record, at=after(5)).kept
    again = [one.erasure for one in erase_again(record, known, by=BY, at=after(6))]
    held = paths(held_in(record, again, at=after(7)))
    assert held == {then.path}
    assert {between.path, kept}.isdisjoint(held)


def test_a_number_of_before_is_the_persons_too_and_anothers_later_is_not(record: Engine) -> None:
    then = add_backup(record, folder_of(record), at=after(2))
    correct_patient(record, 1, patient_facts("A\\9"), by=BY, at=after(3), why="another number")
    corrected = add_backup(record, folder_of(record), at=after(4))
    gone = erase(record, 1, by=BY, at=after(5), reason=WHY).erasure
    record_patient(record, "A1")
    add_backup(record, folder_of(record), at=after(6))
    assert paths(held_in(record, [gone], at=after(7))) == {then.path, corrected.path}


def test_one_that_cannot_be_read_may_hold_them_and_one_under_another_key_too(
    record: Engine, tmp_path: Path
) -> None:
    spoilt = add_backup(record, folder_of(record), at=after(2))
    apart = set_apart(folder_of(record), record, at=after(3))
    assert apart
    gone = erase(record, 1, by=BY, at=after(4), reason=WHY).erasure
    assert paths(held_in(record, [gone], at=after(5))) == {apart / spoilt.path.name}
    (apart / spoilt.path.name).write_bytes(b"noise" * 1000)
    (held,) = held_in(record, [gone], at=after(5))
    assert (held.sure, held.until) == (False, None)
    assert held.described(UTC)["sure"] is False


def test_another_clinics_is_not_opened(record: Engine, new_record: Callable[[], str]) -> None:
    """There the number is somebody else's."""
    gone = erase(record, 1, by=BY, at=after(4), reason=WHY).erasure
    with connected(new_record()) as other:
        record_patient(other, "A1")
        theirs = backup(other, folder_of(record) / "theirs", at=after(5))
    manifest = json.loads(theirs.manifest.read_text())
    theirs.manifest.write_text(json.dumps(manifest | {"trail": "another"}))
    assert held_in(record, [gone], at=after(6)) == []


def test_of_an_encrypted_record_the_sealed_and_the_plain_ones_are_read(tmp_path: Path) -> None:
    key = bytes(range(32))
    url = f"sqlite:///{tmp_path}/record.db"
    with connected(url) as plain:
        start(plain, at=NOW)
        record_patient(plain, "A1")
        before = add_backup(plain, tmp_path / "copies", at=after(1))
        kept = encrypt(plain, key, at=after(2))
    with connected(url, key=key) as sealed:
        since = add_backup(sealed, tmp_path / "copies", at=after(3))
        gone = erase(sealed, 1, by=BY, at=after(4), reason=WHY).erasure
        held = held_in(sealed, [gone], at=after(5), copies=tmp_path / "copies")
    assert paths(held) == {before.path, kept, since.path}
    assert [one.sure for one in held] == [True] * 3
