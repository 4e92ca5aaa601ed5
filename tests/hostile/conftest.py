"""A dashboard to send bytes to: on this machine alone, and behind a proxy that ends TLS."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import serving
from tests.support.raw_requests import Asked


@pytest.fixture(scope="session", params=[None, "seventy.clinic.example"], ids=["here", "behind a proxy"])
def asked(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Asked]:
    """The dashboard of an empty record."""
    with serving(tmp_path_factory.mktemp("clinic"), behind=request.param) as served:
        yield Asked(served, request.param)
