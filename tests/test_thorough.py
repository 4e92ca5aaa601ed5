"""What the plain run of the tests leaves out, `.ci/run` runs, and skips nothing of it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.thorough import is_skipped_on_ci

HOUSE = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("outcome", "ci", "marker", "failed"),
    [
        ("skipped", "true", "thorough", True),
        ("skipped", None, "thorough", False),
        ("skipped", "true", "real", False),
        ("passed", "true", "thorough", False),
    ],
)
def test_a_thorough_test_that_is_skipped_on_ci_has_failed(
    outcome: str, ci: str | None, marker: str, *, failed: bool
) -> None:
    report = SimpleNamespace(skipped=outcome == "skipped")
    item = SimpleNamespace(get_closest_marker=lambda name: marker if name == marker else None)
    assert is_skipped_on_ci(cast("Any", report), cast("Any", item), ci) is failed


def test_they_run_right_after_the_others() -> None:
    script = (HOUSE / ".ci" / "run").read_text(encoding="utf-8")
    _, found, after = script.partition('\neval "$command"\n')
    assert found
    assert after.strip().startswith('echo "+ thorough";      pytest -m thorough')
    assert "`pytest -m thorough`" in (HOUSE / "README.md").read_text(encoding="utf-8")
