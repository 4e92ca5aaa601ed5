"""A time that no clock ever told is said to be one, and not taken for a clock that is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.store.health.examining import examine
from tests.support.builders import after
from tests.support.databases import connected
from tests.support.filled import filled
from tests.support.tampering import tamper

IMPOSSIBLE = (
    9_000_000_000_000_000_000,  # beyond any calendar
    253_402_300_799_000_000,  # the last second of 9999
    -62_135_596_800_000_000,  # the first of 0001
    -9_000_000_000_000_000_000,
)


@pytest.mark.parametrize("number", IMPOSSIBLE)
@pytest.mark.parametrize(("table", "column"), [("patient", "recorded_at"), ("audit_event", "happened_at")])
def test_it_is_said_of_rows_and_of_events(
    new_record: Callable[[], str], tmp_path: Path, table: str, column: str, number: int
) -> None:
    url = new_record()
    with connected(url) as engine:
        tamper(filled(engine), f"UPDATE {table} SET {column} = {number} WHERE id = 1")  # noqa: S608
        (found,) = (
            one
            for one in examine(engine, backups=tmp_path, copies=None, at=after(120))
            if one.about == "clock"
        )
    assert not found.fine
    assert found.says.startswith("A time in the record is not one that can be")
    assert "`seventy verify`" in str(found.do)
