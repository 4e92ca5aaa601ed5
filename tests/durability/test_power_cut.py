"""A power cut in the middle of saving: what was acknowledged is there, and nothing is half there.

The same as `python -m tests.benchmarks.power_cut`, with few moments.
"""

from pathlib import Path
from random import Random

import pytest

from tests.benchmarks.power_cut import Found, replayed
from tests.support.power import Disk, Event, NoTraceError


def left_by_cuts(folder: Path, synchronous: str) -> list[Found]:
    try:
        found = replayed(folder, saves=60, moments=10, synchronous=synchronous)
    except NoTraceError as error:
        pytest.skip(f"a power cut cannot be replayed: {error}")
    return [one for model in found.values() for one in model]


def test_a_power_cut_loses_no_acknowledged_score_and_halves_none(tmp_path: Path) -> None:
    found = left_by_cuts(tmp_path, "FULL")
    assert found == [Found(lost=0, damage=[])] * 30


@pytest.mark.thorough
def test_the_replay_sees_what_a_weaker_setting_loses(tmp_path: Path) -> None:
    assert any(one.lost for one in left_by_cuts(tmp_path, "NORMAL"))


def test_what_was_synced_stays_and_what_was_not_may_be_gone_or_torn() -> None:
    disk = Disk({"record": b"-" * 1024})
    for event in (Event("write", "record", 0, b"a" * 1024), Event("sync", "record")):
        disk.do(event)
    disk.do(Event("write", "record", 256, b"b" * 1024))
    disk.do(Event("create", "log"))

    dice = Random(70)  # noqa: S311 - the same every time
    assert disk.dropped(dice) == {"record": b"a" * 1024}
    whole = {disk.subset(dice)["record"] for _ in range(50)}
    assert whole == {b"a" * 1024, b"a" * 256 + b"b" * 1024}
    torn = {disk.torn(dice)["record"] for _ in range(200)}
    assert len(torn) == 8  # of its three sectors each is there or not
    assert {len(disk.subset(dice)) for _ in range(50)} == {1, 2}
    disk.do(Event("sync"))
    assert disk.dropped(dice) == {"record": b"a" * 1024, "log": b""}
