"""Which backups stay, and that none goes before what replaces it was read."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from models.store.backups.backup import Backup, backup, beside, verify_backup
from models.store.backups.belonging import backups_in
from models.store.backups.retention import add_backup, leaves, staying, thin_out
from models.store.engine.database import is_sqlite
from models.store.engine.errors import BackupError
from tests.support.builders import record_patient
from tests.support.databases import connected

HOUR = timedelta(hours=1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

moments = st.sets(
    st.integers(0, 24 * 900).map(lambda hours: NOON - hours * HOUR / 2), min_size=1, max_size=120
)


def hourly(hours: int) -> list[datetime]:
    """One a quarter past each of the last so many hours."""
    return [NOON + HOUR / 4 - number * HOUR for number in range(hours)]


def test_of_two_days_of_hourly_backups_a_day_of_hours_and_the_ends_of_days_stay() -> None:
    made = hourly(48)
    stay = staying(made)
    assert sorted(stay, reverse=True)[:24] == made[:24]
    assert min(stay) == datetime(2026, 5, 30, 23, 15, tzinfo=UTC)
    assert len(stay) == 25  # the last of 31 May is one of the 24 already


def test_hourly_backups_of_ten_years_come_to_24_hours_30_days_and_84_months() -> None:
    stay = staying(hourly(10 * 365 * 24))
    assert len(stay) == 24 + 28 + 82  # today and yesterday are among the hours, June and May among the days
    assert min(stay) == datetime(2019, 7, 31, 23, 15, tzinfo=UTC)


def test_an_hour_or_a_day_without_a_backup_costs_none_of_the_others() -> None:
    weekly = [NOON - timedelta(weeks=number) for number in range(30)]
    assert staying(weekly) == set(weekly)


def test_the_hour_is_that_of_utc_wherever_the_computer_stands() -> None:
    made = [moment.astimezone() for moment in hourly(60)]
    assert staying(made) == staying(hourly(60))


def test_one_that_is_damaged_stands_for_no_hour_and_keeps_the_last_good_one_before_it() -> None:
    before, damaged, after = (NOON + minutes * timedelta(minutes=1) for minutes in (5, 30, 50))
    assert staying([before, damaged, after]) == {after}
    assert staying([before, damaged, after], [damaged]) == {before, damaged, after}
    assert staying([before, damaged], [damaged]) == {before, damaged}


@given(moments)
def test_the_newest_always_stays_and_thinning_again_changes_nothing(made: set[datetime]) -> None:
    stay = staying(made)
    assert max(made) in stay <= made
    assert staying(stay) == stay


@given(moments)
def test_thinning_after_each_comes_to_the_same_as_thinning_once(made: set[datetime]) -> None:
    stay: set[datetime] = set()
    for moment in sorted(made):
        stay = staying({*stay, moment})
    assert stay == staying(made)


@given(moments, st.data())
def test_no_damaged_one_goes_and_none_of_them_loses_its_last_good_one(
    made: set[datetime], data: st.DataObject
) -> None:
    damaged = data.draw(st.sets(st.sampled_from(sorted(made))))
    stay = staying(made, damaged)
    assert damaged <= stay
    for moment in damaged:
        before = [earlier for earlier in made - damaged if earlier < moment]
        assert not before or max(before) in stay


@pytest.mark.parametrize("every", [HOUR, timedelta(days=1)])
@pytest.mark.parametrize("days_ago", [0, 3, 3.1, 40])
def test_it_is_known_when_a_backup_goes_at_the_latest(days_ago: float, every: timedelta) -> None:
    """One of today, the last of a day, one before it, and the last of a month: with more from now on.

    That none was made for days lets the older ones stay longer.
    """
    made = {NOON - timedelta(days=days) for days in (0, 3, 3.1, 40)}
    one = NOON - timedelta(days=days_ago)
    goes = leaves(one, made, at=NOON + HOUR, every=every)
    made |= {NOON + number * every for number in range(1, int((goes - NOON) / every) + 1)}
    assert one not in staying(made)
    assert one in staying({moment for moment in made if moment < NOON + (goes - NOON) * 0.9})


@pytest.fixture(name="three")
def _three(engine: Engine, tmp_path: Path) -> list[Backup]:
    """Three backups of one hour."""
    record_patient(engine)
    return [
        add_backup(engine, tmp_path / "copies", at=NOON + timedelta(minutes=10 * number))
        for number in range(3)
    ]


def test_a_backup_is_named_by_its_record_and_its_moment(three: list[Backup], engine: Engine) -> None:
    name, kind = ("record-0", "db") if is_sqlite(engine) else (engine.url.database, "dump")
    assert [one.path.name for one in three] == [
        f"{name}.20260601T120000Z.{kind}",
        f"{name}.20260601T121000Z.{kind}",
        f"{name}.20260601T122000Z.{kind}",
    ]


def test_those_that_need_not_stay_are_deleted_with_their_manifests(
    three: list[Backup], engine: Engine
) -> None:
    folder = three[0].path.parent
    thinned = thin_out(folder, engine)
    assert (thinned.deleted, thinned.damaged) == ([three[0].path, three[1].path], [])
    assert {file.name for file in folder.iterdir()} == {three[2].path.name, three[2].manifest.name}
    assert verify_backup(three[2].path) == three[2]


def test_nothing_goes_before_what_replaces_it_was_read_whole(three: list[Backup], engine: Engine) -> None:
    three[2].path.write_bytes(three[2].path.read_bytes()[:-1024])
    thinned = thin_out(three[0].path.parent, engine)
    assert (thinned.deleted, thinned.damaged) == ([three[0].path], [three[2].path])
    assert verify_backup(three[1].path) == three[1]
    three[1].path.write_bytes(b"")
    assert thin_out(three[0].path.parent, engine).deleted == []


def test_backups_of_another_record_and_other_files_are_left_alone(
    three: list[Backup], new_sqlite: Callable[[], str]
) -> None:
    folder = three[0].path.parent
    (folder / "settings.json").write_text("[]")
    (folder / "gone.db.json").write_text(three[0].manifest.read_text())
    with connected(new_sqlite()) as another:
        other = backup(another, folder / "other", at=NOON + timedelta(minutes=3))
        assert backups_in(folder, another) == [other]
        assert thin_out(folder, another).deleted == []
    assert all(one.path.exists() for one in three)


def test_a_backup_that_somebody_named_or_that_a_restore_made_is_not_thinned_out(
    three: list[Backup], engine: Engine
) -> None:
    folder = three[0].path.parent
    named = [
        backup(engine, folder / name, at=NOON + timedelta(minutes=minutes))
        for minutes, name in (
            (5, "before-the-audit"),
            (15, beside(engine, "before-restore.20260601T121500").name),
        )
    ]
    assert len(backups_in(folder, engine)) == 5
    assert thin_out(folder, engine).deleted == [three[0].path, three[1].path]
    assert [verify_backup(one.path) for one in named] == named


def test_what_a_killed_backup_left_half_written_goes_a_day_later(engine: Engine, tmp_path: Path) -> None:
    made = add_backup(engine, tmp_path, at=NOON)
    for name, hours in ((made.path.name, 25), (made.path.name.replace("T12", "T13"), 23), ("letter", 99)):
        half = tmp_path / f".{name}.unfinished"
        half.touch()
        os.utime(half, times=((NOON - hours * HOUR).timestamp(),) * 2)
    add_backup(engine, tmp_path, at=NOON + HOUR / 60)
    left = sorted(file.name for file in tmp_path.glob(".*.unfinished"))
    assert left == sorted([".letter.unfinished", f".{made.path.name.replace('T12', 'T13')}.unfinished"])


def test_an_old_one_that_cannot_be_deleted_is_said(
    three: list[Backup], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(f"not yours: {path.name}")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(BackupError, match=r"could not be deleted: not yours: .*20260601T120000Z\.(db|dump)"):
        thin_out(three[0].path.parent, engine)
