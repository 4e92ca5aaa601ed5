"""The demo's clinic, invented once for all tests that only look at it."""

import pytest

from seed.clinic import InventedClinic, invent
from tests.seed.frames import TODAY


@pytest.fixture(scope="session")
def clinic() -> InventedClinic:
    return invent(240, seed=70, today=TODAY)


@pytest.fixture(scope="session")
def many() -> InventedClinic:
    """So many patients that shares stand still."""
    return invent(12_000, seed=1, today=TODAY)
