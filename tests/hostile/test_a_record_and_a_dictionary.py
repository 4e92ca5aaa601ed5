"""Whatever is done to a record, it holds what a dictionary says, now and at every earlier moment.

The same as `python -m tests.benchmarks.hostile`, with few lives.
"""

from collections.abc import Callable

import pytest

from tests.support import record_life
from tests.support.databases import Databases
from tests.support.record_life import lives


def test_the_record_is_the_dictionary_on_sqlite(new_sqlite: Callable[[], str]) -> None:
    lives(new_sqlite, count=8)


@pytest.mark.postgres
def test_the_record_is_the_dictionary_on_postgresql(postgres: Databases) -> None:
    lives(postgres.started, count=3)


def test_a_withdrawal_that_comes_to_nothing_is_seen(
    new_sqlite: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in record_life.WITHDRAW:
        monkeypatch.setitem(record_life.WITHDRAW, table, lambda *_, **__: None)
    with pytest.raises(AssertionError):
        lives(new_sqlite, count=40, shrink=False)
