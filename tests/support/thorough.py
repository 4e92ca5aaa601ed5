"""The longest proofs, which a change need not wait for: whoever runs them is told if one could not be."""

import pytest


def is_skipped_on_ci(report: pytest.TestReport, item: pytest.Item, ci: str | None) -> bool:
    """Whether a thorough test was skipped where nobody else would run it."""
    return report.skipped and ci == "true" and item.get_closest_marker("thorough") is not None
