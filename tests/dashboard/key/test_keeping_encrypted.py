"""Backups, restores and the doctor of an encrypted record."""

from pathlib import Path

import pytest

from models.store.backups.backup import verify_backup
from models.store.engine.sqlite import Kind, kind_of
from tests.support.clinic_key import CANARY, KEPT, alone, key_in, names_in
from tests.support.command import seventy


def test_a_backup_is_restored_encrypted_beside_the_record_and_over_it(
    encrypted: str, file: Path, key_file: Path, tmp_path: Path
) -> None:
    copy, trial = tmp_path / "copy.db", tmp_path / "trial" / "clinic.db"
    assert seventy("backup", copy, db=encrypted).status == 0
    assert alone("restore", copy, "--to", trial, db=encrypted).status == 0
    assert alone("restore", copy, db=encrypted).status == 0
    for restored in (trial, file):
        assert kind_of(restored) is Kind.ENCRYPTED
        assert names_in(f"sqlite:///{restored}", key_file) == [CANARY]
    assert not any(CANARY.encode() in path.read_bytes() for path in tmp_path.rglob("*.db*"))


def test_a_backup_whose_key_is_missing_is_not_restored_and_no_key_is_made(
    encrypted: str, key_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    seventy("backup", copy, db=encrypted)
    key_file.unlink()
    run = alone("restore", copy, "--to", tmp_path / "trial.db", db=encrypted)
    assert run.status == 3
    assert f"{copy} is encrypted, and its key is not at {key_file}" in run.err
    assert not key_file.exists()
    assert not (tmp_path / "trial.db").exists()


def test_backups_of_before_a_change_of_keys_are_set_apart_and_no_longer_counted(
    encrypted: str, file: Path, key_file: Path
) -> None:
    assert seventy("backup", "--keep", db=encrypted).status == 0
    (before,) = file.parent.glob("backups/*.db")
    run = alone("key", "rotate", KEPT, db=encrypted)
    assert run.status == 0
    (apart,) = file.parent.glob("backups/until-*")
    assert str(apart) in run.err
    (former,) = key_file.parent.glob("seventy.key.until-*")
    assert verify_backup(apart / before.name, key=key_in(former)).counts["patient"] == 1
    assert seventy("backup", "--keep", db=encrypted).status == 0
    assert len(list(file.parent.glob("backups/*.db"))) == 1


def test_those_of_before_a_move_are_set_apart_with_the_others(
    encrypted: str, file: Path, tmp_path: Path
) -> None:
    assert seventy("backup", "--keep", db=encrypted).status == 0
    moved = file.parent.rename(tmp_path / "moved")
    assert alone("key", "rotate", KEPT, db=f"sqlite:///{moved / file.name}").status == 0
    assert [path.parent.name[:6] for path in (moved / "backups").rglob("*.db")] == ["until-"]


def test_copies_of_before_a_change_of_keys_are_set_apart_too(
    encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = tmp_path / "second"
    monkeypatch.setenv("SEVENTY_COPIES", str(second))
    assert seventy("backup", second, "--keep", db=encrypted).status == 0
    assert alone("key", "rotate", KEPT, db=encrypted).status == 0
    assert [path.parent.name[:6] for path in second.rglob("*.db")] == ["until-"]


def about_encryption(db: str) -> dict[str, object]:
    findings = {one["about"]: one for one in seventy("doctor", "--json", db=db).document["findings"]}
    assert findings["integrity"]["fine"]
    return dict(findings["encryption"])


def test_the_doctor_says_how_a_record_is_protected(
    encrypted: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert about_encryption(encrypted)["fine"]
    plain = about_encryption(sqlite_url)
    assert not plain["fine"]
    assert "seventy key encrypt" in str(plain["do"])
    monkeypatch.setenv("SEVENTY_PLAIN", "1")
    assert about_encryption(sqlite_url)["fine"]


def test_the_doctor_names_every_plain_copy_that_lies_about(
    db: str, file: Path, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEVENTY_COPIES", str(tmp_path / "second"))
    with monkeypatch.context() as plainly:
        plainly.setenv("SEVENTY_PLAIN", "1")
        assert seventy("import", people, db=db).status == 0
        assert seventy("backup", tmp_path / "second", "--keep", db=db).status == 0
        assert seventy("backup", tmp_path / "monday.db", db=db).status == 0
        assert alone("restore", tmp_path / "monday.db", db=db).status == 0
    (file.parent / "demo-2026-01-31-240-1.db").write_bytes((tmp_path / "monday.db").read_bytes())
    assert alone("key", "encrypt", KEPT, db=db).status == 0
    assert alone("key", "rotate", KEPT, db=db).status == 0
    said = about_encryption(db)
    left = [*file.parent.glob("clinic.before-*.db"), *(tmp_path / "second").glob("until-*/*.db")]
    assert [kind_of(path) for path in left] == [Kind.PLAIN] * 3
    assert not said["fine"]
    assert str(said["says"]).endswith(f"can read them: {', '.join(map(str, sorted(left)))}.")
    assert "shred -u" in str(said["do"])
    for path in left:
        path.unlink()
    assert about_encryption(db)["fine"]


def test_the_doctor_finds_one_flipped_bit(encrypted: str, file: Path) -> None:
    alone("check", db=encrypted)
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)
    run = alone("doctor", "--json", db=encrypted)
    assert run.status == 1
    damaged = [one for one in run.document["findings"] if one["about"] in {"record", "integrity"}]
    assert [one["fine"] for one in damaged] == [False]
