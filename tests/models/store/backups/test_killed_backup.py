"""A backup that is killed at its end is no backup to anybody; it is said, and goes."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.store.backups.backup import backup, manifest_of, verify_backup
from models.store.backups.belonging import backups_in
from models.store.backups.broken_off import ABOUT, broken_off
from models.store.backups.retention import add_backup
from models.store.engine.database import open_engine
from models.store.engine.errors import BackupError
from models.store.moves.restore import restore
from tests.support.builders import NOW, after
from tests.support.programs import Program

DAY = timedelta(days=1)


def is_killed(url: str, place: Path, named: int, make: Callable[..., object] = add_backup) -> None:
    """Killed as the next file is about to get its name, once so many have theirs."""
    replace, given = Path.replace, list[Path]()

    def kill(half: Path, whole: Path) -> Path:
        if len(given) == named:
            os.kill(os.getpid(), signal.SIGKILL)
        given.append(whole)
        return replace(half, whole)

    Path.replace = kill  # type: ignore[method-assign,assignment]
    make(open_engine(url), place, at=NOW)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(name="killed", params=[0, 1])
def _killed(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Path:
    """A folder with what is left of the only backup, whose files were written a minute after noon."""
    folder, url = tmp_path / "kept", engine.url.render_as_string(hide_password=False)
    assert Program(is_killed, url, folder, request.param).ended() == -signal.SIGKILL
    for path in folder.iterdir():
        os.utime(path, (after(1).timestamp(),) * 2)
    assert [name for name in left(folder) if name.startswith(".")]
    return folder


def test_it_is_counted_by_nobody_and_restored_by_nobody(engine: Engine, killed: Path) -> None:
    assert backups_in(killed, engine) == []
    for path in killed.iterdir():
        for taken in (path, path.with_suffix("")):
            with pytest.raises(BackupError):
                verify_backup(taken)
            with pytest.raises(BackupError):
                restore(taken, engine, at=NOW)


def test_the_doctor_says_it_and_the_first_backup_a_day_later_takes_it_away(
    engine: Engine, killed: Path
) -> None:
    assert list(broken_off(engine, [killed], after(60))) == []
    (found,) = broken_off(engine, [killed, killed], after(62))
    assert (found.about, found.fine) == (ABOUT, False)
    halves = [str(killed / name) for name in left(killed) if name.startswith(".")]
    assert found.says == f"Half written, by a backup that was killed, and not counted: {', '.join(halves)}."
    one = add_backup(engine, killed, at=after(62))
    assert len(left(killed)) > 2
    two = add_backup(engine, killed, at=after(2) + DAY)
    assert left(killed) == sorted(file.name for made in (one, two) for file in (made.path, made.manifest))
    assert list(broken_off(engine, [killed], after(2) + DAY)) == []


@pytest.mark.parametrize("named", [0, 1])
def test_the_same_file_is_accepted_again_and_no_other_manifest_goes(
    engine: Engine, tmp_path: Path, named: int
) -> None:
    file, url = tmp_path / "kept" / "copy", engine.url.render_as_string(hide_password=False)
    assert Program(is_killed, url, file, named, backup).ended() == -signal.SIGKILL
    assert manifest_of(file).exists() == bool(named)
    made = backup(engine, file, at=after(1))
    assert verify_backup(file) == made
    assert left(file.parent) == ["copy", "copy.json"]
    with pytest.raises(BackupError, match="never overwrites"):
        backup(engine, file, at=after(2))
    file.rename(tmp_path / "elsewhere")
    with pytest.raises(BackupError, match="put it beside that one"):
        backup(engine, file, at=after(2))
    (tmp_path / "elsewhere").rename(file)
    assert verify_backup(file) == made


def test_a_copy_whose_manifest_is_gone_is_said_and_never_deleted(engine: Engine, tmp_path: Path) -> None:
    made = add_backup(engine, tmp_path / "kept", at=NOW)
    assert list(broken_off(engine, [tmp_path / "kept"], NOW)) == []
    made.manifest.unlink()
    (found,) = broken_off(engine, [tmp_path / "kept"], NOW)
    assert found.says == f"Without a manifest, and therefore not counted as backups: {made.path}."
    add_backup(engine, tmp_path / "kept", at=NOW + 2 * DAY)
    assert made.path.exists()


def test_half_of_what_was_kept_beside_the_record_goes_too(engine: Engine, tmp_path: Path) -> None:
    stem = Path(str(engine.url.database)).stem
    beside = tmp_path if engine.dialect.name == "sqlite" else tmp_path / "kept"
    beside.mkdir(exist_ok=True)
    half = beside / f".{stem}.before-restore.20260601T120000-0badcafe.db.unfinished"
    half.touch()
    os.utime(half, (NOW.timestamp(),) * 2)
    (found,) = broken_off(engine, [tmp_path / "kept"], NOW + DAY)
    assert str(half) in found.says
    add_backup(engine, tmp_path / "kept", at=NOW + 2 * DAY)
    assert not half.exists()
