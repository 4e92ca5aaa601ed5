"""What a disk keeps is tested on one, wherever the other tests have their files."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.places import DISK


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder of the test's own on a disk."""
    with TemporaryDirectory(prefix="seventy-durability-", dir=DISK) as folder:
        yield Path(folder)
