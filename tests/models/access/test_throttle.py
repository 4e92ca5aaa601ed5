"""Failed sign-ins make the next one wait: longer and longer, never for good."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access.throttle import ACCOUNT, ADDRESS, EVERYBODY, Limit

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACCOUNT_WAITS = {
    0: 0,
    1: 0,
    4: 0,
    5: 1,
    6: 2,
    7: 4,
    8: 8,
    9: 16,
    10: 32,
    11: 60,
    12: 60,
    99: 60,
    100: 3600,
    500: 3600,
}
ages = st.lists(st.timedeltas(timedelta(days=-1), timedelta(days=60)), max_size=150)
limits = st.sampled_from([ACCOUNT, ADDRESS, EVERYBODY])


def failures(count: int, *, ago: timedelta = timedelta(0)) -> list[datetime]:
    return [NOW - ago] * count


@pytest.mark.parametrize(("count", "seconds"), ACCOUNT_WAITS.items())
def test_an_account_waits_longer_with_each_failure(count: int, seconds: float) -> None:
    assert ACCOUNT.wait_seconds(failures(count), NOW) == seconds


def test_a_shared_address_never_waits_an_hour() -> None:
    assert ADDRESS.wait_seconds(failures(10), NOW) == 32
    assert ADDRESS.wait_seconds(failures(1000), NOW) == 60


def test_a_stranger_can_make_everybody_wait_four_seconds_at_most() -> None:
    assert EVERYBODY.wait_seconds(failures(60), NOW) == 0
    assert EVERYBODY.wait_seconds(failures(61), NOW) == 1
    assert EVERYBODY.wait_seconds(failures(100_000), NOW) == 4


def test_the_wait_runs_down_from_the_last_failure() -> None:
    recorded = [NOW - timedelta(hours=3), *failures(9, ago=timedelta(seconds=12))]
    assert ACCOUNT.wait_seconds(recorded, NOW) == 20
    assert ACCOUNT.wait_seconds(recorded, NOW + timedelta(seconds=19.5)) == 0.5
    assert ACCOUNT.wait_seconds(recorded, NOW + timedelta(seconds=20)) == 0


@pytest.mark.parametrize(
    ("limit", "remembered"),
    [(ACCOUNT, timedelta(days=30)), (ADDRESS, timedelta(hours=1)), (EVERYBODY, timedelta(minutes=10))],
)
def test_a_failure_is_forgotten_in_time(limit: Limit, remembered: timedelta) -> None:
    old = failures(limit.free, ago=remembered - timedelta(seconds=1))
    assert limit.wait_seconds([*old, NOW], NOW) == 1
    assert limit.wait_seconds([*old, NOW + timedelta(seconds=1)], NOW + timedelta(seconds=1)) == 0


def test_a_clock_that_was_set_back_keeps_nobody_out() -> None:
    dated_ahead = failures(9, ago=timedelta(days=-200))
    assert ACCOUNT.wait_seconds(dated_ahead, NOW) == 0
    assert ACCOUNT.wait_seconds([*dated_ahead, NOW], NOW) == 32
    assert ACCOUNT.wait_seconds([*dated_ahead, NOW], NOW + timedelta(seconds=32)) == 0


def test_moments_with_and_without_a_zone_are_not_mixed() -> None:
    with pytest.raises(TypeError):
        ACCOUNT.wait_seconds(failures(1), NOW.replace(tzinfo=None))


@given(limits, ages)
def test_every_wait_ends(limit: Limit, ages: list[timedelta]) -> None:
    recorded = [NOW - age for age in ages]
    wait = limit.wait_seconds(recorded, NOW)
    assert 0 <= wait <= 3600
    latest = max([NOW, *recorded])
    assert limit.wait_seconds(recorded, latest + timedelta(hours=1)) == 0


@given(limits, ages, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_one_failure_more_never_shortens_the_wait(
    limit: Limit, ages: list[timedelta], age: timedelta
) -> None:
    recorded = [NOW - one for one in ages]
    assert limit.wait_seconds([*recorded, NOW - age], NOW) >= limit.wait_seconds(recorded, NOW)


@given(limits, ages, st.randoms(use_true_random=False))
def test_the_order_of_failures_does_not_matter(limit: Limit, ages: list[timedelta], dice: Random) -> None:
    recorded = [NOW - age for age in ages]
    shuffled = dice.sample(recorded, len(recorded))
    assert limit.wait_seconds(shuffled, NOW) == limit.wait_seconds(recorded, NOW)
