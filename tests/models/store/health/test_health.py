"""What the doctor finds: each thing that can be wrong, one at a time, and what to do about it."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from models.store.backups import dump
from models.store.backups.retention import add_backup
from models.store.engine import sqlite
from models.store.engine.database import is_sqlite, writing
from models.store.engine.found import Examined
from models.store.health import copies
from models.store.health.copies import disk_of
from models.store.health.examining import examine
from tests.support.builders import NOW, after, record_patient
from tests.support.databases import Databases, connected
from tests.support.filled import filled
from tests.support.merging import merge, stored_before_numbers_were_matched
from tests.support.tampering import tamper

LATER = after(120)


@pytest.fixture(autouse=True)
def _two_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lies in a folder of that name is on another disk."""
    monkeypatch.setattr(copies, "disk_of", lambda folder: int("second disk" in folder.parts))


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    return tmp_path / "copies"


@pytest.fixture(name="record")
def _record(new_record: Callable[[], str], folder: Path) -> Iterator[Engine]:
    """A record in which nothing is wrong."""
    with connected(new_record()) as engine:
        add_backup(filled(engine), folder, at=after(60))
        copied(engine, folder)
        yield engine


def second(folder: Path) -> Path:
    return folder.parent / "second disk" / "seventy"


def copied(engine: Engine, folder: Path) -> None:
    add_backup(engine, second(folder), at=after(61))


def looked(engine: Engine, folder: Path, *, hours: float = 2) -> list[Examined]:
    return examine(engine, backups=folder, copies=second(folder), at=NOW + timedelta(hours=hours))


def wrong(engine: Engine, folder: Path, *, hours: float = 2) -> dict[str, Examined]:
    """What is wrong so many hours after noon, by what it is about."""
    found = looked(engine, folder, hours=hours)
    assert all(one.do for one in found if not one.fine)
    return {one.about: one for one in found if not one.fine}


def test_a_record_that_is_well_kept_is_fine_in_everything(record: Engine, folder: Path) -> None:
    assert wrong(record, folder) == {}
    looked_at = [one.about for one in looked(record, folder)]
    place = ["SQLite", "file system", "disk", "permissions"] if is_sqlite(record) else ["programs"]
    whole = ["integrity", "rules", *([] if is_sqlite(record) else ["rights", "connection"])]
    theirs = [f"{what} of the {which}" for which in ("backups", "copies") for what in ("disk", "permissions")]
    kept = ["key of the trail", "trial restore", "backup", "second folder", "copy"]
    assert looked_at == [*place, *theirs, "version", *whole, "clock", "patient numbers", *kept]


def test_numbers_that_read_alike_are_listed_until_they_are_one_persons(record: Engine, folder: Path) -> None:
    one = record_patient(record, "Zz-12")
    stored_before_numbers_were_matched(record, "zz-\uff11\uff12", one + 1)
    found = wrong(record, folder)["patient numbers"]
    assert found.says == "1 of them may be that of two patients: both read alike."
    assert "`seventy merge`" in (found.do or "")
    merge(record, one, one + 1)
    assert "patient numbers" not in wrong(record, folder)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DROP TRIGGER assessment_no_update", "assessment_no_update (gone)"),
        ("CREATE TRIGGER mine AFTER INSERT ON patient BEGIN SELECT 1; END", "mine (new)"),
    ],
)
def test_a_rule_that_is_gone_or_new_is_named(
    new_sqlite: Callable[[], str], folder: Path, change: str, named: str
) -> None:
    with connected(new_sqlite()) as engine:
        add_backup(filled(engine), folder, at=after(60))
        copied(engine, folder)
        assert "rules" not in wrong(engine, folder)
        with writing(engine) as connection:
            connection.exec_driver_sql(change)
        assert wrong(engine, folder)["rules"].says.endswith(f"not as they were made: {named}.")


def test_a_backup_of_more_than_26_hours_is_too_old(record: Engine, folder: Path) -> None:
    assert wrong(record, folder, hours=27) == {}
    found = wrong(record, folder, hours=27.2)
    assert list(found) == ["backup", "copy"]
    assert "is 26.2 hours old." in found["backup"].says
    assert "seventy backup --keep" in str(found["backup"].do)
    assert "seventy backup FOLDER --keep" in str(found["copy"].do)


def test_one_disk_is_too_few(record: Engine, folder: Path) -> None:
    (none,) = (
        one for one in examine(record, backups=folder, copies=None, at=LATER) if one.about == "second folder"
    )
    assert not none.fine
    assert "SEVENTY_COPIES" in str(none.do)
    same = examine(record, backups=folder, copies=folder, at=LATER)
    (found,) = (one for one in same if not one.fine)
    what = "record" if is_sqlite(record) else "backups"
    assert found.says == f"{folder} is on the same disk as the {what}."


def test_a_disk_is_told_by_its_number_also_before_the_folder_is_made(tmp_path: Path) -> None:
    assert disk_of(tmp_path / "not" / "there") == tmp_path.stat().st_dev


def test_no_backup_and_a_damaged_one_are_no_backup(record: Engine, folder: Path) -> None:
    newest = add_backup(record, folder, at=LATER)
    newest.path.write_bytes(b"spoilt")
    assert "1.0 hours old; 1 newer one is damaged." in wrong(record, folder)["backup"].says
    shutil.rmtree(folder)
    assert "There is no whole backup" in wrong(record, folder)["backup"].says


def test_a_moment_in_the_future_is_told_from_the_clock(record: Engine, folder: Path) -> None:
    record_patient(record, "B2")
    found = wrong(record, folder, hours=-3)
    assert set(found) == {"clock"}
    newest = r"The newest row was stored at 2026-06-01 08:\d\d America/New_York"
    said = f"{newest}; this computer's clock says 2026-06-01 05:00"
    assert re.match(said, found["clock"].says)


def test_a_full_disk_is_told_before_it_is_full(
    record: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEVENTY_LEAST_FREE")
    for free, fine in ((500_000_000, True), (499_000_000, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        assert ("disk of the backups" not in wrong(record, folder)) is fine
    assert wrong(record, folder)["disk of the backups"].says.startswith("499 MB are free")


def test_what_others_may_read_is_closed_by_the_command_that_is_named(
    sqlite_engine: Engine, folder: Path
) -> None:
    made = add_backup(sqlite_engine, folder, at=NOW)
    copied(sqlite_engine, folder)
    file = sqlite.file_of(sqlite_engine.url)
    file.chmod(0o640)
    folder.chmod(0o755)
    made.path.chmod(0o604)
    found = wrong(sqlite_engine, folder)
    assert found["permissions"].do == f"Run `chmod 600 '{file}'`."
    assert found["permissions of the backups"].do == f"Run `chmod 700 '{folder}'; chmod 600 '{made.path}'`."
    for path, mode in ((file, 0o600), (folder, 0o700), (made.path, 0o600)):
        path.chmod(mode)
    assert wrong(sqlite_engine, folder) == {}


def test_damage_and_rows_that_refer_to_nothing_are_found(sqlite_engine: Engine, folder: Path) -> None:
    add_backup(filled(sqlite_engine), folder, at=NOW)
    copied(sqlite_engine, folder)
    file = sqlite.file_of(sqlite_engine.url)
    with closing(sqlite.opened(file)) as connection:
        connection.executescript("DROP TRIGGER safety_alert_no_delete; DROP TRIGGER assessment_no_delete;")
        connection.execute("DELETE FROM assessment WHERE id = 3")
    answers, alert, correction = 8, 1, 2  # which refers to what it corrects, and to what that was first
    lost = answers + alert + correction
    assert wrong(sqlite_engine, folder)["integrity"].says == f"Whole; {lost} rows refer to nothing."
    with closing(sqlite.opened(file)) as connection:
        connection.executescript(
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = "
            "replace(sql, 'save_key IS NOT NULL', 'save_key IS NULL') WHERE name = 'uq_patient_save_key'"
        )
    sqlite_engine.dispose()
    found = wrong(sqlite_engine, folder)["integrity"]
    assert found.says.startswith("The database is damaged: ")
    assert "`seventy restore`" in str(found.do)


def test_one_row_that_refers_to_nothing_is_said_as_one(record: Engine, folder: Path) -> None:
    tamper(record, "UPDATE infusion SET patient_id = 99 WHERE id = 1")
    assert wrong(record, folder)["integrity"].says.endswith("; 1 row refers to nothing.")


def test_a_page_that_cannot_be_read_is_damage_and_not_the_end_of_the_doctor(
    sqlite_engine: Engine, folder: Path
) -> None:
    add_backup(filled(sqlite_engine), folder, at=NOW)
    copied(sqlite_engine, folder)
    sqlite_engine.dispose()
    file = sqlite.file_of(sqlite_engine.url)
    with closing(sqlite.opened(file)) as connection:
        ((page,),) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'patient'"
        ).fetchall()
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    file.write_bytes(content)
    assert "integrity" in wrong(sqlite_engine, folder)
    file.write_bytes(bytes(content[:4096]) + b"\xff" * 4096 * 20)
    assert "`seventy restore`" in str(wrong(sqlite_engine, folder)["record"].do)


def test_an_older_sqlite_and_a_network_file_system_are_told_first(
    sqlite_engine: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_backup(sqlite_engine, folder, at=NOW)
    copied(sqlite_engine, folder)
    sqlite_engine.dispose()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/share {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(sqlite, "MOUNTS", mounts)
    found = wrong(sqlite_engine, folder)
    assert list(found) == ["file system", "record"]
    assert "network file system (nfs4)" in found["file system"].says
    monkeypatch.setattr(sqlite, "OLDEST", (99, 0, 0))
    assert "before 99.0.0 a record can be corrupted" in wrong(sqlite_engine, folder)["SQLite"].says


def test_a_record_of_another_version_is_told_with_the_way_out(record: Engine, folder: Path) -> None:
    with writing(record) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    found = wrong(record, folder)
    assert list(found) == ["version"]
    assert found["version"].do == "Run `seventy migrate`."
    with writing(record) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    assert "a newer one" in str(wrong(record, folder)["record"].do)


@pytest.mark.postgres
def test_rows_that_refer_to_nothing_are_counted_on_a_server_too(postgres: Databases, folder: Path) -> None:
    with connected(postgres.its_own()) as engine:
        record_patient(engine)
        (whole,) = (one for one in looked(engine, folder) if one.about == "integrity")
        assert whole.fine
        assert whole.says.endswith("rows can be read; no rows refer to nothing.")
        tamper(engine, "DELETE FROM clinic WHERE id = 1")
        lost = wrong(engine, folder)["integrity"]
    assert re.search(r"; [1-9] rows refer to nothing", lost.says)


def test_looking_for_a_record_begins_none(database_url: str, folder: Path, tmp_path: Path) -> None:
    with connected(database_url) as engine:
        assert {"record", "backup", "copy"} == set(wrong(engine, folder))
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_cannot_be_reached_is_a_finding(folder: Path) -> None:
    with connected("postgresql://nobody@127.0.0.1:1/nothing") as engine:
        found = wrong(engine, folder)
    assert "does not answer" in found["record"].says


@pytest.mark.postgres
def test_programs_that_backups_need_are_missed_before_a_backup_is(
    record: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_sqlite(record):
        monkeypatch.setattr(shutil, "which", lambda _: None)
        monkeypatch.setattr(dump, "INSTALLED", tmp_path)
        assert "pg_dump is not installed" in wrong(record, folder)["programs"].says
