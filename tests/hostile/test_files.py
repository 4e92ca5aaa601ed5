"""Whatever stands in a file, each row is stored exactly as it reads or refused in words, and never both.

The same as `python -m tests.benchmarks.hostile`, with few files.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.exchange.columns import kinds
from tests.support.hostile import File, files
from tests.support.hostile_runs import ZONES, a_file_is_stored_or_refused, few


@few(60)
@given(sent=st.lists(files(), min_size=1, max_size=2), zone=st.sampled_from(ZONES))
def test_each_row_of_a_file_is_stored_exactly_or_refused_in_words(
    new_sqlite: Callable[[], str], tmp_path: Path, sent: list[File], zone: str
) -> None:
    a_file_is_stored_or_refused(new_sqlite(), tmp_path, sent, zone)


@pytest.mark.parametrize("text", ["1_0", "٥", "-0"])
def test_a_number_taken_for_another_is_seen(
    new_sqlite: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    fields = ("mrn", "scale", "assessed_at", "total")
    sent = File(
        "assessments", fields, fields, [["7", "phq9", "2026-03-03", text]], ",", "\n", "utf-8", quoted=False
    )
    a_file_is_stored_or_refused(new_sqlite(), tmp_path, [sent], "UTC")
    monkeypatch.setattr(kinds, "read_whole", lambda text, _sign: int(text))
    with pytest.raises(AssertionError):
        a_file_is_stored_or_refused(new_sqlite(), tmp_path, [sent], "UTC")
